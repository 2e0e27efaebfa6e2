@NullMarked
package dev.lair.storage.memory;

import org.jspecify.annotations.NullMarked;

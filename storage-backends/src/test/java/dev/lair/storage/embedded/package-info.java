@NullMarked
package dev.lair.storage.embedded;

import org.jspecify.annotations.NullMarked;

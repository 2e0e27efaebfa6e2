@NullMarked
package dev.lair.bench;

import org.jspecify.annotations.NullMarked;

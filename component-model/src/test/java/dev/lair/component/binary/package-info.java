@NullMarked
package dev.lair.component.binary;

import org.jspecify.annotations.NullMarked;

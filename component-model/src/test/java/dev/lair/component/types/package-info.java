@NullMarked
package dev.lair.component.types;

import org.jspecify.annotations.NullMarked;

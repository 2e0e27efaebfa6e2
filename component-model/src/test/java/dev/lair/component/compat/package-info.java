@NullMarked
package dev.lair.component.compat;

import org.jspecify.annotations.NullMarked;

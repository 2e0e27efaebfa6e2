@NullMarked
package dev.lair.component.names;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.lair.component.inspect;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.lair.component.wit;

import org.jspecify.annotations.NullMarked;

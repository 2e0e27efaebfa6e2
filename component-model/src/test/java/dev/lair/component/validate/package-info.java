@NullMarked
package dev.lair.component.validate;

import org.jspecify.annotations.NullMarked;

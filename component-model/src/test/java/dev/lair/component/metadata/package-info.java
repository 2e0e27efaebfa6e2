@NullMarked
package dev.lair.component.metadata;

import org.jspecify.annotations.NullMarked;

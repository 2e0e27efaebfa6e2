/** The shape of the house, checked. */
@NullMarked
package dev.lair.server.design;

import org.jspecify.annotations.NullMarked;

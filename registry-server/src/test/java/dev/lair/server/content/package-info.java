/** Serving and collecting contents. */
@NullMarked
package dev.lair.server.content;

import org.jspecify.annotations.NullMarked;

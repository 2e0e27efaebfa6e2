/** Content: serving what is released, collecting what nobody needs. */
@NullMarked
package dev.lair.server.content;

import org.jspecify.annotations.NullMarked;

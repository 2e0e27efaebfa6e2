/** Settings: their names, their documentation, what is refused. */
@NullMarked
package dev.lair.server.settings;

import org.jspecify.annotations.NullMarked;

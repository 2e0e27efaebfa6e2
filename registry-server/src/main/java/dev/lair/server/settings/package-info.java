/** The operator's configuration, typed and checked at start. */
@NullMarked
package dev.lair.server.settings;

import org.jspecify.annotations.NullMarked;

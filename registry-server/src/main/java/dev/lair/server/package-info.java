/** The registry server, by feature. */
@NullMarked
package dev.lair.server;

import org.jspecify.annotations.NullMarked;

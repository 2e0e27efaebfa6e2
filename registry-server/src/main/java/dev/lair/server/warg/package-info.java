/** The warg front door: API v1, byte-compatible with the reference client (warg protocol, sections 4 and 5). */
@NullMarked
package dev.lair.server.warg;

import org.jspecify.annotations.NullMarked;

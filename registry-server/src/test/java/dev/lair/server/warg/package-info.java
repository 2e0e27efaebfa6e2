/** The warg door over HTTP, mirroring the paths of the protocol's section 4. */
@NullMarked
package dev.lair.server.warg;

import org.jspecify.annotations.NullMarked;

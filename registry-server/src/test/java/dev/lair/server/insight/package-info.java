/** The Lair API's reading part over HTTP. */
@NullMarked
package dev.lair.server.insight;

import org.jspecify.annotations.NullMarked;

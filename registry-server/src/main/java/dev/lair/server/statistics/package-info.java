/** How often content is fetched: counted off the read path, kept by day. */
@NullMarked
package dev.lair.server.statistics;

import org.jspecify.annotations.NullMarked;

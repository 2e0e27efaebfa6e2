/** What the registry knows about what it holds, for programs: the Lair API's reading part. */
@NullMarked
package dev.lair.server.insight;

import org.jspecify.annotations.NullMarked;

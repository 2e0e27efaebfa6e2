/** The witness: its rules, its answers over HTTP, and what a crash may and may not leave. */
@NullMarked
package dev.lair.server.witness;

import org.jspecify.annotations.NullMarked;

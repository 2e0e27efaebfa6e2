/** The gate: rules, facts, bounds. */
@NullMarked
package dev.lair.server.gate;

import org.jspecify.annotations.NullMarked;

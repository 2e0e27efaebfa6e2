/** The error bodies of each front door. */
@NullMarked
package dev.lair.server.problem;

import org.jspecify.annotations.NullMarked;

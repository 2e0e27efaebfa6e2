/** What the operator sees: the command line, the running server's address, health, metrics, traces. */
@NullMarked
package dev.lair.server.operations;

import org.jspecify.annotations.NullMarked;

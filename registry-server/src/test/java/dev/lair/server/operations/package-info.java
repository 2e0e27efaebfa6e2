/** Health, metrics and the commands that look at a running server. */
@NullMarked
package dev.lair.server.operations;

import org.jspecify.annotations.NullMarked;

/** How long things may take, how a command waits, and how people write spans of time. */
@NullMarked
package dev.lair.cli.time;

import org.jspecify.annotations.NullMarked;

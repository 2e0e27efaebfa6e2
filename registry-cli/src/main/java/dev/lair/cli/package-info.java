/** The {@code lair} command for users: one class per subcommand, each the story of what it does. */
@NullMarked
package dev.lair.cli;

import org.jspecify.annotations.NullMarked;

/**
 * Follows a registry record by record and believes none of them: what breaks a rule, a root or an earlier statement is kept
 * as evidence. The story is in {@link dev.lair.cli.monitor.Monitor}.
 */
@NullMarked
package dev.lair.cli.monitor;

import org.jspecify.annotations.NullMarked;

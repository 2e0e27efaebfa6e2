/** What a command tells the outside: results, steps, progress, faults with their exit codes. */
@NullMarked
package dev.lair.cli.report;

import org.jspecify.annotations.NullMarked;

/** What was done by whom, to read; the rows are written by the transactions that do it. */
@NullMarked
package dev.lair.server.audit;

import org.jspecify.annotations.NullMarked;

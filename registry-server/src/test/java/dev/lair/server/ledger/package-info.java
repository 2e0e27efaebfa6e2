/** The ledger over memory, whole, recovered, and stopped at each write. */
@NullMarked
package dev.lair.server.ledger;

import org.jspecify.annotations.NullMarked;

/**
 * A witness for the logs of others: it cosigns a checkpoint when it extends the one before, and never two that part
 * (c2sp.org/tlog-witness; transparency log, section 1, "Witness"). An application of its own in the server's jar.
 */
@NullMarked
package dev.lair.server.witness;

import org.jspecify.annotations.NullMarked;

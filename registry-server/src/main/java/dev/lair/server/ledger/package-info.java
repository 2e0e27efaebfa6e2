/**
 * The one writer of the registry's log: batches, checkpoints, the map and its history. It knows leaves and heads, not
 * what records say.
 */
@NullMarked
package dev.lair.server.ledger;

import org.jspecify.annotations.NullMarked;

package dev.lair.server.ledger;

import dev.lair.signing.SignedCheckpoint;
import java.util.concurrent.CompletableFuture;

/**
 * A record on its way into the ledger.
 *
 * @param leafIndex completes when the record is durable; exceptionally with {@link LedgerException} when it is not in
 *     the ledger and will not be
 * @param covered completes with a published checkpoint that covers the record
 */
public record Appended(CompletableFuture<Long> leafIndex, CompletableFuture<SignedCheckpoint> covered) {}

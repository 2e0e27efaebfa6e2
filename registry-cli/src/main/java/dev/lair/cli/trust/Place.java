package dev.lair.cli.trust;

import dev.lair.transparency.RecordId;

/**
 * A record and its place in the registry's log. Where it comes from says whose word it is: a ledger that makes the root
 * of a checkpoint proves it, other replies only claim it.
 */
public record Place(long leafIndex, RecordId record) {}

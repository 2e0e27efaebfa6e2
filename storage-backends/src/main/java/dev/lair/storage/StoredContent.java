package dev.lair.storage;

import dev.lair.transparency.Digest;
import java.time.Instant;

/**
 * One content of a {@link ContentStore}.
 *
 * @param digest its name
 * @param sizeBytes its length
 * @param touchedAt when it was last put or touched, to the microsecond: the grace period counts from here
 */
public record StoredContent(Digest digest, long sizeBytes, Instant touchedAt) {}

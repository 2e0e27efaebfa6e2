package dev.lair.signing.note;

import java.util.OptionalLong;

/**
 * That a key signed the text of a note.
 *
 * @param key who signed
 * @param epochSeconds when, in POSIX seconds, as a cosigner states it; empty for types without a time. 0 is no time: such
 *     a cosigner does not say that it saw no larger tree. Up to 2^63 - 1, more than an {@code Instant} holds.
 */
public record VerifiedSignature(NoteKey key, OptionalLong epochSeconds) {}

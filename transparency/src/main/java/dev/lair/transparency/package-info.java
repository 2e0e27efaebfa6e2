/**
 * Merkle log (RFC 6962), sparse map, tiles, checkpoints and the proofs over them, in warg's and in C2SP's packing.
 * Pure: no keys, no I/O, no clock.
 */
@NullMarked
package dev.lair.transparency;

import org.jspecify.annotations.NullMarked;

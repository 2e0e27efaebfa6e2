/**
 * The heart: what a registry says is believed only as far as signatures, hashes and proofs carry it. Prints nothing and
 * decides nothing about packages; commands ask it for a verified view.
 */
@NullMarked
package dev.lair.cli.trust;

import org.jspecify.annotations.NullMarked;

/**
 * Keys, signatures, signed records and checkpoints, and the files that keep keys. Knows no package names, no HTTP and
 * no framework; randomness and clocks are arguments.
 */
@NullMarked
package dev.lair.signing;

import org.jspecify.annotations.NullMarked;

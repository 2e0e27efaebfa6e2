/**
 * What {@code ./lair bench NAME} runs: each bench drives the same code that is shipped, says how, and ends with one JSON
 * object. Nothing here is used by the registry.
 */
@NullMarked
package dev.lair.bench;

import org.jspecify.annotations.NullMarked;

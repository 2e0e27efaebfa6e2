/**
 * Binaries in the words of the Lair API: what the toolkit says of one, as the documents that the server answers and
 * {@code lair inspect --json} prints. Begin at {@link dev.lair.registry.facts.FactsOf}.
 */
@NullMarked
package dev.lair.registry.facts;

import org.jspecify.annotations.NullMarked;

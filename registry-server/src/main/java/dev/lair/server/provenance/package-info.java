/** What the registry states about the releases that it took: who published them, as far as it knew. */
@NullMarked
package dev.lair.server.provenance;

import org.jspecify.annotations.NullMarked;

package dev.lair.server.gate;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.transparency.Digest;

/**
 * A release as it comes to the gate, or as it came.
 *
 * @param before releases of the same package that stand before it in the log and are not yanked there; goes on with the log,
 *     so a candidate is judged before the next one is made
 * @param asker on whose behalf neighbours are looked at
 */
record Candidate(PackageName name, SemVer version, Digest content, Standing before, Asker asker) {}

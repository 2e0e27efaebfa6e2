package dev.lair.server.gate;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.transparency.Digest;
import java.util.List;

/**
 * A release as it comes to the gate, or as it came.
 *
 * @param before releases of the same package that stand before it in the log and are not yanked there
 */
record Candidate(PackageName name, SemVer version, Digest content, List<Released> before) {
    Candidate {
        before = List.copyOf(before);
    }
}

package dev.lair.registry;

import dev.lair.component.names.SemanticVersion;
import org.jspecify.annotations.Nullable;

/**
 * Versions that may stand in for each other, as wasmtime has it (component model, section 6): {@code a} for a.b.c, {@code 0.b}
 * for 0.b.c; 0.0.c and pre-releases stand alone. What has no version is on the track {@code -}.
 *
 * @param text as it stands in paths
 */
public record VersionTrack(String text) {

    /** Of what has no version. */
    public static final VersionTrack NONE = new VersionTrack("-");

    /** The track of a version; null is none. */
    public static VersionTrack of(@Nullable SemanticVersion version) {
        return version == null ? NONE : new VersionTrack(version.track());
    }

    @Override
    public String toString() {
        return text;
    }
}

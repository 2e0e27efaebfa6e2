package dev.lair.component.compat;

import dev.lair.component.names.SemanticVersion;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The released versions with which a new one has to be compatible: the nearest below and the nearest above it on its
 * track. Being compatible passes along the track, so no others need to be looked at.
 *
 * @param lower may be replaced by the new one; null when the new one is the first of its track
 * @param upper may replace the new one; null when the new one is the last
 */
public record TrackNeighbours(
        @Nullable SemanticVersion lower, @Nullable SemanticVersion upper) {
    /** The neighbours of a version; versions that differ in build metadata only are the same. */
    public static TrackNeighbours of(SemanticVersion version, Collection<SemanticVersion> released) {
        SemanticVersion lower = null;
        SemanticVersion upper = null;
        for (SemanticVersion each : released) {
            if (!each.sameTrack(version)) {
                continue;
            }
            int order = each.comparePrecedence(version);
            if (order < 0 && (lower == null || each.comparePrecedence(lower) > 0)) {
                lower = each;
            } else if (order > 0 && (upper == null || each.comparePrecedence(upper) < 0)) {
                upper = each;
            }
        }
        return new TrackNeighbours(lower, upper);
    }
}

package dev.lair.server.gate;

import dev.lair.registry.SemVer;
import dev.lair.transparency.Digest;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The releases that stand before another one in its log and are not yanked there, by version track and in order: made once
 * for a whole record or log and carried on from entry to entry, so that judging N releases costs N steps and not N times N.
 */
final class Standing {

    /**
     * The versions that may stand in for each other ({@code SemanticVersion.track}), told from the numbers alone.
     *
     * @param minor 0 from 1.0.0 on
     */
    private record Track(long major, long minor) {

        /** Empty for pre-releases and 0.0.c, which stand alone. */
        static Optional<Track> of(SemVer version) {
            if (version.isPreRelease() || (version.major() == 0 && version.minor() == 0)) {
                return Optional.empty();
            }
            return Optional.of(new Track(version.major(), version.major() == 0 ? version.minor() : 0));
        }
    }

    private final Map<Track, NavigableMap<SemVer, Released>> tracks = new HashMap<>();

    void add(SemVer version, Digest content) {
        Track.of(version)
                .ifPresent(track -> tracks.computeIfAbsent(track, none -> new TreeMap<>())
                        .put(version, new Released(version, content)));
    }

    /** Yanked: it binds nobody behind this. */
    void withdraw(SemVer version) {
        Track.of(version).map(tracks::get).ifPresent(track -> track.remove(version));
    }

    /** Those on one side of a version on its track, the nearest first; what differs in build metadata alone is on neither. */
    Iterable<Released> nearest(SemVer version, Side side) {
        NavigableMap<SemVer, Released> track =
                Track.of(version).map(tracks::get).orElse(null);
        if (track == null) {
            return List.of();
        }
        Collection<Released> found =
                switch (side) {
                    case BELOW -> track.headMap(version, false).descendingMap().values();
                    case ABOVE -> track.tailMap(version, false).values();
                };
        return () -> found.stream()
                .filter(each -> each.version().patch() != version.patch()
                        || each.version().minor() != version.minor())
                .iterator();
    }
}

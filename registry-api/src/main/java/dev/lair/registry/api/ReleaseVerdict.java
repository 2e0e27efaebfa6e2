package dev.lair.registry.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a release in its place: beside its neighbours on the version track, when it was published.
 *
 * @param validator version of the validator that compared
 * @param compatibility {@code first} of its track, {@code unchanged}, {@code compatible}, {@code breaking},
 *     {@code not-compared}, or {@code off} where this registry compares nothing
 * @param neighbours that it was compared with
 * @param warnings what policy let pass, in sentences
 */
public record ReleaseVerdict(
        String validator, String compatibility, List<Neighbour> neighbours, List<String> warnings) {

    public static final String FIRST = "first";
    public static final String UNCHANGED = "unchanged";
    public static final String COMPATIBLE = "compatible";
    public static final String BREAKING = "breaking";
    public static final String NOT_COMPARED = "not-compared";
    public static final String OFF = "off";

    public ReleaseVerdict {
        neighbours = List.copyOf(neighbours);
        warnings = List.copyOf(warnings);
    }

    /**
     * A release of the same track.
     *
     * @param side {@code below} or {@code above}
     * @param verdict {@code unchanged}, {@code compatible}, {@code breaking} or {@code not-compared}
     * @param reason in one sentence
     * @param differences at most a hundred, those that break somebody first
     */
    public record Neighbour(
            String version,
            String side,
            String verdict,
            @Nullable String reason,
            List<Difference> differences) {

        public static final String BELOW = "below";
        public static final String ABOVE = "above";

        public Neighbour {
            differences = List.copyOf(differences);
        }
    }

    /**
     * One difference.
     *
     * @param place of the item in both texts
     * @param breaks {@code consumers}, {@code implementers}, both or none
     * @param advice what the author can do about it
     */
    public record Difference(
            String place,
            String message,
            List<String> breaks,
            @Nullable String advice) {}
}

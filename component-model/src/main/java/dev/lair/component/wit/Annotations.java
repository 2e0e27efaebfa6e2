package dev.lair.component.wit;

import org.jspecify.annotations.Nullable;

/**
 * What stands around an item without being part of its type.
 *
 * @param docs comment text without marks, lines separated by {@code \n}; null when there is none
 * @param externalId the text of {@code @external-id("…")}; null when there is none
 */
public record Annotations(
        @Nullable String docs,
        Stability stability,
        @Nullable String externalId,
        Place place) {
    /** No comment, no attribute, no text. */
    public static final Annotations NONE = new Annotations(null, Stability.unknown(), null, Place.NONE);

    public Annotations withStability(Stability other) {
        return new Annotations(docs, other, externalId, place);
    }
}

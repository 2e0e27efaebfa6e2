package dev.lair.component.wit;

import dev.lair.component.names.SemanticVersion;
import org.jspecify.annotations.Nullable;

/** What the attributes before an item promise (WIT.md, "Feature Gates"). */
public sealed interface Stability {
    /** No attribute. */
    static Stability unknown() {
        return Unknown.INSTANCE;
    }

    /** No attribute; all values are equal. */
    record Unknown() implements Stability {
        private static final Unknown INSTANCE = new Unknown();
    }

    /** {@code @since(version = …)}. */
    record Stable(SemanticVersion since, @Nullable SemanticVersion deprecated) implements Stability {}

    /** {@code @unstable(feature = …)}. */
    record Unstable(String feature, @Nullable SemanticVersion deprecated) implements Stability {}

    default boolean isUnknown() {
        return this instanceof Unknown;
    }
}

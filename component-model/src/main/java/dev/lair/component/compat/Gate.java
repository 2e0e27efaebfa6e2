package dev.lair.component.compat;

import dev.lair.component.compat.Difference.Grounds;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Stability;
import org.jspecify.annotations.Nullable;

/** What {@code @since} and its like mean for compatibility. */
final class Gate {
    private Gate() {}

    /** Whether users may rely on the item. */
    static boolean promised(Stability stability) {
        return !(stability instanceof Stability.Unstable);
    }

    static @Nullable SemanticVersion since(Stability stability) {
        return stability instanceof Stability.Stable stable ? stable.since() : null;
    }

    static @Nullable SemanticVersion deprecated(Stability stability) {
        return switch (stability) {
            case Stability.Unknown s -> null;
            case Stability.Stable s -> s.deprecated();
            case Stability.Unstable s -> s.deprecated();
        };
    }

    /** Whether an item that is new may be there. */
    static Grounds addition(Stability stability, VersionStep versions) {
        if (!promised(stability)) {
            return Grounds.UNSTABLE;
        }
        SemanticVersion since = since(stability);
        if (since == null) {
            return Grounds.NO_SINCE;
        }
        SemanticVersion from = versions.from();
        return from != null && since.comparePrecedence(from) <= 0 ? Grounds.STALE_SINCE : Grounds.SINCE;
    }

    static String text(Stability stability) {
        SemanticVersion deprecated = deprecated(stability);
        String gate =
                switch (stability) {
                    case Stability.Unknown s -> "without gate";
                    case Stability.Stable s -> "@since(version = " + s.since() + ")";
                    case Stability.Unstable s -> "@unstable(feature = " + s.feature() + ")";
                };
        return gate + (deprecated == null ? "" : " @deprecated(version = " + deprecated + ")");
    }
}

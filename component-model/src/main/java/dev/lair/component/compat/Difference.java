package dev.lair.component.compat;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Stability;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One difference between an old and a new version. */
public sealed interface Difference {
    Item item();

    Spot spot();

    /** Whom it breaks; empty when nobody has to change anything. */
    Set<Party> breaks();

    /** What changed, from what to what, in one sentence; the place is not repeated. */
    String message();

    /** What the author can do about a breaking difference; empty for one that breaks nobody. */
    default String advice(VersionStep versions) {
        return breaks().isEmpty() ? "" : Advice.on(this, versions);
    }

    /** Why an addition is allowed, or not. */
    enum Grounds {
        /** Under {@code @since} of a version after the old one. */
        SINCE,
        /** Additions of this kind need no mark. */
        FREE,
        /** Under {@code @unstable}: no promise yet. */
        UNSTABLE,
        /** Without {@code @since}: implementers of the old version would be taken for implementers of it. */
        NO_SINCE,
        /** Under {@code @since} of a version that existed without it. */
        STALE_SINCE,
        /** Whoever runs the component or the world has to provide it. */
        REQUIRED
    }

    /**
     * Only the new version has it.
     *
     * @param after its text
     * @param since the version of {@code @since}, or null
     */
    record Added(
            Item item,
            Spot spot,
            String after,
            Grounds grounds,
            @Nullable SemanticVersion since,
            Set<Party> breaks) implements Difference {
        public Added {
            breaks = Party.ordered(breaks);
        }

        @Override
        public String message() {
            String what = item.label() + " added: " + after;
            return switch (grounds) {
                case SINCE -> what + ", since " + since;
                case FREE -> what;
                case UNSTABLE -> what + ", still unstable";
                case NO_SINCE ->
                    what + ", without @since: implementers of the old version lack it and nothing tells them apart";
                case STALE_SINCE -> what + ", under @since(version = " + since + "), a version that was without it";
                case REQUIRED -> what + ", which has to be provided now";
            };
        }
    }

    /**
     * Only the old version has it.
     *
     * @param before its text
     */
    record Removed(Item item, Spot spot, String before, Set<Party> breaks) implements Difference {
        public Removed {
            breaks = Party.ordered(breaks);
        }

        @Override
        public String message() {
            return item.label() + " removed: " + before;
        }
    }

    /**
     * Both have it, with another meaning.
     *
     * @param details what differs inside, part by part
     */
    record Changed(Item item, Spot spot, String before, String after, List<String> details, Set<Party> breaks)
            implements Difference {
        public Changed {
            details = List.copyOf(details);
            breaks = Party.ordered(breaks);
        }

        @Override
        public String message() {
            String from = before.equals(after) ? "" : " from " + before + " to " + after;
            return item.label() + " changed" + from + (details.isEmpty() ? "" : ": " + String.join("; ", details));
        }
    }

    /** Its attributes {@code @since}, {@code @unstable} or {@code @deprecated} changed. */
    record Regated(Item item, Spot spot, Stability before, Stability after, Set<Party> breaks) implements Difference {
        public Regated {
            breaks = Party.ordered(breaks);
        }

        @Override
        public String message() {
            return item.label() + " was " + Gate.text(before) + " and is " + Gate.text(after);
        }
    }

    /**
     * It refers to another version of a package.
     *
     * @param before a package, or an interface of one
     */
    record Moved(Item item, Spot spot, String before, String after, Set<Party> breaks) implements Difference {
        public Moved {
            breaks = Party.ordered(breaks);
        }

        @Override
        public String message() {
            return item.label() + " goes from " + before + " to " + after
                    + (breaks.isEmpty() ? ", on the same track" : ", which is on another track");
        }
    }
}

package dev.lair.server.account;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an API token may be used for, besides what its account may. */
public enum Scope {
    PUBLISH_NEW,
    PUBLISH_UPDATE,
    YANK,
    OWNERS,
    PUBLISHERS,
    READ;

    /** As it stands in bodies and tables. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Scope> of(String label) {
        return Arrays.stream(values())
                .filter(scope -> scope.label().equals(label))
                .findFirst();
    }
}

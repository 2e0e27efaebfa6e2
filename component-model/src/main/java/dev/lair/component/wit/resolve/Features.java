package dev.lair.component.wit.resolve;

import java.util.Set;

/** Which {@code @unstable} items are part of the result. */
public record Features(boolean all, Set<String> names) {
    /** Unstable items are left out. */
    public static final Features NONE = new Features(false, Set.of());

    /** Unstable items are kept. */
    public static final Features ALL = new Features(true, Set.of());

    public Features {
        names = Set.copyOf(names);
    }

    public static Features of(String... names) {
        return new Features(false, Set.of(names));
    }

    boolean has(String feature) {
        return all || names.contains(feature);
    }
}

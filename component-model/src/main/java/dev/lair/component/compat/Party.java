package dev.lair.component.compat;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Whom a difference can break. */
public enum Party {
    /**
     * Who calls: components and hosts that import an interface, hosts that run the components of a world, whoever
     * instantiates a component.
     */
    CONSUMERS,
    /** Who is called: components and hosts that provide an interface, components that are written for a world. */
    IMPLEMENTERS;

    /** A copy in the order of this enum, so that texts and JSON are the same each time. */
    static Set<Party> ordered(Set<Party> parties) {
        Set<Party> copy = EnumSet.noneOf(Party.class);
        copy.addAll(parties);
        return Collections.unmodifiableSet(copy);
    }

    /** The word for messages. */
    public String label() {
        return this == CONSUMERS ? "consumers" : "implementers";
    }
}

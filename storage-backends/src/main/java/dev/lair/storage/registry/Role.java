package dev.lair.storage.registry;

/** What an account is in a namespace. Each may do what those before it may. */
public enum Role {
    PUBLISHER,
    MAINTAINER,
    OWNER;

    /** Whether this is {@code other}, or more. */
    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }
}

package dev.lair.registry;

import org.jspecify.annotations.Nullable;

/**
 * What a credential may publish: one package, {@code ns:name}, or every package of a namespace, {@code ns:*}.
 *
 * @param namespace of all that it covers
 * @param name the one package, or null for all
 */
public record PackagePattern(Namespace namespace, @Nullable String name) {

    private static final String ALL = "*";

    /**
     * @throws MalformedNameException when {@code name} is no package's
     */
    public PackagePattern {
        if (name != null) {
            new PackageName(namespace, name);
        }
    }

    /**
     * Parses {@code ns:name} or {@code ns:*}.
     *
     * @throws MalformedNameException when it is neither
     */
    public static PackagePattern parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new MalformedNameException(text, "a pattern is `namespace:name`, or `namespace:*` for all of it");
        }
        String name = text.substring(colon + 1);
        return new PackagePattern(new Namespace(text.substring(0, colon)), name.equals(ALL) ? null : name);
    }

    /** Whether the package is one of these. */
    public boolean covers(PackageName wanted) {
        return namespace.equals(wanted.namespace()) && (name == null || name.equals(wanted.name()));
    }

    /** Whether this is the whole namespace, packages that do not exist yet included. */
    public boolean isWholeNamespace() {
        return name == null;
    }

    @Override
    public String toString() {
        return namespace + ":" + (name == null ? ALL : name);
    }
}

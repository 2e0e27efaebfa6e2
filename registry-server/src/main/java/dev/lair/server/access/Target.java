package dev.lair.server.access;

import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.transparency.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What an act is done to.
 *
 * @param namespace in which it lies
 * @param name the package, when it is one
 * @param content that is to be released, when it is known
 */
public record Target(
        @Nullable Namespace namespace,
        @Nullable PackageName name,
        @Nullable Digest content) {

    /** Nothing in particular. */
    public static final Target NONE = new Target(null, null, null);

    public static Target of(Namespace namespace) {
        return new Target(namespace, null, null);
    }

    public static Target of(PackageName name) {
        return new Target(name.namespace(), name, null);
    }

    /** A release that is to be: what a trusted token that is bound to contents needs to be asked about. */
    public static Target of(PackageName name, Digest content) {
        return new Target(name.namespace(), name, content);
    }

    @Override
    public String toString() {
        return name != null
                ? "package `" + name + "`"
                : namespace != null ? "namespace `" + namespace + "`" : "registry";
    }
}

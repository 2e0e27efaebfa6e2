package dev.lair.cli.monitor;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.signing.KeyId;
import dev.lair.signing.MalformedKeyException;
import dev.lair.transparency.Digest;

/** Somebody who wants to know what happens to what is theirs. */
public sealed interface Owner {

    /** Every log that knows this key, whoever signs in it, and all that the key signs. */
    record OfKey(KeyId key) implements Owner {
        @Override
        public String toString() {
            return key.toString();
        }
    }

    /** Every package of a namespace, and the namespace itself. */
    record OfNamespace(Namespace namespace) implements Owner {
        @Override
        public String toString() {
            return namespace.toString();
        }
    }

    /** One package. */
    record OfPackage(PackageName name) implements Owner {
        @Override
        public String toString() {
            return name.toString();
        }
    }

    /**
     * Parses a key id, a namespace or a package name.
     *
     * @throws IllegalArgumentException naming the forms that there are
     */
    static Owner parse(String text) {
        try {
            if (Digest.isMeantBy(text)) {
                return new OfKey(KeyId.parse(text));
            }
            return text.contains(":") ? new OfPackage(PackageName.parse(text)) : new OfNamespace(new Namespace(text));
        } catch (MalformedKeyException | MalformedNameException e) {
            throw new IllegalArgumentException("`" + text
                    + "` is no owner: write a key id (sha256:…), a namespace (acme) or a package (acme:tool): "
                    + e.getMessage());
        }
    }
}

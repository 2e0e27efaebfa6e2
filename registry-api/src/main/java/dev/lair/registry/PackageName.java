package dev.lair.registry;

import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.WargText;
import java.nio.charset.StandardCharsets;

/**
 * {@code ns:name}, both sides lower-case kebab case, at most 128 characters, split at the last colon (warg protocol,
 * section 1).
 */
public record PackageName(Namespace namespace, String name) implements Comparable<PackageName> {

    private static final byte[] LOG_ID_PREFIX = "WARG-PACKAGE-LOG-ID-V0:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PACKAGE_ID_PREFIX = "WARG-PACKAGE-ID-V0".getBytes(StandardCharsets.US_ASCII);

    /**
     * @throws MalformedNameException when {@code name} is not lower-case kebab case or the whole is too long
     */
    public PackageName {
        if (!Namespace.isKebab(name)) {
            throw new MalformedNameException(
                    namespace + ":" + name, "the part after the colon is lower-case kebab case, like `http-types`");
        }
        if (namespace.value().length() + 1 + name.length() > Limits.PACKAGE_NAME_CHARACTERS) {
            throw new MalformedNameException(
                    namespace + ":" + name, "it has more than " + Limits.PACKAGE_NAME_CHARACTERS + " characters");
        }
    }

    /**
     * Parses {@code ns:name}.
     *
     * @throws MalformedNameException when it is not one
     */
    public static PackageName parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new MalformedNameException(text, "a package is named `namespace:name`");
        }
        return new PackageName(new Namespace(text.substring(0, colon)), text.substring(colon + 1));
    }

    /** The id of this package's log: a hash of the name, so that a client finds the log without asking anyone. */
    public LogId logId() {
        return LogId.ofBytes(Digest.of(LOG_ID_PREFIX, PACKAGE_ID_PREFIX, WargText.lengthPrefixed(toString()))
                .bytes());
    }

    @Override
    public int compareTo(PackageName other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return namespace.value() + ":" + name;
    }
}

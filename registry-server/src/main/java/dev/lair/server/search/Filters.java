package dev.lair.server.search;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The filters of a query: their words, and what their values may be. */
enum Filters {
    KIND("kind") {
        @Override
        @Nullable
        String objection(String value) {
            return oneOf(value, "component", "wit-package", "core-module");
        }
    },
    EXPORTS("exports") {
        @Override
        @Nullable
        String objection(String value) {
            return interfaceName(value);
        }
    },
    IMPORTS("imports") {
        @Override
        @Nullable
        String objection(String value) {
            return interfaceName(value);
        }
    },
    INTERFACE("interface") {
        @Override
        @Nullable
        String objection(String value) {
            return interfaceName(value);
        }
    },
    WORLD("world") {
        @Override
        @Nullable
        String objection(String value) {
            return interfaceName(value);
        }
    },
    CAPABILITY("capability"),
    PROVENANCE("provenance"),
    LICENSE("license", "licence"),
    NAMESPACE("namespace", "ns"),
    TOOLCHAIN("toolchain"),
    /** {@code yes} shows packages of which every version is yanked too, {@code only} nothing else. */
    YANKED("yanked") {
        @Override
        @Nullable
        String objection(String value) {
            return oneOf(value, "yes", "only");
        }
    };

    /** An item, a package, or an item of a package; with a version or a track. */
    private static final Pattern INTERFACE_NAME = Pattern.compile(
            "[a-z0-9._-]+(?:@[^@/:]+)?|[a-z][a-z0-9-]*(?::[a-z][a-z0-9-]*)+(?:/[a-z0-9][a-z0-9-]*)*(?:@[^@/:]+)?");

    private static final Pattern VERSION =
            Pattern.compile("-|[1-9][0-9]*|0\\.[1-9][0-9]*|[0-9]+\\.[0-9]+\\.[0-9]+(?:[-+][0-9a-z.+-]+)?");

    private final List<String> keys;

    Filters(String... keys) {
        this.keys = List.of(keys);
    }

    String key() {
        return keys.getFirst();
    }

    /** The filter of this word. */
    static Optional<Filters> of(String key) {
        return Arrays.stream(values())
                .filter(filter -> filter.keys.contains(key))
                .findFirst();
    }

    static String allKeys() {
        return Arrays.stream(values()).map(filter -> filter.key() + ":").collect(Collectors.joining(" "));
    }

    /** How the index has it. */
    String term(String value) {
        return key() + ":" + Cards.folded(value);
    }

    /** Why the value, in lower case, is none; null when it is one. */
    @Nullable
    String objection(String value) {
        return null;
    }

    private static @Nullable String oneOf(String value, String... known) {
        return List.of(known).contains(value) ? null : "it is one of " + String.join(", ", known);
    }

    private static @Nullable String interfaceName(String value) {
        if (!INTERFACE_NAME.matcher(value).matches()) {
            return "it is an interface as wasi:http/types, a package as wasi:http, or an item as types";
        }
        int at = value.indexOf('@');
        if (at >= 0 && !VERSION.matcher(value.substring(at + 1)).matches()) {
            return "behind @ stands a version track as 0.2 or 1, a whole version as 0.2.3, or - for none";
        }
        return null;
    }
}

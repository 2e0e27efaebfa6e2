package dev.lair.server.docs;

import org.jspecify.annotations.Nullable;

/**
 * Names of places inside a page. They are part of links that others keep, so they follow from names in the WIT alone and
 * never change: {@code type-descriptor}, {@code method-descriptor.read}, {@code func-now}, {@code import-wasi:io/poll@0.2.0}.
 */
final class Anchors {

    private Anchors() {}

    static String type(String name) {
        return "type-" + name;
    }

    static String function(String kind, String name, @Nullable String resource) {
        return resource == null
                ? "func-" + name
                : kind.equals("constructor") ? "constructor-" + resource : kind + "-" + resource + "." + name;
    }

    static String extern(String direction, String name) {
        return direction + "-" + name;
    }
}

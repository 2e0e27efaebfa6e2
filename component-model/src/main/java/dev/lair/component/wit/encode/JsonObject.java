package dev.lair.component.wit.encode;

import org.jspecify.annotations.Nullable;

/** A JSON object as text, without spaces; members that are null or empty are left out. */
final class JsonObject {
    private final StringBuilder members = new StringBuilder();

    JsonObject text(String name, @Nullable String value) {
        if (value != null) {
            member(name).append(quoted(value));
        }
        return this;
    }

    JsonObject object(String name, JsonObject value) {
        if (!value.members.isEmpty()) {
            member(name).append(value);
        }
        return this;
    }

    private StringBuilder member(String name) {
        return members.append(members.isEmpty() ? "" : ",").append(quoted(name)).append(':');
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> out.append(c < 0x20 ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return out.append('"').toString();
    }

    @Override
    public String toString() {
        return "{" + members + "}";
    }
}

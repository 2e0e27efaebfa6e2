package dev.lair.component.metadata;

/**
 * One value of a producers section.
 *
 * @param field the field as written; {@link #role()} tells what the convention knows
 * @param version free text, may be empty
 */
public record Producer(String field, String name, String version) {
    /** What the convention says about a field. */
    public enum Role {
        LANGUAGE("language"),
        TOOL("processed-by"),
        SDK("sdk"),
        /** A field that the convention does not have. */
        OTHER("");

        private final String field;

        Role(String field) {
            this.field = field;
        }

        /** The name of the field; empty for {@link #OTHER}. */
        public String field() {
            return field;
        }
    }

    public static Producer of(Role role, String name, String version) {
        return new Producer(role.field(), name, version);
    }

    public Role role() {
        for (Role role : Role.values()) {
            if (role.field().equals(field)) {
                return role;
            }
        }
        return Role.OTHER;
    }

    /** {@code name version}, or the name alone. */
    public String text() {
        return version.isEmpty() ? name : name + ' ' + version;
    }
}

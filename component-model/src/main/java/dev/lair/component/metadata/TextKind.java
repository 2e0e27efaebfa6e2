package dev.lair.component.metadata;

import java.util.Optional;

/** Custom sections that hold one free text in UTF-8, after the annotations of container images. */
public enum TextKind {
    AUTHORS("authors"),
    DESCRIPTION("description"),
    LICENSES("licenses"),
    SOURCE("source"),
    HOMEPAGE("homepage"),
    REVISION("revision"),
    VERSION("version");

    private final String section;

    TextKind(String section) {
        this.section = section;
    }

    /** The name of the section. */
    public String section() {
        return section;
    }

    static Optional<TextKind> of(String section) {
        for (TextKind kind : values()) {
            if (kind.section.equals(section)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}

package dev.lair.component.compat;

/** What differs. */
public enum Item {
    PACKAGE,
    INTERFACE,
    WORLD,
    IMPORT,
    EXPORT,
    FUNCTION,
    TYPE;

    /** The word for messages. */
    public String label() {
        return switch (this) {
            case PACKAGE -> "package";
            case INTERFACE -> "interface";
            case WORLD -> "world";
            case IMPORT -> "import";
            case EXPORT -> "export";
            case FUNCTION -> "function";
            case TYPE -> "type";
        };
    }
}

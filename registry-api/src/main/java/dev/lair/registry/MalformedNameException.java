package dev.lair.registry;

/** A text is not a namespace or package name; the message says which rule it breaks. */
public final class MalformedNameException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public MalformedNameException(String name, String rule) {
        super("`" + (name.length() > 140 ? name.substring(0, 140) + "…" : name) + "` is not a valid name: " + rule);
    }
}

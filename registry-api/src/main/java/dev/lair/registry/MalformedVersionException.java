package dev.lair.registry;

/** A text is not a semantic version; the message says where and why. */
public final class MalformedVersionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedVersionException(String version, String rule) {
        super("`" + (version.length() > 140 ? version.substring(0, 140) + "…" : version)
                + "` is not a semantic version: " + rule);
    }
}

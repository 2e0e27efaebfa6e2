package dev.lair.transparency;

/** A text that should be a SHA-256 value is not one; the message names the value and the rule. */
public final class MalformedDigestException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 100;

    MalformedDigestException(String text, String rule) {
        super("`" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "` is not a SHA-256 value: "
                + rule);
    }
}

package dev.lair.transparency;

/** A text is not padded standard base64 in its one canonical form. The message never contains the text. */
public final class MalformedBase64Exception extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedBase64Exception(String message) {
        super(message);
    }
}

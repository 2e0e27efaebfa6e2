package dev.lair.server.trustedpublishing;

/** A field of a publisher breaks its rule; the message names field, value, rule and what to write. */
final class MalformedPublisherException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int SHOWN_CHARACTERS = 140;

    private final String field;

    MalformedPublisherException(String field, String value, String rule) {
        super("a publisher's " + field + " cannot be `"
                + (value.length() > SHOWN_CHARACTERS ? value.substring(0, SHOWN_CHARACTERS) + "…" : value) + "`: "
                + rule);
        this.field = field;
    }

    String field() {
        return field;
    }
}

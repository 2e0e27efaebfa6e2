package dev.lair.server.gate;

import dev.lair.registry.api.ContentFacts.Validation;

/** The validator's verdict; told in the words of {@link Validation#verdict}. */
enum Validity {
    VALID(Validation.VALID),
    /** A valid component with core modules that are not checked. */
    PARTLY_CHECKED(Validation.PARTLY_CHECKED),
    /** It uses what the validator lacks: nothing is known of it. */
    NOT_CHECKED(Validation.NOT_CHECKED),
    INVALID(Validation.INVALID);

    private final String word;

    Validity(String word) {
        this.word = word;
    }

    /** As facts say it. */
    String word() {
        return word;
    }

    /** Whether something about the bytes was left open. */
    boolean isOpen() {
        return this == PARTLY_CHECKED || this == NOT_CHECKED;
    }

    /** @throws IllegalArgumentException when no version of this gate ever said so */
    static Validity of(String word) {
        for (Validity validity : values()) {
            if (validity.word.equals(word)) {
                return validity;
            }
        }
        throw new IllegalArgumentException("`" + word + "` is no verdict on content");
    }
}

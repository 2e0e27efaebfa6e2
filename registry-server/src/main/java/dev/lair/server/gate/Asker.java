package dev.lair.server.gate;

import dev.lair.signing.KeyId;

/**
 * On whose behalf a content is looked at: one look of each runs at a time.
 *
 * @param text the key that signed the record in question, or a word for those who only read
 */
public record Asker(String text) {

    /** Whoever asks what is known of a release: strangers, all of them together. */
    static final Asker READERS = new Asker("readers");

    /** The author of a record. */
    public static Asker of(KeyId key) {
        return new Asker("key " + key);
    }
}

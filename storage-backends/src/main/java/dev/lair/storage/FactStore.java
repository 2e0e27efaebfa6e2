package dev.lair.storage;

import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.util.Optional;

/**
 * Keeps what was found out about contents and releases: derived state that can be made again from records and contents at
 * any time, so nothing here is ever the only copy. It knows nothing of what the bytes mean.
 *
 * <p><b>Durability.</b> What was saved is normally there after a crash, and may be lost in one: who reads finds nothing and
 * derives it again. Facts that are there stay as they are until {@link #clear}; of two that are saved under one name the
 * first is kept, so that a verdict goes on saying what was found when it was given.
 *
 * <p>All methods may be called from many threads. Any may throw {@link StorageException}. Arrays handed in and out belong
 * to the caller.
 */
public interface FactStore {

    /** Longest body in bytes, as it is saved: what is far larger is not worth a row. */
    int MAX_BODY_BYTES = 16 << 20;

    /** Keeps nothing: for a registry that is opened for a moment, and for tests that ask for none. */
    FactStore NONE = new FactStore() {
        @Override
        public Optional<byte[]> ofContent(Digest content) {
            return Optional.empty();
        }

        @Override
        public void saveContent(Digest content, byte[] body) {
            // Derived again by whoever asks.
        }

        @Override
        public void forgetContent(Digest content) {
            // There is nothing to forget.
        }

        @Override
        public Optional<byte[]> ofRelease(RecordId record, String version) {
            return Optional.empty();
        }

        @Override
        public void saveRelease(RecordId record, String version, byte[] body) {
            // Derived again by whoever asks.
        }

        @Override
        public long clear() {
            return 0;
        }
    };

    /** What is known of a content. */
    Optional<byte[]> ofContent(Digest content);

    /**
     * Keeps what is known of a content, unless something is kept already.
     *
     * @throws IllegalArgumentException when the body is longer than {@value #MAX_BODY_BYTES} bytes
     */
    void saveContent(Digest content, byte[] body);

    /** Drops what is known of a content: it was collected. */
    void forgetContent(Digest content);

    /** What is known of the release of a version by a record, which may release several. */
    Optional<byte[]> ofRelease(RecordId record, String version);

    /**
     * Keeps what is known of a release, unless something is kept already.
     *
     * @throws IllegalArgumentException when the body is longer than {@value #MAX_BODY_BYTES} bytes
     */
    void saveRelease(RecordId record, String version, byte[] body);

    /**
     * Drops everything, before it is derived anew. A crash behind this leaves nothing, which is derived on demand.
     *
     * @return facts that were dropped
     */
    long clear();

    /** Refuses a body that is too long. */
    static byte[] requireBody(byte[] body) {
        if (body.length > MAX_BODY_BYTES) {
            throw new IllegalArgumentException(
                    "facts have at most " + MAX_BODY_BYTES + " bytes, not " + body.length + ": leave something out");
        }
        return body;
    }
}

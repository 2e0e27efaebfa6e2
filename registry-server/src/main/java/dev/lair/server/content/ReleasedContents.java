package dev.lair.server.content;

import dev.lair.server.ledger.Ledger;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.stereotype.Service;

/** The contents that anybody may read: those that a published release names. An upload alone makes nothing public. */
@Service
public final class ReleasedContents {

    private final ContentStore contents;
    private final Ledger ledger;

    ReleasedContents(Storage storage, Ledger ledger) {
        this.contents = storage.contents();
        this.ledger = ledger;
    }

    /**
     * The content, when a release that a published checkpoint covers names it.
     *
     * @throws StorageException when it was released and is not in the store: that is a loss, not an unknown name
     */
    public Optional<StoredContent> find(Digest digest) {
        OptionalLong leafIndex = ledger.releasedAt(digest);
        if (leafIndex.isEmpty() || leafIndex.getAsLong() >= ledger.publishedSize()) {
            return Optional.empty();
        }
        return Optional.of(contents.find(digest)
                .orElseThrow(() -> new StorageException("content " + digest + " was released by the record at leaf "
                        + leafIndex.getAsLong() + " and is not stored")));
    }

    /** Where a client may fetch the content itself, if the storage gives such addresses. */
    Optional<URI> directUrl(StoredContent content, Duration life) {
        return contents.directUrl(content.digest(), life);
    }

    /** The bytes of what {@link #find} gave. */
    public InputStream open(StoredContent content) throws ContentNotFoundException {
        return contents.open(content.digest(), 0, content.sizeBytes());
    }
}

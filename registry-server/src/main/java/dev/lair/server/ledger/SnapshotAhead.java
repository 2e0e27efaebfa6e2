package dev.lair.server.ledger;

import dev.lair.storage.StorageException;
import dev.lair.storage.embedded.EmbeddedStorage;
import dev.lair.transparency.MalformedSnapshotException;
import dev.lair.transparency.MapSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the newest map snapshot of a data folder on a thread of its own while the rest of the server starts: with a million
 * packages that is a second of work, for which nothing else is needed. It is believed no more than one that is read later:
 * {@link MapSnapshots} compares it with what was signed, and reads for itself what is not here.
 */
public final class SnapshotAhead {

    /** Nothing is read ahead. */
    static final SnapshotAhead NONE = new SnapshotAhead(CompletableFuture.completedFuture(Optional.empty()));

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotAhead.class);

    private CompletableFuture<Optional<MapSnapshot>> snapshot;

    private SnapshotAhead(CompletableFuture<Optional<MapSnapshot>> snapshot) {
        this.snapshot = snapshot;
    }

    /** Begins to read the newest snapshot of this data folder, which may have none, or not be there. */
    public static SnapshotAhead of(Path data) {
        CompletableFuture<Optional<MapSnapshot>> read = new CompletableFuture<>();
        Thread.ofPlatform().name("snapshot-ahead").daemon().start(() -> {
            try {
                read.complete(read(data));
            } catch (RuntimeException | Error e) {
                // Who waits for it must not wait for ever.
                read.complete(Optional.empty());
                throw e;
            }
        });
        return new SnapshotAhead(read);
    }

    private static Optional<MapSnapshot> read(Path data) {
        try {
            Optional<Path> file = EmbeddedStorage.newestSnapshot(data);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file.get())) {
                return Optional.of(MapSnapshot.readFrom(in));
            }
        } catch (IOException | MalformedSnapshotException | StorageException e) {
            // Read again by who needs it, and told then.
            LOG.debug("no map snapshot read ahead", e);
            return Optional.empty();
        }
    }

    /** The snapshot if it is one of this size, once; waits until it is read. */
    synchronized Optional<MapSnapshot> take(long size) {
        Optional<MapSnapshot> found = snapshot.join().filter(read -> read.logSize() == size);
        if (found.isPresent()) {
            drop();
        }
        return found;
    }

    /** Lets go of a snapshot that nobody took: it is as large as the map. */
    synchronized void drop() {
        snapshot = CompletableFuture.completedFuture(Optional.empty());
    }
}

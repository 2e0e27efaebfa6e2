package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.transparency.FalseMapEntryException;
import dev.lair.transparency.ReplacedEntries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks, once the registry answers, the entries of a snapshot that the start replaced. The map that came of them has the
 * committed root, so nothing that was shown is false; but who changed one entry may have changed others, and the ledger
 * ends before it comes upon them.
 */
final class SnapshotSuspicion implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSuspicion.class);

    private final ReplacedEntries replaced;
    private final Standing standing;
    private final Thread thread;
    private volatile boolean closing;

    SnapshotSuspicion(ReplacedEntries replaced, Standing standing) {
        this.replaced = replaced;
        this.standing = standing;
        this.thread = Thread.ofPlatform()
                .name("snapshot-check")
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .unstarted(this::run);
    }

    void start() {
        if (!replaced.isEmpty()) {
            thread.start();
        }
    }

    private void run() {
        try {
            boolean isMore = true;
            while (isMore && !closing) {
                isMore = replaced.checkNext();
            }
        } catch (FalseMapEntryException e) {
            Corrupt reason = MapReplay.notTrue(e);
            LOG.error("the ledger stopped: {}", reason.getMessage(), reason);
            standing.stop(new Stopped("a map snapshot was changed; the operator must look at it", reason));
        }
    }

    /** What is not checked by now is left: it is gone from the map, and the next snapshot does not have it. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.lair.server.tree;

import dev.lair.server.ledger.Ledger;
import dev.lair.server.problem.BusyException;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.TreeSettings;
import dev.lair.server.settings.PublicUrl;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.TreeStore;
import dev.lair.storage.embedded.FolderTree;
import jakarta.annotation.PreDestroy;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Keeps the tree current in a folder or in the bucket, if the settings say so: a moment behind each checkpoint it writes what
 * is new. One node does it: of two, the slower would put older checkpoints over newer ones.
 *
 * <p><b>Crashes.</b> What a target has is read from the target itself, and {@code config.json}, which says so, is written last:
 * what broke off is done again by the next pass or the next start.
 */
@Component
final class TreeKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(TreeKeeper.class);
    private static final Duration EVERY = Duration.ofMillis(500);

    /** For the pass that is under way; what it leaves undone the next start does. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    /** Attestations are noted as stated a moment behind the checkpoint that covers them, which nobody tells. */
    private static final int PASSES_BEHIND_NEWS = 4;

    private final Ledger ledger;
    private final TreeExport export;
    private final PublicUrl publicUrl;
    private final List<TreeStore> targets = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    TreeKeeper(Ledger ledger, TreeExport export, PublicUrl publicUrl, Storage storage, LairSettings settings) {
        this.ledger = ledger;
        this.export = export;
        this.publicUrl = publicUrl;
        TreeSettings wanted = settings.tree();
        Path folder = wanted.folder();
        if (folder != null) {
            targets.add(FolderTree.open(folder));
        }
        if (wanted.bucket()) {
            targets.add(storage.tree()
                    .orElseThrow(() ->
                            new IllegalArgumentException("lair.tree.bucket=true needs a bucket: set lair.s3.bucket")));
        }
        this.thread = Thread.ofPlatform().name("tree").daemon().unstarted(this::keep);
        if (!targets.isEmpty()) {
            thread.start();
        }
    }

    private void keep() {
        Object last = new Object();
        int passes = PASSES_BEHIND_NEWS;
        try {
            while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    // The URL is known once the server listens.
                    if (publicUrl.toString().isEmpty() || ledger.publication().isEmpty()) {
                        continue;
                    }
                    Object now = ledger.publication().get();
                    if (!now.equals(last)) {
                        passes = PASSES_BEHIND_NEWS;
                    }
                    if (passes > 0) {
                        targets.forEach(export::update);
                        last = now;
                        passes--;
                    }
                } catch (StorageException | BusyException | IllegalStateException | UncheckedIOException e) {
                    LOG.warn("the tree is not current, trying again reason=\"{}\"", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The storage closes behind this. */
    @PreDestroy
    void stop() throws InterruptedException {
        closed.countDown();
        if (!targets.isEmpty() && !thread.join(ENDS_WITHIN)) {
            LOG.info("the tree is finished by the next start");
        }
    }
}

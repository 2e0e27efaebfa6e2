package dev.lair.server.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.publish.BareRegistry;
import dev.lair.transparency.Digest;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Content is public from the checkpoint on that covers its release, and not before. */
class ReleasedContentsTest {

    private final TestClock clock = new TestClock();
    private final byte[] content = Wasm.component("content");
    private final Digest digest = Digest.of(content);

    @Test
    void releaseThatNoCheckpointCoversYetServesNothing() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock, "publish.answer-within", "0ms")) {
            ReleasedContents released = new ReleasedContents(registry.storage(), registry.ledger());
            Author author = Author.of("test:early", clock);
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            CountDownLatch signing = new CountDownLatch(1);
            registry.store().beforeCheckpoint(WatchedLedgerStore.until(signing));
            registry.upload(author, record, content);
            assertThat(registry.ledger().releasedAt(digest)).hasValue(1);
            assertThat(released.find(digest)).isEmpty();

            signing.countDown();
            registry.awaitCovered(author, record);
            assertThat(released.find(digest).orElseThrow().sizeBytes()).isEqualTo(content.length);
        }
    }
}

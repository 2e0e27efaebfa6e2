package dev.lair.server.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.Wasm;
import dev.lair.server.publish.BareRegistry;
import dev.lair.server.publish.Publication;
import dev.lair.server.publish.UploadRefused;
import dev.lair.storage.ContentStore;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which uploads are deleted, and when. */
class ContentCollectorTest {

    private static final Duration GRACE = Duration.ofHours(24);

    private final TestClock clock = new TestClock();
    private final BareRegistry registry = BareRegistry.open(clock, "publish.upload-deadline", "100h");
    private final ContentStore contents = registry.storage().contents();
    private final Author author = Author.of("test:kept", clock);
    private final byte[] content = Wasm.component("content");
    private final Digest digest = Digest.of(content);

    private final ContentCollector collector = collector();

    private ContentCollector collector() {
        return new ContentCollector(
                registry.storage(),
                registry.ledger(),
                List.of(registry.references()),
                clock,
                TestSettings.of("content.grace", "24h"));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private Digest put(byte[] bytes) throws Exception {
        return contents.put(Digest.of(bytes), new ByteArrayInputStream(bytes), 1000)
                .digest();
    }

    @Test
    void uploadThatNobodyNamesIsDeletedAfterItsGrace() throws Exception {
        put(content);
        clock.move(GRACE);
        assertThat(collector.collect()).isZero();
        assertThat(contents.find(digest)).isPresent();
        clock.move(Duration.ofMillis(1));
        assertThat(collector.collect()).isEqualTo(1);
        assertThat(contents.find(digest)).isEmpty();
        assertThat(collector.collect()).isZero();
    }

    @Test
    void uploadingAgainBeginsTheGraceAnew() throws Exception {
        put(content);
        clock.move(GRACE.minusHours(1));
        put(content);
        clock.move(GRACE.minusHours(1));
        assertThat(collector.collect()).isZero();
        clock.move(Duration.ofHours(2));
        assertThat(collector.collect()).isEqualTo(1);
    }

    @Test
    void releasedContentStaysYankedOrNot() throws Exception {
        SignedPackageRecord release = author.release("1.0.0", content);
        registry.publish(author, release);
        registry.upload(author, release, content);
        registry.publish(author, author.yank("1.0.0"));
        clock.move(GRACE.multipliedBy(100));
        assertThat(collector.collect()).isZero();
        assertThat(contents.find(digest)).isPresent();
    }

    @Test
    void contentOfARecordThatStillWaitsStays() throws Exception {
        byte[] missing = Wasm.component("missing");
        SignedPackageRecord first = author.release("1.0.0", missing);
        SignedPackageRecord second = author.release("1.0.1", content);
        registry.publish(author, first);
        registry.publish(author, second);
        registry.upload(author, second, content);
        clock.move(GRACE.plusSeconds(1));
        assertThat(collector.collect()).isZero();
        registry.restart();
        assertThat(collector().collect()).isZero();

        assertThat(registry.upload(author, first, missing)).isInstanceOf(Publication.Published.class);
        assertThat(contents.find(digest)).isPresent();
    }

    @Test
    void contentOfARejectedRecordIsDeletedAfterItsGrace() throws Exception {
        SignedPackageRecord first = author.release("1.0.0", Wasm.component("never sent"));
        SignedPackageRecord second = author.release("1.0.1", content);
        registry.publish(author, first);
        registry.publish(author, second);
        registry.upload(author, second, content);
        clock.move(Duration.ofHours(101));
        registry.sweep();
        assertThat(collector.collect()).isEqualTo(1);
        assertThat(contents.find(digest)).isEmpty();
    }

    @Test
    void contentOfARecordThatIsPublishedMeanwhileStays() throws Exception {
        byte[] last = Wasm.component("last");
        SignedPackageRecord record = author.write(
                new PackageEntry.Init(author.key().publicKey()),
                new PackageEntry.Release(SemVer.parse("1.0.0"), digest),
                new PackageEntry.Release(SemVer.parse("1.0.1"), Digest.of(last)));
        registry.publish(author, record);
        registry.upload(author, record, content);
        clock.move(GRACE.plusSeconds(1));
        ContentReferences late = asked -> {
            // Between the two looks the record goes from what waits to what is published.
            try {
                registry.upload(author, record, last);
            } catch (UploadRefused e) {
                throw new AssertionError(e);
            }
            registry.awaitCovered(author, record);
            return registry.references().referenced(asked);
        };
        ContentCollector meanwhile = new ContentCollector(
                registry.storage(), registry.ledger(), List.of(late), clock, TestSettings.of("content.grace", "24h"));
        assertThat(meanwhile.collect()).isZero();
        assertThat(contents.find(digest)).isPresent();
    }

    @Test
    void everyPageOfUploadsIsLookedAt() throws Exception {
        SignedPackageRecord release = author.release("1.0.0", content);
        registry.publish(author, release);
        registry.upload(author, release, content);
        for (int i = 0; i < 2100; i++) {
            put(Wasm.component("garbage " + i));
        }
        clock.move(GRACE.plusSeconds(1));
        assertThat(collector.collect()).isEqualTo(2100);
        assertThat(contents.find(digest)).isPresent();
    }
}

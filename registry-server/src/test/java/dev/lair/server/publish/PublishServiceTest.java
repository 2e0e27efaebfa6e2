package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.Namespace;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Rejected;
import dev.lair.server.publish.Publication.Sourcing;
import dev.lair.signing.SignedRecord;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.SubmissionState;
import dev.lair.transparency.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Authority, log rules and content: who may publish what, and all that a publish changes. */
class PublishServiceTest {

    private final TestClock clock = new TestClock();
    private final BareRegistry registry = BareRegistry.open(clock);
    private final Author author = Author.of("test:one", clock);
    private final byte[] content = Wasm.component("one");
    private final Digest digest = Digest.of(content);

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void firstReleaseWaitsForItsContentAndIsThenPublished() throws Exception {
        SignedPackageRecord record = author.release("1.0.0", content);

        assertThat(registry.publish(author, record)).isEqualTo(new Sourcing(record.id(), Set.of(digest)));
        assertThat(registry.storage().submissions().open(0, 100).submissions())
                .singleElement()
                .satisfies(stored -> {
                    assertThat(stored.recordId()).isEqualTo(record.id());
                    assertThat(stored.record()).isEqualTo(record.envelope());
                    assertThat(stored.packageName()).isEqualTo("test:one");
                    assertThat(stored.state())
                            .isEqualTo(new SubmissionState.Sourcing(
                                    Set.of(digest), TestClock.START.plus(Duration.ofHours(1))));
                });
        assertThat(registry.intake().referenced(List.of(digest))).isNotEmpty();
        assertThat(registry.ledger().publishedSize()).isEqualTo(1);

        assertThat(registry.upload(author, record, content)).isEqualTo(new Published(record.id(), 1));
        assertThat(registry.ledger().publishedSize()).isEqualTo(2);
        LedgerEntry entry = registry.ledger().entryAt(1).orElseThrow();
        assertThat(entry.recordId()).isEqualTo(record.id());
        assertThat(entry.logId()).isEqualTo(author.log());
        assertThat(entry.record()).isEqualTo(record.envelope());
        assertThat(registry.ledger().logName(author.log())).contains("test:one");
        assertThat(registry.ledger().releasedAt(digest)).hasValue(1);
        assertThat(registry.storage().contents().find(digest).orElseThrow().sizeBytes())
                .isEqualTo(content.length);
        assertThat(registry.status(author, record)).contains(new Published(record.id(), 1));
        assertThat(registry.intake().referenced(List.of(digest))).isEmpty();

        registry.sweep();
        assertThat(registry.storage().submissions().find(record.id())).isEmpty();
    }

    @Test
    void contentThatIsHereAlreadyIsNotAskedFor() throws Exception {
        SignedPackageRecord first = author.release("1.0.0", content);
        registry.publish(author, first);
        registry.upload(author, first, content);
        Instant uploaded = clock.instant();
        clock.move(Duration.ofMinutes(1));

        Author other = Author.of("test:other", clock);
        SignedPackageRecord same = other.release("9.0.0", content);
        assertThat(registry.publish(other, same)).isEqualTo(new Published(same.id(), 2));
        assertThat(registry.storage().submissions().find(same.id())).isEmpty();
        assertThat(registry.ledger().releasedAt(digest)).hasValue(1);
        // A touch is a sync, and what is released is kept without.
        assertThat(registry.storage().contents().find(digest).orElseThrow().touchedAt())
                .isEqualTo(uploaded.truncatedTo(ChronoUnit.MICROS));
    }

    @Test
    void yankIsPublishedAtOnceAndKeepsTheContent() throws Exception {
        SignedPackageRecord release = author.release("1.0.0", content);
        registry.publish(author, release);
        registry.upload(author, release, content);
        SignedPackageRecord yank = author.yank("1.0.0");

        assertThat(registry.publish(author, yank)).isEqualTo(new Published(yank.id(), 2));
        assertThat(registry.storage().contents().find(digest)).isPresent();
    }

    @Test
    void oneRecordMayReleaseSeveralContentsAndWaitsForAllOfThem() throws Exception {
        byte[] second = Wasm.component("two");
        SignedPackageRecord record = author.write(
                new PackageEntry.Init(author.key().publicKey()),
                new PackageEntry.Release(SemVer.parse("1.0.0"), digest),
                new PackageEntry.Release(SemVer.parse("2.0.0"), Digest.of(second)),
                new PackageEntry.Release(SemVer.parse("3.0.0"), digest));

        assertThat(registry.publish(author, record))
                .isEqualTo(new Sourcing(record.id(), Set.of(digest, Digest.of(second))));
        assertThat(registry.upload(author, record, second)).isEqualTo(new Sourcing(record.id(), Set.of(digest)));
        assertThat(registry.storage()
                        .submissions()
                        .find(record.id())
                        .orElseThrow()
                        .state())
                .isInstanceOfSatisfying(
                        SubmissionState.Sourcing.class,
                        left -> assertThat(left.missing()).containsExactly(digest));
        assertThat(registry.upload(author, record, content)).isEqualTo(new Published(record.id(), 1));
    }

    @Test
    void namespaceThatIsNotDefinedIsRefused() {
        Author stranger = Author.of("nowhere:one", clock);
        SignedPackageRecord record = stranger.release("1.0.0", content);
        assertThatThrownBy(() -> registry.publish(stranger, record))
                .isInstanceOfSatisfying(
                        PublishRefused.NamespaceNotDefined.class,
                        refused -> assertThat(refused.namespace()).isEqualTo(new Namespace("nowhere")));
        requireUntouched(stranger, record);
    }

    @Test
    void importedNamespaceIsRefused() throws Exception {
        registry.importNamespace("elsewhere", "registry.example");
        Author stranger = Author.of("elsewhere:one", clock);
        SignedPackageRecord record = stranger.release("1.0.0", content);
        assertThatThrownBy(() -> registry.publish(stranger, record))
                .isInstanceOf(PublishRefused.NamespaceImported.class)
                .hasMessageContaining("elsewhere");
        requireUntouched(stranger, record);
    }

    @Test
    void keyThatTheLogDoesNotKnowIsRefused() throws Exception {
        SignedPackageRecord first = author.release("1.0.0", content);
        registry.publish(author, first);
        registry.upload(author, first, content);

        Author stranger = Author.of("test:one", clock).continueBehind(first.id());
        SignedPackageRecord record = stranger.release("1.0.1", content);
        assertThatThrownBy(() -> registry.publish(stranger, record))
                .isInstanceOf(PublishRefused.Unauthorized.class)
                .hasMessage("unknown key id `" + stranger.key().keyId() + "`");
        requireUntouched(stranger, record);
    }

    @Test
    void firstRecordOfAnotherKeyThanItsInitIsRefused() {
        Author stranger = Author.of("test:one", clock);
        SignedPackageRecord record =
                author.writeUnchained(new PackageEntry.Init(stranger.key().publicKey()));
        assertThatThrownBy(() -> registry.publish(author, record))
                .isInstanceOf(PublishRefused.Unauthorized.class)
                .hasMessageContaining("unknown key id");
        requireUntouched(author, record);
    }

    @Test
    void badSignatureIsRefused() throws Exception {
        SignedPackageRecord good = author.release("1.0.0", content);
        SignedPackageRecord bad = SignedPackageRecord.decode(new SignedRecord(
                good.envelope().contentBytes(),
                author.key().keyId(),
                author.key().sign(new byte[] {1, 2, 3})));
        assertThatThrownBy(() -> registry.publish(author, bad))
                .isInstanceOf(PublishRefused.Unauthorized.class)
                .hasMessageContaining("verification failed");
        requireUntouched(author, bad);
    }

    private void requireUntouched(Author of, SignedPackageRecord record) {
        assertThat(registry.status(of, record)).isEmpty();
        assertThat(registry.storage().submissions().find(record.id())).isEmpty();
        assertThat(registry.ledger().entry(record.id())).isEmpty();
        assertThat(registry.intake().referenced(List.of(digest))).isEmpty();
    }

    @Test
    void sameVersionWithOtherBytesIsRejectedAndChangesNothing() throws Exception {
        SignedPackageRecord first = author.release("1.0.0", content);
        registry.publish(author, first);
        registry.upload(author, first, content);
        byte[] others = Wasm.component("others");
        SignedPackageRecord again = author.release("1.0.0", others);

        assertThat(registry.publish(author, again))
                .isEqualTo(new Rejected(
                        again.id(), "an entry attempted to release version 1.0.0 which is already released"));
        assertThat(registry.status(author, again)).containsInstanceOf(Rejected.class);
        assertThat(registry.ledger().publishedSize()).isEqualTo(2);
        assertThat(registry.ledger().releasedAt(Digest.of(others))).isEmpty();
        assertThat(registry.intake().referenced(List.of(Digest.of(others)))).isEmpty();
        // The author steps back and goes on.
        author.continueBehind(first.id());
        SignedPackageRecord next = author.release("1.0.1", content);
        assertThat(registry.publish(author, next)).isEqualTo(new Published(next.id(), 2));
    }

    @Test
    void recordThatTheLogRefusesIsRejectedWithItsWords() throws Exception {
        SignedPackageRecord first = author.release("1.0.0", content);
        registry.publish(author, first);
        registry.upload(author, first, content);
        SignedPackageRecord yank = author.yank("2.0.0");

        assertThat(registry.publish(author, yank))
                .isEqualTo(new Rejected(
                        yank.id(), "an entry attempted to yank version 2.0.0 which had not yet been released"));
    }

    @Test
    void recordBehindNothingThatWeKnowIsRejected() throws Exception {
        SignedPackageRecord first = author.release("1.0.0", content);
        registry.publish(author, first);
        registry.upload(author, first, content);
        SignedPackageRecord lost = author.release("1.0.1", content);
        SignedPackageRecord behindLost = author.release("1.0.2", content);

        assertThat(registry.publish(author, behindLost))
                .isEqualTo(new Rejected(behindLost.id(), "previous record hash does not match"));
        assertThat(registry.publish(author, lost)).isInstanceOf(Published.class);
        assertThat(registry.publish(author, behindLost)).isInstanceOf(Published.class);
    }

    @Test
    void rejectionIsRememberedAndForgottenAfterItsRetention() throws Exception {
        SignedPackageRecord first = author.release("1.0.0", content);
        registry.publish(author, first);
        registry.upload(author, first, content);
        SignedPackageRecord yank = author.yank("2.0.0");
        registry.publish(author, yank);

        clock.move(Duration.ofDays(7));
        registry.restart().sweep();
        assertThat(registry.status(author, yank)).containsInstanceOf(Rejected.class);
        clock.move(Duration.ofMillis(1));
        registry.sweep();
        assertThat(registry.status(author, yank)).isEmpty();
        assertThat(registry.storage().submissions().find(yank.id())).isEmpty();
    }

    @Test
    void recordThatAnotherLogHasIsRefused() throws Exception {
        SignedPackageRecord record = author.release("1.0.0", content);
        Author other = Author.of("test:other", clock);
        registry.publish(author, record);
        assertThatThrownBy(() -> registry.publish(other, record)).isInstanceOf(LedgerException.RecordInOtherLog.class);
        registry.upload(author, record, content);
        assertThatThrownBy(() -> registry.publish(other, record)).isInstanceOf(LedgerException.RecordInOtherLog.class);
        assertThat(registry.status(author, record)).contains(new Published(record.id(), 1));
        assertThat(registry.status(other, record)).isEmpty();
        assertThat(registry.ledger().publishedSize()).isEqualTo(2);
        assertThat(registry.ledger().failure()).isEmpty();
    }

    @Test
    void statusIsAskedForWithTheRightLog() throws Exception {
        SignedPackageRecord record = author.release("1.0.0", content);
        Author other = Author.of("test:other", clock);
        registry.publish(author, record);
        assertThat(registry.status(other, record)).isEmpty();
        registry.upload(author, record, content);
        assertThat(registry.status(other, record)).isEmpty();
        SignedPackageRecord refused = author.yank("2.0.0");
        registry.publish(author, refused);
        assertThat(registry.status(other, refused)).isEmpty();
    }
}

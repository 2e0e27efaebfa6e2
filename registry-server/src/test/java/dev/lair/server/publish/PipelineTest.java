package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackagePermission;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.publish.Publication.Processing;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Rejected;
import dev.lair.server.publish.Publication.Sourcing;
import dev.lair.transparency.Digest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records whose predecessor is still on its way (warg protocol, section 5, point 4), and records that are overtaken. */
class PipelineTest {

    private static final String OVERTAKEN = "previous record hash does not match";

    private final TestClock clock = new TestClock();
    private final BareRegistry registry = BareRegistry.open(clock);
    private final Author author = Author.of("test:row", clock);
    private final byte[] here = Wasm.component("here");

    @AfterEach
    void close() {
        registry.close();
    }

    private SignedPackageRecord published() throws Exception {
        SignedPackageRecord record = author.release("0.1.0", here);
        registry.publish(author, record);
        assertThat(registry.upload(author, record, here)).isEqualTo(new Published(record.id(), 1));
        return record;
    }

    @Test
    void tenReleasesWithoutWaitingArePublishedInOrder() throws Exception {
        List<SignedPackageRecord> row = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            row.add(author.release("1.0." + i, Wasm.component("content " + i)));
        }
        for (SignedPackageRecord record : row) {
            assertThat(registry.publish(author, record)).isInstanceOf(Sourcing.class);
        }
        // Content comes in any order; the first record's comes last.
        for (int i = 9; i >= 1; i--) {
            assertThat(registry.upload(author, row.get(i), Wasm.component("content " + i)))
                    .isEqualTo(new Processing(row.get(i).id()));
        }
        assertThat(registry.ledger().publishedSize()).isEqualTo(1);
        registry.upload(author, row.get(0), Wasm.component("content 0"));

        for (int i = 0; i < 10; i++) {
            registry.awaitCovered(author, row.get(i));
            assertThat(registry.status(author, row.get(i)))
                    .contains(new Published(row.get(i).id(), 1 + i));
        }
        registry.sweep();
        assertThat(registry.storage().submissions().open(0, 100).submissions()).isEmpty();
    }

    @Test
    void recordsWithTheirContentHereWaitForTheOneThatHasNone() throws Exception {
        published();
        SignedPackageRecord first = author.release("1.0.0", Wasm.component("missing"));
        SignedPackageRecord second = author.release("1.0.1", here);
        SignedPackageRecord third = author.yank("0.1.0");
        assertThat(registry.publish(author, first)).isInstanceOf(Sourcing.class);
        assertThat(registry.publish(author, second)).isEqualTo(new Processing(second.id()));
        assertThat(registry.publish(author, third)).isEqualTo(new Processing(third.id()));

        assertThat(registry.upload(author, first, Wasm.component("missing"))).isEqualTo(new Published(first.id(), 2));
        registry.awaitCovered(author, third);
        assertThat(registry.status(author, second)).contains(new Published(second.id(), 3));
        assertThat(registry.status(author, third)).contains(new Published(third.id(), 4));
    }

    @Test
    void recordThatWaitsForItsUploadLocksNothing() throws Exception {
        SignedPackageRecord head = published();
        SignedPackageRecord slow = author.release("1.0.0", Wasm.component("slow"));
        SignedPackageRecord child = author.release("1.0.1", here);
        SignedPackageRecord grandchild = author.release("1.0.2", Wasm.component("grandchild"));
        for (SignedPackageRecord waiting : List.of(slow, child, grandchild)) {
            registry.publish(author, waiting);
        }
        author.continueBehind(head.id());
        SignedPackageRecord fast = author.release("2.0.0", here);

        assertThat(registry.publish(author, fast)).isEqualTo(new Published(fast.id(), 2));
        for (SignedPackageRecord overtaken : List.of(slow, child, grandchild)) {
            assertThat(registry.status(author, overtaken)).contains(new Rejected(overtaken.id(), OVERTAKEN));
        }
        assertThat(registry.intake().referenced(List.of(Digest.of(Wasm.component("slow")))))
                .isEmpty();
        assertThat(registry.ledger().publishedSize()).isEqualTo(3);
        registry.sweep();
        assertThat(registry.storage().submissions().open(0, 100).submissions()).isEmpty();
    }

    @Test
    void recordBehindARejectedOneIsRejectedToo() throws Exception {
        published();
        byte[] nonsense = new byte[] {1, 2, 3};
        SignedPackageRecord bad = author.release("1.0.0", nonsense);
        SignedPackageRecord child = author.release("1.0.1", here);
        registry.publish(author, bad);
        registry.publish(author, child);

        try {
            registry.upload(author, bad, nonsense);
            throw new AssertionError("nonsense was taken");
        } catch (UploadRefused.BadContent refused) {
            assertThat(registry.status(author, bad)).containsInstanceOf(Rejected.class);
            assertThat(registry.status(author, child)).contains(new Rejected(child.id(), OVERTAKEN));
        }
        assertThat(registry.ledger().publishedSize()).isEqualTo(2);
    }

    @Test
    void keyThatAWaitingRecordGrantsMaySignTheRecordBehindIt() throws Exception {
        published();
        Author friend = Author.of("test:row", clock);
        SignedPackageRecord grant = author.write(
                new PackageEntry.Grant(friend.key().publicKey(), List.of(PackagePermission.RELEASE)),
                new PackageEntry.Release(SemVer.parse("1.0.0"), Digest.of(Wasm.component("missing"))));
        friend.continueBehind(grant.id());
        SignedPackageRecord byFriend = friend.release("1.0.1", here);
        assertThat(registry.publish(author, grant)).isInstanceOf(Sourcing.class);
        assertThat(registry.publish(friend, byFriend)).isEqualTo(new Processing(byFriend.id()));

        registry.upload(author, grant, Wasm.component("missing"));
        registry.awaitCovered(friend, byFriend);
        assertThat(registry.status(friend, byFriend)).contains(new Published(byFriend.id(), 3));
    }

    @Test
    void twoLogsDoNotWaitForEachOther() throws Exception {
        Author other = Author.of("test:other", clock);
        registry.publish(author, author.release("1.0.0", Wasm.component("never sent")));
        SignedPackageRecord record = other.release("1.0.0", here);
        registry.publish(other, record);
        assertThat(registry.upload(other, record, here)).isEqualTo(new Published(record.id(), 1));
    }
}

package dev.lair.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.TestClock;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One content, nodes that put, touch and delete it at the same time, and what has to be true afterwards. The content's
 * history is set up at {@link #OLD}; the parties act at {@link #NOW}, and what they delete is what was not touched since
 * then. So whoever was told that the content is there has to find it there.
 */
final class ContentRace implements Orders.World {

    static final Instant OLD = TestClock.START;
    static final Instant NOW = OLD.plus(Duration.ofDays(2));
    static final long OLD_MICROS = ChronoUnit.MICROS.between(Instant.EPOCH, OLD);
    static final byte[] BYTES = "hello, component".getBytes(UTF_8);
    static final Digest DIGEST = Digest.of(BYTES);

    private final Scratch scratch;
    private final TestClock serverClock = new TestClock();
    private final HeapBucket bucket = new HeapBucket(serverClock);
    private final List<Orders.Party> parties = new ArrayList<>();
    private UnaryOperator<Bucket> view = UnaryOperator.identity();
    private Runnable lastCheck = () -> {};
    private boolean puts;
    private int kept;
    private int refused;
    private int deleted;

    ContentRace(Scratch scratch) {
        this.scratch = scratch;
    }

    /** A node whose clock shows {@code now}. */
    ContentStore node(Bucket reached, Instant now) {
        TestClock clock = new TestClock();
        clock.move(Duration.between(TestClock.START, now));
        return new S3Contents(reached, scratch, clock);
    }

    private ContentStore oldNode() {
        return node(bucket, OLD);
    }

    private static void put(ContentStore contents) throws Exception {
        contents.put(DIGEST, new ByteArrayInputStream(BYTES), BYTES.length);
    }

    /** The content was put long ago. */
    ContentRace withOldContent() throws Exception {
        put(oldNode());
        return this;
    }

    /** The content was put long ago and deleted. */
    ContentRace withDeletedContent() throws Exception {
        withOldContent();
        assertThat(oldNode().deleteIfUntouchedSince(DIGEST, NOW)).isTrue();
        return this;
    }

    /** A deletion of the old content was cut off behind its doubt. */
    ContentRace withDoubt() throws Exception {
        withOldContent();
        bucket.put(ContentKey.doubt(DIGEST, 0, OLD_MICROS).format(), new byte[0], Bucket.Kind.INTERNAL);
        return this;
    }

    ContentRace putting() {
        puts = true;
        return with(reached -> {
            put(node(reached, NOW));
            kept++;
        });
    }

    ContentRace touching() {
        return touching(NOW);
    }

    /** By a node whose clock is a little ahead. */
    ContentRace touchingLater() {
        return touching(NOW.plusSeconds(1));
    }

    private ContentRace touching(Instant now) {
        return with(reached -> {
            if (node(reached, now).touch(DIGEST)) {
                kept++;
            } else {
                refused++;
            }
        });
    }

    ContentRace deleting() {
        return with(reached -> {
            if (node(reached, NOW).deleteIfUntouchedSince(DIGEST, NOW)) {
                deleted++;
            }
        });
    }

    /** Somebody whose clock is old puts and deletes: a whole life passes while the others look away. */
    ContentRace puttingAndDeletingOld() {
        return with(reached -> {
            ContentStore contents = node(reached, OLD.plusSeconds(1));
            put(contents);
            contents.deleteIfUntouchedSince(DIGEST, OLD.plusSeconds(2));
        });
    }

    ContentRace sweeping() {
        return with(reached -> {
            ContentStore contents = node(reached, NOW);
            contents.untouchedSince(NOW, null, 10);
        });
    }

    /** From here on the parties' lists are gathered over some time; {@code shown} picks among what came or went. */
    ContentRace torn(Predicate<String> shown) {
        view = reached -> new TornBucket(reached, shown);
        return this;
    }

    /** Adds to {@link #check}. */
    ContentRace finallyChecking(Runnable claim) {
        lastCheck = claim;
        return this;
    }

    private ContentRace with(Orders.Party party) {
        UnaryOperator<Bucket> seen = view;
        parties.add(reached -> party.run(seen.apply(reached)));
        return this;
    }

    int kept() {
        return kept;
    }

    int deleted() {
        return deleted;
    }

    @Override
    public HeapBucket bucket() {
        return bucket;
    }

    @Override
    public List<Orders.Party> parties() {
        return parties;
    }

    @Override
    public void check() throws Exception {
        lastCheck.run();
        ContentStore contents = node(bucket, NOW);
        if (!puts && refused > 0) {
            assertThat(kept).as("refused, so nobody keeps it").isZero();
            assertThat(contents.find(DIGEST)).as("refused, so deleted").isEmpty();
        }
        requireKept(contents);
        if (deleted > 0 && kept == 0) {
            requireAbsent(contents);
        }
        requireStable(contents);
        requireCollectable();
    }

    /** What somebody was told is there, is there. */
    void requireKept(ContentStore contents) throws Exception {
        if (kept > 0) {
            requireThere(contents);
        }
    }

    /** Sweeps change nothing that a user can see. */
    void requireStable(ContentStore contents) {
        // What is there stays there over the sweeps of the next days, and what is not does not come back.
        boolean there = contents.find(DIGEST).isPresent();
        for (int day = 1; day <= 10; day++) {
            serverClock.move(Duration.ofDays(1));
            node(bucket, NOW.plus(Duration.ofDays(day))).untouchedSince(NOW, null, 10);
            assertThat(contents.find(DIGEST).isPresent()).as("day %d", day).isEqualTo(there);
        }
    }

    private static void requireThere(ContentStore contents) throws Exception {
        assertThat(contents.find(DIGEST)).as("kept").isPresent();
        assertThat(contents.find(DIGEST).orElseThrow().touchedAt()).isAfterOrEqualTo(NOW);
        assertThat(contents.deleteIfUntouchedSince(DIGEST, NOW)).isFalse();
        try (var in = contents.open(DIGEST, 0, BYTES.length)) {
            assertThat(in.readAllBytes()).isEqualTo(BYTES);
        }
    }

    private static void requireAbsent(ContentStore contents) {
        assertThat(contents.find(DIGEST)).as("deleted").isEmpty();
        assertThat(contents.touch(DIGEST)).isFalse();
        try {
            int read = contents.read(DIGEST, ByteBuffer::remaining);
            throw new AssertionError("deleted, and " + read + " bytes are read");
        } catch (ContentNotFoundException expected) {
            // Gone.
        }
    }

    /** Years later nothing of it is left, whatever happened. */
    void requireCollectable() {
        Instant later = NOW.plus(Duration.ofDays(1000));
        serverClock.move(Duration.ofDays(1000));
        ContentStore collector = node(bucket, later);
        for (int round = 0; round < 4; round++) {
            for (Digest digest : collector.untouchedSince(later, null, 10)) {
                collector.deleteIfUntouchedSince(digest, later);
            }
            serverClock.move(Duration.ofDays(1000));
            later = later.plus(Duration.ofDays(1000));
            collector = node(bucket, later);
        }
        assertThat(bucket.keys()).as("left for ever").isEmpty();
    }
}

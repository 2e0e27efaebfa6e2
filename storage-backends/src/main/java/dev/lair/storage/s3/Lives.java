package dev.lair.storage.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lair.storage.StorageException;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts, touches and deletes contents so that many nodes may do all three at once and nobody loses what they were told
 * is there, with no more than {@link Bucket} promises.
 *
 * <p><b>Lives.</b> A content that is put after it was deleted gets a new number, and with it new keys
 * ({@link ContentKey}). A life that ended stays ended: so deleting its bytes needs no condition and may happen late,
 * twice, or by somebody else. A life is there when its bytes are and no verdict ends it, and only the highest number
 * counts.
 *
 * <p><b>A touch</b> puts a mark with its time, then looks. <b>A deletion</b> puts a doubt that names the latest touch it
 * knows, then looks. Both look after their own mark is there, so at least one of the two sees the other's:
 *
 * <ul>
 *   <li>the deletion sees the touch: it gives up;
 *   <li>the touch sees no doubt: it is done, because the deletion, whose doubt comes later, will see it;
 *   <li>the touch sees a doubt: neither knows what the other saw, so the first verdict under this doubt's key decides
 *       for both. The touch puts {@code keep}, the deletion {@code end}, each only if there is none.
 * </ul>
 *
 * <p>A doubt and a verdict that keeps stay as long as the life. Otherwise a slow deletion could put its {@code end} after
 * a touch had won and somebody had swept up. They do not block a later deletion: that one names the touch which won.
 * A touch answers only doubts about an earlier time than its own: who doubts that very time knows of it, and means to
 * delete it by a clock to which it is old.
 *
 * <p><b>A put</b> of new content puts the touch, then the bytes, then looks as a touch does: its life may have ended
 * between (somebody else put it, it was deleted), and then it starts over with the next number. So bytes are never there
 * before a touch time, and whoever is told "stored" was seen by every deletion to come.
 *
 * <p><b>What a crash leaves</b>: behind the first step of a put, a touch without bytes, seen by nobody; behind the second,
 * the whole content. Behind the doubt of a deletion, nothing has changed. Behind its verdict, the content is gone for
 * {@code find}, {@code touch} and {@code put}, while {@code open} may still reach the bytes until {@link #sweep} ends
 * what was begun.
 *
 * <p><b>What stays.</b> The verdict that ended the highest life is kept for {@link Limits#LATE_REQUEST}, with its doubt,
 * because it holds its number back from being used again: a delete of the old bytes that was sent before and is carried
 * out now must not hit new ones. This is the only argument here that needs time, and the only place where a clock of the server counts.
 */
final class Lives {

    private static final Logger LOG = LoggerFactory.getLogger(Lives.class);
    private static final byte[] NOTHING = {};

    private final Bucket bucket;
    private final Clock clock;

    Lives(Bucket bucket, Clock clock) {
        this.bucket = bucket;
        this.clock = clock;
    }

    /** What is there of a content. */
    Holding look(Digest digest) {
        List<Bucket.Listed> listing = new ArrayList<>();
        bucket.list(ContentKey.all(digest), "").forEachRemaining(listing::add);
        return Holding.of(digest, listing);
    }

    /** What the port shows of a content that is alive. */
    StoredContent stored(Holding held) {
        return held.stored(clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    /** Touches a content; empty when it is not there, or just was deleted. */
    Optional<StoredContent> touch(Holding held) {
        if (!held.isAlive()) {
            return Optional.empty();
        }
        // Never backwards. A later mark that is listed may be one whose owner still has to win against a doubt, so it
        // is
        // put again and stood up for as if it were our own.
        long touched = held.hasTouch() ? Math.max(nowMicros(), held.touchedMicros()) : nowMicros();
        bucket.put(ContentKey.touched(held.digest(), held.life(), touched).format(), NOTHING, Bucket.Kind.INTERNAL);
        return settle(held.digest(), held.life(), touched);
    }

    /** Begins a life of a content that is not there; empty when it ended at once. */
    Optional<StoredContent> begin(Holding held, Bucket.Source bytes) {
        Digest digest = held.digest();
        int life = held.nextLife();
        long now = nowMicros();
        bucket.put(ContentKey.touched(digest, life, now).format(), NOTHING, Bucket.Kind.INTERNAL);
        try {
            bucket.uploadIfAbsent(ContentKey.bytes(digest, life).format(), bytes, Bucket.Kind.CONTENT);
        } catch (StorageException e) {
            // Perhaps only the answer was lost, or somebody else's upload came through. What is there decides.
            return settleAfter(e, digest, life, now);
        }
        return settle(digest, life, now);
    }

    private Optional<StoredContent> settleAfter(StorageException failure, Digest digest, int life, long now) {
        Optional<StoredContent> settled = Optional.empty();
        try {
            settled = settle(digest, life, now);
        } catch (StorageException e) {
            failure.addSuppressed(e);
        }
        if (settled.isEmpty()) {
            throw failure;
        }
        return settled;
    }

    /** Looks whether a touch counts, once its mark is there; see the class comment. */
    private Optional<StoredContent> settle(Digest digest, int life, long touched) {
        Holding held = look(digest);
        if (held.life() != life || !held.isAlive()) {
            return Optional.empty();
        }
        for (Map.Entry<Long, Holding.Verdict> doubt :
                held.doubts().headMap(touched).entrySet()) {
            if (doubt.getValue() == Holding.Verdict.OPEN && !keep(digest, life, doubt.getKey())) {
                return Optional.empty();
            }
        }
        forget(held, touched);
        return Optional.of(stored(held));
    }

    private boolean keep(Digest digest, int life, long doubt) {
        String verdict = ContentKey.verdict(digest, life, doubt).format();
        byte[] keep = ContentKey.KEEP.getBytes(US_ASCII);
        return bucket.putIfAbsent(verdict, keep, Bucket.Kind.INTERNAL)
                || Arrays.equals(bucket.get(verdict).orElse(NOTHING), keep);
    }

    /** Removes touches that a later one outlived. The touch is done; what stays behind, the next one removes. */
    private void forget(Holding held, long touched) {
        try {
            for (long earlier : held.touchesBefore(touched)) {
                bucket.delete(
                        ContentKey.touched(held.digest(), held.life(), earlier).format());
            }
        } catch (StorageException e) {
            LOG.info("old touch times of content.digest={} were not removed: {}", held.digest(), e.getMessage());
        }
    }

    /** Deletes a content if it was not touched since {@code cutoff}; true when this call decided so. */
    boolean end(Digest digest, Instant cutoff) {
        Holding held = look(digest);
        if (!held.isAlive() || !held.isTouchedBefore(cutoff)) {
            return false;
        }
        long seen = held.touchedMicros();
        bucket.put(ContentKey.doubt(digest, held.life(), seen).format(), NOTHING, Bucket.Kind.INTERNAL);
        Holding again = look(digest);
        if (again.life() != held.life() || !again.isAlive() || again.touchedMicros() != seen) {
            return false;
        }
        String verdict = ContentKey.verdict(digest, held.life(), seen).format();
        // With a name, so that a try whose answer was lost is told from somebody else's.
        byte[] end = (ContentKey.END + UUID.randomUUID()).getBytes(US_ASCII);
        if (!bucket.putIfAbsent(verdict, end, Bucket.Kind.INTERNAL)
                && !Arrays.equals(bucket.get(verdict).orElse(NOTHING), end)) {
            return false;
        }
        try {
            bury(again, seen);
        } catch (StorageException e) {
            LOG.info("content.digest={} is deleted, its bytes are not removed yet: {}", held.digest(), e.getMessage());
        }
        return true;
    }

    /**
     * Removes what is left of a life that ended, all but the verdict that names {@code after}, and its doubt: a list that
     * a server gathers over some time may miss a new verdict, but not a doubt that was always there. Bytes first: they
     * cost.
     */
    private void bury(Holding ended, long after) {
        bucket.delete(ContentKey.bytes(ended.digest(), ended.life()).format());
        removeAll(ended.marksBeside(after));
        removeAll(ended.earlier());
    }

    /**
     * Ends what crashes, lost races and late requests left of a content, given what a walk over all contents saw. Each
     * removal rests on something that stays true: a life that ended, a number that was passed.
     */
    void sweep(Holding seen) {
        Instant late = clock.instant().minus(Limits.LATE_REQUEST);
        Instant endedAt = seen.endedAt();
        if (endedAt != null) {
            if (seen.isBorn()
                    || !seen.marksBeside(seen.endedAfter()).isEmpty()
                    || !seen.earlier().isEmpty()) {
                bury(seen, seen.endedAfter());
            } else if (endedAt.isBefore(late)) {
                removeAll(seen.marks());
            }
        } else if (seen.isBorn()) {
            removeAll(seen.earlier());
            if (!seen.hasTouch()) {
                // Its put was cut off a week ago and its bytes came all the same. From now on it ages as any other.
                touch(look(seen.digest()));
            }
        } else if (!seen.hasTouch() || seen.isTouchedBefore(late)) {
            removeAll(seen.marks());
        }
    }

    private void removeAll(List<String> keys) {
        for (String key : keys) {
            bucket.delete(key);
        }
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}

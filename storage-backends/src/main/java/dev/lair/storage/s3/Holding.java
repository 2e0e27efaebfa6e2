package dev.lair.storage.s3;

import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one listing says about one content. Only the life with the highest number counts; what is left of earlier ones
 * is rubbish.
 */
final class Holding {

    /** How a doubt was answered. */
    enum Verdict {
        OPEN,
        KEEP,
        END
    }

    private final Digest digest;
    private int life = -1;
    private boolean born;
    private long sizeBytes;
    private final NavigableSet<Long> touches = new TreeSet<>();
    private final SortedMap<Long, Verdict> doubts = new TreeMap<>();
    private @Nullable Instant endedAt;

    /** The touch time that the verdict which ended it names. */
    private long endedAfter;

    private final List<ContentKey> marks = new ArrayList<>();

    private final List<String> earlier = new ArrayList<>();

    private Holding(Digest digest) {
        this.digest = digest;
    }

    /** Reads a listing of {@link ContentKey#all}; keys that are not ours are passed over. */
    static Holding of(Digest digest, List<Bucket.Listed> listing) {
        Holding holding = new Holding(digest);
        for (Bucket.Listed object : listing) {
            ContentKey.parse(object.key()).ifPresent(key -> holding.life = Math.max(holding.life, key.life()));
        }
        for (Bucket.Listed object : listing) {
            ContentKey.parse(object.key()).ifPresent(key -> holding.add(key, object));
        }
        return holding;
    }

    private void add(ContentKey key, Bucket.Listed object) {
        if (key.life() < life) {
            earlier.add(object.key());
            return;
        }
        switch (key.kind()) {
            case BYTES -> {
                born = true;
                sizeBytes = object.sizeBytes();
            }
            case TOUCHED -> {
                touches.add(key.micros());
                marks.add(key);
            }
            case DOUBT -> {
                doubts.putIfAbsent(key.micros(), Verdict.OPEN);
                marks.add(key);
            }
            case VERDICT -> {
                boolean keeps = object.sizeBytes() == ContentKey.KEEP.length();
                doubts.put(key.micros(), keeps ? Verdict.KEEP : Verdict.END);
                marks.add(key);
                if (!keeps && endedAt == null) {
                    endedAt = object.modifiedAt();
                    endedAfter = key.micros();
                }
            }
        }
    }

    Digest digest() {
        return digest;
    }

    /** The number of the life that counts; -1 when there was none that is remembered. */
    int life() {
        return life;
    }

    /** The number under which a content that is not alive may be put. */
    int nextLife() {
        return isEnded() ? life + 1 : Math.max(life, 0);
    }

    /** Whether its bytes are there. */
    boolean isBorn() {
        return born;
    }

    /** Whether a verdict ended it, which is for ever. */
    boolean isEnded() {
        return endedAt != null;
    }

    /** When the verdict was put, by the server's clock. */
    @Nullable
    Instant endedAt() {
        return endedAt;
    }

    /** The touch time that this verdict names, where there is one. */
    long endedAfter() {
        return endedAfter;
    }

    /** Whether the content is there, for those who ask. */
    boolean isAlive() {
        return born && !isEnded();
    }

    /** Its latest touch, or for ever in the future when none is listed: what is in doubt is not deleted. */
    long touchedMicros() {
        return touches.isEmpty() ? Long.MAX_VALUE : touches.last();
    }

    boolean hasTouch() {
        return !touches.isEmpty();
    }

    boolean isTouchedBefore(Instant cutoff) {
        return hasTouch() && instant(touchedMicros()).isBefore(cutoff);
    }

    /** The doubts, by the touch time that they name. */
    SortedMap<Long, Verdict> doubts() {
        return doubts;
    }

    /** Touches that a later one made pointless. */
    NavigableSet<Long> touchesBefore(long micros) {
        return touches.headSet(micros, false);
    }

    /** Keys of the life that counts, without its bytes. */
    List<String> marks() {
        return marks.stream().map(ContentKey::format).toList();
    }

    /** The same without the verdict that names {@code micros}, and without the doubt that it answers. */
    List<String> marksBeside(long micros) {
        return marks.stream()
                .filter(key -> key.kind() == ContentKey.Kind.TOUCHED || key.micros() != micros)
                .map(ContentKey::format)
                .toList();
    }

    /** Keys of lives that do not count any more. */
    List<String> earlier() {
        return earlier;
    }

    /** What the port shows; {@code now} stands in for a touch time that is not listed. */
    StoredContent stored(Instant now) {
        return new StoredContent(digest, sizeBytes, hasTouch() ? instant(touchedMicros()) : now);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}

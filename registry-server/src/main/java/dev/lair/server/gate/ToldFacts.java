package dev.lair.server.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ReleaseVerdict;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of contents and releases, as it is sent. A content says up to eight megabytes, which take many times that
 * while they are read: so the answer is remembered, compressed, and a {@link ByteBudget} bounds how much is read together.
 * What cannot be kept, because the store fails or is off, is derived once while it is remembered; a content that is lost is
 * not looked for again at each question. A flood of questions costs memory that is counted here, and no work.
 */
final class ToldFacts {

    /** What there is of a content. */
    enum Piece {
        FACTS,
        WIT_TEXT,
        WIT_MODEL
    }

    /** Stands for WIT that is not there. */
    private static final PressedBytes NONE = PressedBytes.of(new byte[0]);

    private sealed interface Key {
        record OfContent(String basis, Digest content, Piece piece) implements Key {}

        record OfRelease(String basis, RecordId record, SemVer version) implements Key {}
    }

    private static final ByteBudget.Share NO_ROOM_NEEDED = () -> {};

    private final Examinations examinations;
    private final Duration wait;

    private final ByteBudget work =
            new ByteBudget(GateLimits.TOLD_WORK_BYTES, "too many facts are read at once; try again later");

    private final ByteBudget sending =
            new ByteBudget(GateLimits.TOLD_SENDING_BYTES, "too many long answers are on their way; try again later");

    private final Cache<Key, PressedBytes> told = Caffeine.newBuilder()
            .maximumWeight(GateLimits.TOLD_REMEMBERED_BYTES)
            .weigher((Key key, PressedBytes piece) -> GateLimits.TOLD_ENTRY_BYTES + piece.sizeBytes())
            .build();

    private final Cache<Digest, Boolean> lost;

    /**
     * Nothing is remembered yet.
     *
     * @param wait how long a question waits for room
     */
    ToldFacts(Examinations examinations, Ticker ticker, Duration wait) {
        this.examinations = examinations;
        this.wait = wait;
        this.lost = Caffeine.newBuilder()
                .maximumSize(GateLimits.TOLD_LOST_CONTENTS)
                .expireAfterWrite(GateLimits.TOLD_LOST)
                .ticker(ticker)
                .build();
    }

    /** Finds out something about a released content. */
    @FunctionalInterface
    interface Finding<T> {
        T find() throws ContentNotFoundException;
    }

    /**
     * A piece of what is known of a content; empty for WIT that it does not have.
     *
     * @param basis what facts depend on besides the content: nothing is told that was remembered under another
     * @throws GateBusyException when there is no room to read it, or it had to be found out anew and could not be now
     * @throws ContentNotFoundException when it had to be found out anew and the content is not stored
     */
    Optional<PressedBytes> of(String basis, Digest content, Piece piece) throws ContentNotFoundException {
        Key key = new Key.OfContent(basis, content, piece);
        PressedBytes answer = told.getIfPresent(key);
        if (answer == null) {
            answer = kept(key, content, piece);
        }
        if (answer == null) {
            // Not within the budget of reading: a look has its own, and may take a minute.
            ContentFacts found = unlessLost(content, () -> examinations.facts(content));
            answer = remembered(key, found, piece);
        }
        return answer == NONE ? Optional.empty() : Optional.of(answer);
    }

    /** The verdict on a release, under the same conditions. */
    PressedBytes verdict(String basis, PackageReleases.Entry release, Finding<ReleaseVerdict> verdict)
            throws ContentNotFoundException {
        Key key = new Key.OfRelease(basis, release.record(), release.version());
        PressedBytes answer = told.getIfPresent(key);
        if (answer == null) {
            answer = PressedBytes.of(ApiJson.write(unlessLost(release.content(), verdict)));
            told.put(key, answer);
        }
        return answer;
    }

    /**
     * Room for an answer until its reader has it all.
     *
     * @throws GateBusyException when there is none in time
     */
    ByteBudget.Share room(long bytes) {
        return bytes <= GateLimits.TOLD_SMALL_BYTES ? NO_ROOM_NEEDED : sending.take(bytes, wait);
    }

    private @Nullable PressedBytes kept(Key key, Digest content, Piece piece) {
        ByteBudget.Share share = work.take(GateLimits.FACTS_BYTES, wait);
        try {
            PressedBytes meanwhile = told.getIfPresent(key);
            if (meanwhile != null) {
                return meanwhile;
            }
            Optional<ContentFacts> kept = examinations.kept(content);
            return kept.isPresent() ? remember(key, kept.get(), piece) : null;
        } finally {
            share.close();
        }
    }

    private PressedBytes remembered(Key key, ContentFacts facts, Piece piece) {
        ByteBudget.Share share = work.take(GateLimits.FACTS_BYTES, wait);
        try {
            PressedBytes meanwhile = told.getIfPresent(key);
            return meanwhile != null ? meanwhile : remember(key, facts, piece);
        } finally {
            share.close();
        }
    }

    private PressedBytes remember(Key key, ContentFacts facts, Piece piece) {
        ContentFacts.Wit wit = facts.wit();
        PressedBytes answer =
                switch (piece) {
                    case FACTS -> PressedBytes.of(ApiJson.write(facts));
                    case WIT_TEXT ->
                        wit == null ? NONE : PressedBytes.of(wit.text().getBytes(StandardCharsets.UTF_8));
                    case WIT_MODEL -> wit == null ? NONE : PressedBytes.of(ApiJson.write(wit.model()));
                };
        told.put(key, answer);
        return answer;
    }

    private <T> T unlessLost(Digest content, Finding<T> finding) throws ContentNotFoundException {
        if (lost.getIfPresent(content) != null) {
            throw new ContentNotFoundException(content);
        }
        try {
            return finding.find();
        } catch (ContentNotFoundException e) {
            lost.put(content, Boolean.TRUE);
            throw e;
        }
    }
}

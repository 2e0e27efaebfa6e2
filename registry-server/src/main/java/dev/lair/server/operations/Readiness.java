package dev.lair.server.operations;

import dev.lair.server.ledger.Ledger;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Storage;
import dev.lair.transparency.Digest;
import jakarta.annotation.PreDestroy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whether this node should get requests that write. Ready means that the sequencer takes records, the storage answers, and
 * the newest checkpoint is young. The last is the catch-all: the sequencer signs an idle log again after each
 * {@code lair.ledger.checkpoint-refresh}, so whatever hangs it, a database lock, a signer, a stuck thread, shows as a
 * checkpoint that grows old.
 */
@Component
final class Readiness {

    /** Every component, in the order in which they are told. */
    static final List<String> COMPONENTS = List.of("ledger", "storage", "checkpoint");

    /** Refreshes that may fail to come before the checkpoint is old; one can be late without harm. */
    private static final int REFRESHES = 3;

    private static final Duration LEAST_LIMIT = Duration.ofMinutes(1);

    /** Something that no upload has: the question is whether the content store answers, not what. */
    private static final Digest NO_CONTENT = Digest.of("lair readiness probe".getBytes(StandardCharsets.US_ASCII));

    private final Ledger ledger;
    private final Clock clock;
    private final Duration checkpointLimit;
    private final StorageProbe<Seen> probe;

    /**
     * What the storage showed when it last answered. Where many nodes share it, all of this is read from there.
     *
     * @param treeSize leaves that the newest published checkpoint covers
     * @param evidenceSize the same of the evidence log
     * @param checkpointAt when that was signed, in seconds of the epoch; empty before the first
     */
    record Seen(long treeSize, long evidenceSize, OptionalLong checkpointAt) {}

    /**
     * One thing that must work.
     *
     * @param objection what is wrong, in words for strangers; null when it works
     * @param ageSeconds how old it is, where that decides
     * @param limitSeconds the age from which it is too old
     */
    record Component(String name, @Nullable String objection, OptionalLong ageSeconds, OptionalLong limitSeconds) {

        boolean isUp() {
            return objection == null;
        }

        private static Component of(String name, Optional<String> objection) {
            return new Component(name, objection.orElse(null), OptionalLong.empty(), OptionalLong.empty());
        }
    }

    Readiness(Ledger ledger, Storage storage, LairSettings settings, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
        Duration refreshes = settings.ledger().checkpointRefresh().multipliedBy(REFRESHES);
        this.checkpointLimit = refreshes.compareTo(LEAST_LIMIT) < 0 ? LEAST_LIMIT : refreshes;
        this.probe = new StorageProbe<>(() -> look(ledger, storage), System::nanoTime);
    }

    private static Seen look(Ledger ledger, Storage storage) {
        storage.ledger().state();
        storage.contents().find(NO_CONTENT);
        storage.contents().requireWritable();
        long evidence = ledger.publishedEvidenceSize();
        return ledger.checkpoint()
                .map(SignedCheckpoint::contents)
                .map(newest ->
                        new Seen(newest.checkpoint().logLength(), evidence, OptionalLong.of(newest.epochSeconds())))
                .orElseGet(() -> new Seen(0, evidence, OptionalLong.empty()));
    }

    /** Every component, asked now or a moment ago; takes at most {@link StorageProbe#WITHIN}. */
    List<Component> components() {
        Optional<String> objection = probe.objection();
        return List.of(
                Component.of(
                        "ledger",
                        ledger.failure().map(why -> "the ledger takes no records now; the server's log says why")),
                Component.of("storage", objection),
                checkpoint());
    }

    /** What the storage shows now, or showed when it last answered; empty when it never did. */
    Optional<Seen> seen() {
        probe.objection();
        return probe.seen();
    }

    /** Seconds since the newest checkpoint was signed; empty before the first. A clock that ran backwards makes it 0. */
    OptionalLong checkpointAgeSeconds() {
        OptionalLong signed = seen().map(Seen::checkpointAt).orElse(OptionalLong.empty());
        return signed.isEmpty()
                ? signed
                : OptionalLong.of(Math.max(0, clock.instant().getEpochSecond() - signed.getAsLong()));
    }

    private Component checkpoint() {
        OptionalLong age = checkpointAgeSeconds();
        OptionalLong limit = OptionalLong.of(checkpointLimit.toSeconds());
        if (age.isEmpty()) {
            return new Component(
                    "checkpoint",
                    "no checkpoint has been published yet: nothing signs, or too few witnesses answer",
                    age,
                    limit);
        }
        boolean old = age.getAsLong() > checkpointLimit.toSeconds();
        return new Component("checkpoint", old ? "the newest checkpoint is too old: nothing signs" : null, age, limit);
    }

    @PreDestroy
    void stop() {
        probe.close();
    }
}

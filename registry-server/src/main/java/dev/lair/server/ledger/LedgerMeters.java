package dev.lair.server.ledger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * What the ledger's threads count while they work; docs/METRICS.md is the list for people. Every name is there from the
 * start, so that a rate over it has a zero to begin with; only a witness's appears with its first request. An operator
 * command has no registry of metrics: then the counting goes nowhere.
 */
@Component
final class LedgerMeters {

    /** How a try to append a batch ended. */
    enum Batch {
        COMMITTED,
        /** Another node wrote first: planned again behind its records. */
        STALE,
        FAILED
    }

    /** How a checkpoint ended. */
    enum Round {
        PUBLISHED,
        /** Another node published as much or more. */
        OUTRUN,
        /** The storage or the witnesses did not let it: tried again. */
        RETRIED
    }

    /** How a request to a witness ended. */
    enum Request {
        COSIGNED,
        /** 409: it saw another size last, and is asked again from there. */
        CONFLICT,
        REFUSED,
        /** No answer, none in time, or one that cannot be read. */
        FAILED
    }

    private final MeterRegistry registry;
    private final DistributionSummary batchRecords;
    private final Map<Batch, Timer> commits = new EnumMap<>(Batch.class);
    private final Map<Round, Timer> rounds = new EnumMap<>(Round.class);

    @Autowired
    LedgerMeters(ObjectProvider<MeterRegistry> registry) {
        this(registry.getIfAvailable(CompositeMeterRegistry::new));
    }

    LedgerMeters(MeterRegistry registry) {
        this.registry = registry;
        this.batchRecords = DistributionSummary.builder("lair.ledger.batch.records")
                .description("Records in each batch that this node committed")
                .register(registry);
        for (Batch outcome : Batch.values()) {
            commits.put(outcome, timer("lair.ledger.commit", "Batches that this node tried to commit", outcome));
        }
        for (Round outcome : Round.values()) {
            rounds.put(
                    outcome,
                    timer(
                            "lair.ledger.publish",
                            "Checkpoints, from signing over the witnesses to publication",
                            outcome));
        }
    }

    private Timer timer(String name, String description, Enum<?> outcome) {
        return Timer.builder(name)
                .description(description)
                .tag("outcome", label(outcome))
                .register(registry);
    }

    private static String label(Enum<?> outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    /** A commit that began at this {@link System#nanoTime} ended now. */
    void committed(Batch outcome, int records, long startNanos) {
        record(commits, outcome, startNanos);
        if (outcome == Batch.COMMITTED) {
            batchRecords.record(records);
        }
    }

    /** A checkpoint that was begun at this {@link System#nanoTime} ended now. */
    void published(Round outcome, long startNanos) {
        record(rounds, outcome, startNanos);
    }

    /** A request to the witness of this configured name ended. */
    void asked(String witness, Request outcome) {
        Counter.builder("lair.witness.requests")
                .description("Requests to cosign a checkpoint, of either log")
                .tag("witness", witness)
                .tag("outcome", label(outcome))
                .register(registry)
                .increment();
    }

    private static <E extends Enum<E>> void record(Map<E, Timer> timers, E outcome, long startNanos) {
        Objects.requireNonNull(timers.get(outcome), "each outcome has a timer")
                .record(Duration.ofNanos(System.nanoTime() - startNanos));
    }
}

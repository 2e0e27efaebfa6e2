package dev.lair.server.ledger;

import dev.lair.server.TestKeys;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Storage;
import dev.lair.transparency.RecordId;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A ledger wired by hand. Closing it stops its threads and leaves the storage open, as a restart would find it. */
public record OpenLedger(Ledger ledger) implements AutoCloseable {

    /** The same names and keys at every start, as a key store would give them. */
    static final LogIdentity IDENTITY = identity();

    private static LogIdentity identity() {
        try {
            return LogIdentity.openOrCreate(TestKeys.store(), () -> "registry.example", new SecureRandom());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static OpenLedger open(LairSettings settings, Storage storage, CheckpointSigner keys, Clock clock) {
        return open(settings, storage, keys, Witnesses.NONE, clock);
    }

    static OpenLedger open(
            LairSettings settings, Storage storage, CheckpointSigner keys, Witnesses witnesses, Clock clock) {
        HighWater highWater = new HighWater(Optional.empty(), storage.archive(), IDENTITY.generation());
        return new OpenLedger(new Ledger(settings, storage, keys, IDENTITY, highWater, witnesses, clock, noMeters()));
    }

    static LedgerMeters noMeters() {
        return new LedgerMeters(new CompositeMeterRegistry());
    }

    /** A chain of this many records of one package, as only the ledger sees them: none can be decoded. */
    public static List<NewRecord> chain(String name, int count) {
        Chains chains = new Chains(0, 1);
        List<NewRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(chains.next(name));
        }
        return records;
    }

    /** Appends and waits until a checkpoint covers the record. */
    SignedCheckpoint append(NewRecord record) {
        return await(ledger.append(record).covered());
    }

    /** Appends one after the other, so that each has a checkpoint of its own. */
    void appendAll(List<NewRecord> records) {
        records.forEach(this::append);
    }

    /** Appends all without waiting, then waits until a checkpoint covers each. */
    void appendAtOnce(List<NewRecord> records) {
        List<Appended> promises = records.stream().map(ledger::append).toList();
        promises.forEach(promise -> await(promise.covered()));
    }

    /**
     * Waits until the sequencer has finished a whole round that began after this call: what was due by now is done. The
     * records that carry the question follow nothing, so that they are refused and leave no trace.
     */
    void settle() {
        for (int round = 0; round < 2; round++) {
            NewRecord stray = Chains.record("stray", RecordId.ofBytes(new byte[32]), "round " + round);
            try {
                ledger.append(stray).leafIndex().get(20, TimeUnit.SECONDS);
                throw new AssertionError("a record that follows nothing was appended");
            } catch (ExecutionException refused) {
                // HeadMoved, as wanted.
            } catch (InterruptedException | TimeoutException e) {
                throw new AssertionError("the sequencer does not answer", e);
            }
        }
        await(ledger.settled());
    }

    /** The value, soon, or the test fails. */
    public static <T> T await(CompletableFuture<T> promise) {
        try {
            return promise.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the promise was broken: " + e.getCause(), e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("nothing happened within 20 s", e);
        }
    }

    /** Why the promise was broken. */
    public static Throwable awaitFailure(CompletableFuture<?> promise) {
        try {
            Object value = promise.get(20, TimeUnit.SECONDS);
            throw new AssertionError("the promise was kept: " + value);
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("nothing happened within 20 s", e);
        }
    }

    @Override
    public void close() {
        ledger.stop();
    }
}

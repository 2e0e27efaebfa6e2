package dev.lair.cli.trust;

import dev.lair.cli.report.Fault;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies.PublishedRecord;
import dev.lair.signing.EcdsaP256;
import dev.lair.transparency.RecordId;
import java.util.ArrayList;
import java.util.List;

/** Puts fetched records through the state machine of their log (warg protocol, section 2). */
final class LogReplay {

    private LogReplay() {}

    /**
     * The operator log after all its records.
     *
     * @param records oldest first, at least one, each at the leaf that the registry gives for it
     */
    record Operator(List<Place> records, OperatorLog.State state) {

        /** Id of the first record, which names the registry more firmly than its address. */
        RecordId init() {
            return records.getFirst().record();
        }

        /** The newest record. */
        Place head() {
            return records.getLast();
        }
    }

    static Operator operator(List<PublishedRecord> fetched) throws Fault {
        if (fetched.isEmpty()) {
            throw Unproven.because("it sends no operator log, so nobody vouches for its checkpoint");
        }
        OperatorLog.State state = OperatorLog.State.EMPTY;
        List<Place> records = new ArrayList<>();
        for (PublishedRecord published : fetched) {
            try {
                SignedOperatorRecord record = SignedOperatorRecord.decode(published.signedRecord());
                state = state.append(record, EcdsaP256.INSTANCE);
                records.add(new Place(published.registryIndex(), record.id()));
            } catch (MalformedRecordException | RecordRejected e) {
                throw Unproven.because(place("the operator log", records.size(), fetched, published), e);
            }
        }
        return new Operator(records, state);
    }

    /** A package log after all its records. */
    record Replayed(List<VerifiedLog.Logged> records, PackageLog.State state) {}

    /**
     * Replays a package log.
     *
     * @param label how messages call it
     */
    static Replayed packageLog(String label, List<PublishedRecord> fetched) throws Fault {
        if (fetched.isEmpty()) {
            throw Unproven.because("it says neither that it does not have " + label + " nor what its log is");
        }
        PackageLog.State state = PackageLog.State.EMPTY;
        List<VerifiedLog.Logged> records = new ArrayList<>();
        for (PublishedRecord published : fetched) {
            try {
                SignedPackageRecord record = SignedPackageRecord.decode(published.signedRecord());
                state = state.append(record, EcdsaP256.INSTANCE);
                records.add(new VerifiedLog.Logged(published.registryIndex(), record));
            } catch (MalformedRecordException | RecordRejected e) {
                throw Unproven.because(place("the log of " + label, records.size(), fetched, published), e);
            }
        }
        return new Replayed(records, state);
    }

    private static String place(String log, int before, List<PublishedRecord> all, PublishedRecord record) {
        return "record " + (before + 1) + " of " + all.size() + " in " + log + " (leaf " + record.registryIndex()
                + ") may not stand there";
    }
}

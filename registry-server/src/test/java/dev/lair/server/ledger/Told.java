package dev.lair.server.ledger;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.RecordStatus;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.ledger.SystemCallTrace.Call;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Publication;
import dev.lair.storage.Storage;
import dev.lair.storage.SubmissionState;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a server told its clients from its line of the trace on, which it must not forget. */
sealed interface Told {

    /** The line on which the reply began to go out. */
    int line();

    /** A record was taken: 202 for it, or 201 for its last content. */
    record Accepted(int line, RecordStatus status) implements Told {}

    /** A checkpoint was shown. */
    record Shown(int line, CheckpointBody checkpoint) implements Told {}

    /** All promises among these calls, by line. */
    static List<Told> in(SystemCallTrace trace) throws MalformedBodyException {
        List<Told> told = new ArrayList<>();
        for (Call call : trace.calls()) {
            if (!call.is("write", "writev", "sendto", "sendmsg")
                    || !call.openFile().startsWith("socket:")) {
                continue;
            }
            String reply = new String(call.data(), ISO_8859_1);
            if (!reply.startsWith("HTTP/1.1 20") || reply.indexOf('{') < 0) {
                continue;
            }
            byte[] body = reply.substring(reply.indexOf('{'), reply.lastIndexOf('}') + 1)
                    .getBytes(ISO_8859_1);
            if (reply.contains("\"recordId\"")) {
                told.add(new Accepted(call.begin(), WargJson.readReply(body, RecordStatus.class)));
            } else if (reply.contains("\"mapRoot\"")) {
                told.add(new Shown(call.begin(), WargJson.readReply(body, CheckpointBody.class)));
            }
        }
        return told;
    }

    /** Fails when the storage does not know of all these. */
    static void requireKept(List<Told> told, Storage storage) {
        List<LogLeaf> leaves = storage.ledger().leaves(0, Long.MAX_VALUE);
        List<Frontier> frontiers = new ArrayList<>();
        frontiers.add(Frontier.empty());
        leaves.forEach(leaf -> frontiers.add(frontiers.getLast().append(leaf.hash())));
        long published =
                storage.ledger().latestPublication().map(Publication::treeSize).orElse(0L);
        for (Told one : told) {
            switch (one) {
                case Shown shown -> {
                    Checkpoint checkpoint =
                            shown.checkpoint().signedCheckpoint().contents().checkpoint();
                    assertThat(published).as("%s was shown", checkpoint).isGreaterThanOrEqualTo(checkpoint.logLength());
                    assertThat(frontiers
                                    .get(Math.toIntExact(checkpoint.logLength()))
                                    .root())
                            .as("log root of %s leaves", checkpoint.logLength())
                            .isEqualTo(checkpoint.logRoot());
                }
                case Accepted accepted -> requireKept(accepted.status(), storage, published);
            }
        }
    }

    private static void requireKept(RecordStatus status, Storage storage, long published) {
        RecordId record = status.recordId();
        Optional<LedgerEntry> entry = storage.ledger().entry(record);
        switch (status.state()) {
            case PUBLISHED -> {
                assertThat(entry.map(LedgerEntry::leafIndex))
                        .as("leaf of published record %s", record)
                        .contains(status.registryIndex());
                assertThat(published).as("leaves shown").isGreaterThan(status.registryIndex());
            }
            case PROCESSING ->
                assertThat(entry.isPresent()
                                || storage.submissions()
                                        .find(record)
                                        .filter(found -> found.state() instanceof SubmissionState.Processing)
                                        .isPresent())
                        .as("record %s, which was taken with all its contents, is in the ledger or waits", record)
                        .isTrue();
            case SOURCING ->
                assertThat(entry.isPresent()
                                || storage.submissions().find(record).isPresent())
                        .as("record %s, whose content was asked for, is in the ledger or waits", record)
                        .isTrue();
            case REJECTED -> throw new AssertionError("nobody disputes " + record + ": " + status.reason());
        }
    }
}

package dev.lair.server.web;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the pages of the ledger explorer show, one record a template of {@code ledger/}. */
public final class LedgerViews {

    private LedgerViews() {}

    /**
     * {@code ledger/index.jte}.
     *
     * @param checkpoint the newest; empty before the first is published
     * @param rows newest first
     * @param older the leaf below which the next page begins; absent on the last
     */
    public record Index(@Nullable Checkpoint checkpoint, List<Row> rows, Optional<Long> older, boolean newest) {}

    /**
     * A signed tree head as it is served.
     *
     * @param root base64, as in the note
     * @param signers names of the keys that the note says signed it
     * @param note the whole text
     */
    public record Checkpoint(String origin, long size, String root, List<String> signers, String note) {}

    /**
     * A record of the ledger.
     *
     * @param subject the package, or empty for the operator's own log
     * @param said what the record says, one text an entry
     * @param time ISO 8601, as its author says
     */
    public record Row(long leafIndex, String subject, String time, List<Said> said) {}

    /**
     * One entry of a record.
     *
     * @param path of the page of the release that it is about; empty for none
     */
    public record Said(String words, String path) {}

    /**
     * {@code ledger/record.jte}.
     *
     * @param previous record of the same log; empty for its first
     * @param proof hashes from the leaf to the root, base64
     */
    public record Record(
            Row row,
            String recordId,
            String logId,
            String previous,
            String keyId,
            String leafHash,
            Checkpoint checkpoint,
            List<String> proof,
            String proofPath,
            boolean last) {}

    /**
     * {@code ledger/consistency.jte}.
     *
     * @param hashes of RFC 9162's PROOF, base64
     */
    public record Consistency(long from, long to, long newest, String fromRoot, String toRoot, List<String> hashes) {}

    /** {@code ledger/evidence.jte}. */
    public record Evidence(
            @Nullable Checkpoint checkpoint, List<Stated> entries, Optional<Long> older, boolean newest) {}

    /**
     * An entry of the evidence log.
     *
     * @param kind what it states, in a word or two
     * @param recordPath of the explorer's page about the record; empty for none
     */
    public record Stated(long index, String kind, List<String> lines, String recordPath) {}
}

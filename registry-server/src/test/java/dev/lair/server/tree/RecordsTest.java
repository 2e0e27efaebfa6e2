package dev.lair.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.tree.RecordBundle;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.LogLeaf;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code records/**}: every record whole, as its author signed it. */
class RecordsTest extends TreeHttpTest {

    private static void requireLeaves(List<SignedRecord> records, List<LogLeaf> leaves) {
        assertThat(records).hasSameSizeAs(leaves);
        for (int i = 0; i < records.size(); i++) {
            LogLeaf leaf = leaves.get(i);
            RecordDomain domain =
                    leaf.logId().equals(OperatorLog.LOG_ID) ? RecordDomain.OPERATOR : RecordDomain.PACKAGE;
            assertThat(records.get(i).recordId(domain)).isEqualTo(leaf.recordId());
        }
    }

    @Test
    void everyRecordHashesToTheIdInItsLeaf() throws Exception {
        Reply full = get("records/000").requireOk();
        assertThat(full.bytes().length).as("more than is held at once").isGreaterThan(1 << 20);
        requireLeaves(RecordBundle.parse(full.bytes(), 256), ledger.leaves(0, 256));
        int rest = (int) ledger.publishedSize() - 256;
        Reply partial = get("records/001.p/" + rest).requireOk();
        requireLeaves(RecordBundle.parse(partial.bytes(), rest), ledger.leaves(256, 256 + rest));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 25, 26, 27, 100, 255})
    void partialBundleIsAPrefixOfTheFullOne(int width) throws Exception {
        byte[] partial = get("records/000.p/" + width).requireOk().bytes();
        requireLeaves(RecordBundle.parse(partial, width), ledger.leaves(0, width));
        assertThat(partial).isEqualTo(Arrays.copyOf(get("records/000").bytes(), partial.length));
    }

    @Test
    void recordsBeyondTheCheckpointAreNotThere() {
        int rest = (int) ledger.publishedSize() - 256;
        get("records/001.p/" + (rest + 1)).requireNotFound();
        get("records/001").requireNotFound();
        get("records/002.p/1").requireNotFound();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "records/0",
                "records/0000",
                "records/x000/000",
                "records/000/",
                "records/000.p/0",
                "records/000.p/256",
                "records/%30%30%30",
                "records/entries/000",
                "records/-01"
            })
    void otherSpellingIsNotThere(String path) {
        get(path).requireNotFound();
    }

    @Test
    void bundlesMayBeKeptAndHaveTheirLength() {
        Reply full = get("records/000");
        assertThat(full.header("cache-control")).contains("max-age=604800, public, immutable");
        assertThat(full.header("content-type")).contains("application/octet-stream");
        assertThat(full.header("content-length")).contains(Integer.toString(full.bytes().length));
        assertThat(get("records/000.p/3").header("cache-control")).contains("max-age=3600, public, immutable");
        Reply head = send("HEAD", "records/000");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.bytes()).isEmpty();
        assertThat(head.header("content-length")).isEqualTo(full.header("content-length"));
    }
}

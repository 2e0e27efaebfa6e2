package dev.lair.server.warg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.transparency.LogLeaf;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code v1/ledger} and its pages. */
class LedgerPagesTest extends HttpTest {

    @Test
    void pagesCoverEveryLeafOnceAndInOrder() {
        Appended last = null;
        for (var record : OpenLedger.chain(author().name().name(), 1500)) {
            last = ledger.append(record);
        }
        OpenLedger.await(Objects.requireNonNull(last).covered());

        JsonNode json = get("v1/ledger").json(200);
        assertThat(json.get("hashAlgorithm").asString()).isEqualTo("sha256");
        long next = 0;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (JsonNode source : json.get("sources")) {
            assertThat(source.get("firstRegistryIndex").asLong()).isEqualTo(next);
            long until = source.get("lastRegistryIndex").asLong() + 1;
            assertThat(source.get("contentType").asString()).isEqualTo("application/vnd.warg.ledger.packed");
            Reply page = get(source.get("url").asString());
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("content-type")).contains("application/vnd.warg.ledger.packed");
            assertThat(page.bytes()).hasSize((int) (64 * (until - next)));
            all.writeBytes(page.bytes());
            next = until;
        }
        assertThat(next).isEqualTo(size());
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (LogLeaf leaf : ledger.leaves(0, size())) {
            expected.writeBytes(leaf.logId().bytes());
            expected.writeBytes(leaf.recordId().bytes());
        }
        assertThat(all.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(get("v1/ledger/records/" + (size() - 3)).bytes()).hasSize(3 * 64);
    }

    @Test
    void pageBeyondTheLedgerIsNotFound() {
        get("v1/ledger/records/" + size()).requireError(404, "\"type\":\"leaf\",\"id\":" + size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "1.5", "9999999999999999999", "0x0"})
    void startThatIsNoIndexIsRefused(String start) {
        get("v1/ledger/records/" + start).requireMessage(400, "not a registry index");
    }
}

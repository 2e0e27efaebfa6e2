package dev.lair.registry.warg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.Vectors;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The packed ledger as the reference writes it (warg protocol, section 4, {@code v1/ledger/records}). */
class PackedLedgerTest {

    private static final JsonNode WORKED = Vectors.part("workedRegistry");
    private static final byte[] PACKED =
            HexFormat.of().parseHex(WORKED.get("ledgerPackedHex").asString());

    private static List<LogLeaf> leaves() {
        List<LogLeaf> leaves = new ArrayList<>();
        for (JsonNode record : WORKED.get("records")) {
            leaves.add(new LogLeaf(
                    LogId.parse(record.get("logId").asString()),
                    RecordId.parse(record.get("recordId").asString())));
        }
        return leaves;
    }

    @Test
    void recordsOfTheVectorsMakeItsBytes() {
        assertThat(PackedLedger.format(leaves())).isEqualTo(PACKED);
    }

    @Test
    void bytesOfTheVectorsAreItsRecords() throws MalformedLedgerException {
        assertThat(leaves()).hasSize(7);
        assertThat(PackedLedger.parse(PACKED)).isEqualTo(leaves());
    }

    @Test
    void noBytesAreNoRecords() throws MalformedLedgerException {
        assertThat(PackedLedger.parse(new byte[0])).isEmpty();
        assertThat(PackedLedger.format(List.of())).isEmpty();
    }

    @Test
    void everyFlippedByteIsAnotherLedger() throws MalformedLedgerException {
        for (int i = 0; i < PACKED.length; i++) {
            byte[] flipped = PACKED.clone();
            flipped[i] ^= 1;
            assertThat(PackedLedger.parse(flipped)).as("byte %d", i).isNotEqualTo(leaves());
            assertThat(PackedLedger.format(PackedLedger.parse(flipped))).isEqualTo(flipped);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "32, 32, 1", "63, 63, 1", "65, 1, 2", "96, 32, 2", "127, 63, 2", "447, 63, 7", "449, 1, 8"})
    void lengthThatCutsARecordIsRefused(int length, int into, int record) {
        assertThatThrownBy(() -> PackedLedger.parse(Arrays.copyOf(PACKED, length)))
                .isInstanceOf(MalformedLedgerException.class)
                .hasMessage("a packed ledger has 64 bytes for each record; these " + length + " bytes end " + into
                        + " bytes into record " + record);
    }
}

package dev.lair.registry.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.lair.registry.Vectors;
import dev.lair.signing.RecordDomain;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Records on the wire (warg protocol, section 1). */
class RecordCodecTest {

    @TestFactory
    Stream<DynamicTest> formatGivesTheReferencesBytes() {
        Stream<DynamicTest> logs = Vectors.part("referenceLogs")
                .valueStream()
                .map(log -> dynamicTest(log.get("file").asString(), () -> {
                    for (JsonNode record : log.get("records")) {
                        checkRoundTrip(log.get("kind").asString(), record);
                    }
                }));
        Stream<DynamicTest> worked = Vectors.part("workedRegistry")
                .get("records")
                .valueStream()
                .map(record -> dynamicTest(
                        "workedRegistry/" + record.get("registryIndex"),
                        () -> checkRoundTrip(record.get("kind").asString(), record)));
        return Stream.concat(logs, worked);
    }

    private static void checkRoundTrip(String kind, JsonNode record) throws MalformedRecordException {
        byte[] content =
                Base64.getDecoder().decode(record.get("contentBytesBase64").asString());
        if (kind.equals("package")) {
            assertThat(PackageRecordCodec.format(PackageRecordCodec.parse(content)))
                    .isEqualTo(content);
            assertThat(RecordDomain.PACKAGE.recordId(content))
                    .hasToString(record.get("recordId").asString());
        } else {
            assertThat(OperatorRecordCodec.format(OperatorRecordCodec.parse(content)))
                    .isEqualTo(content);
            assertThat(RecordDomain.OPERATOR.recordId(content))
                    .hasToString(record.get("recordId").asString());
        }
    }

    /** Hex of a package record that is wrong in one way, and a word of the reason. */
    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "'', no time",
        "1000, no time",
        "1a02, broken",
        "1a00 1a00, occurs twice",
        "1a00 2200, says nothing",
        "1a00 2202 3200, says nothing",
        "1a00 0a03 616263, SHA-256",
        "1a00 2204 0a02 0a00, not",
        "1a00 2203 2a01 ff, broken",
        "1a00 22052a030a0131, semantic version",
        "1a00 0b, groups",
        "1a0a 08ffffffffffffffff7f, out of range"
    })
    void brokenRecordIsRefusedWithItsReason(String hex, String reason) {
        byte[] content = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThatThrownBy(() -> PackageRecordCodec.parse(content))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void unspecifiedPermissionIsRefused() throws Exception {
        PackageEntry.Init init = (PackageEntry.Init) PackageRecordCodec.parse(contentOf("ok-init-release-yank", 0))
                .entries()
                .get(0);
        byte[] content = PackageRecordCodec.format(new PackageRecord(
                null,
                0,
                Instant.EPOCH,
                List.of(new PackageEntry.Grant(init.key(), List.of(PackagePermission.RELEASE)))));
        // The last byte is the permission.
        byte[] zero = content.clone();
        zero[zero.length - 1] = 0;
        assertThat(PackageRecordCodec.parse(content).entries()).hasSize(1);
        assertThatThrownBy(() -> PackageRecordCodec.parse(zero))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("permission number 0");
    }

    @Test
    void unknownFieldIsSkippedAsTheReferenceDoes() throws Exception {
        byte[] content = contentOf("ok-init-release-yank", 0);
        ByteArrayOutputStream extended = new ByteArrayOutputStream();
        extended.writeBytes(content);
        extended.writeBytes(HexFormat.of().parseHex("7a03616263"));
        assertThat(PackageRecordCodec.parse(extended.toByteArray())).isEqualTo(PackageRecordCodec.parse(content));
    }

    @Test
    void randomBytesGiveARecordOrTheTypedRefusal() {
        Random random = new Random(20261121);
        byte[] seed = contentOf("ok-init-release-yank", 0);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = i % 2 == 0 ? Arrays.copyOf(seed, random.nextInt(seed.length + 20)) : seed.clone();
            for (int flips = random.nextInt(4); flips >= 0 && mutated.length > 0; flips--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            try {
                PackageRecordCodec.parse(mutated);
                accepted++;
            } catch (MalformedRecordException expected) {
                assertThat(expected.getMessage()).startsWith("the record cannot be decoded: ");
            }
            try {
                OperatorRecordCodec.parse(mutated);
            } catch (MalformedRecordException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
        assertThat(accepted).isPositive();
    }

    private static byte[] contentOf(String name, int record) {
        return Vectors.part("stateMachineCases")
                .get("cases")
                .valueStream()
                .filter(vector -> vector.get("name").asString().equals(name))
                .map(vector -> Base64.getDecoder()
                        .decode(vector.get("records")
                                .get(record)
                                .get("contentBytesBase64")
                                .asString()))
                .findFirst()
                .orElseThrow();
    }
}

package dev.lair.registry.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.lair.registry.Vectors;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.RecordId;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The state machine gives the reference's verdict, and its words where it rejects (warg protocol, section 2). */
class StateMachineTest {

    @TestFactory
    Stream<DynamicTest> verdictIsTheReferences() {
        JsonNode cases = Vectors.part("stateMachineCases").get("cases");
        assertThat(cases).hasSize(34);
        return cases.valueStream().map(vector -> dynamicTest(vector.get("name").asString(), () -> check(vector)));
    }

    private static void check(JsonNode vector) throws MalformedRecordException {
        RecordRejected rejected = vector.get("kind").asString().equals("package")
                ? appendAllToPackageLog(vector.get("records"))
                : appendAllToOperatorLog(vector.get("records"));
        String result = vector.get("result").asString();
        if (result.equals("Valid")) {
            assertThat(rejected).isNull();
            return;
        }
        if (rejected == null) {
            fail("accepted, but the reference says %s", result);
            return;
        }
        assertThat(rejected).hasMessage(vector.get("errorText").asString());
        assertThat(rejected.reason().getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .isEqualTo(result.toLowerCase(Locale.ROOT));
    }

    /** Every record but the last must be accepted; the verdict is on the last. */
    private static @Nullable RecordRejected appendAllToPackageLog(JsonNode records) throws MalformedRecordException {
        PackageLog.State state = PackageLog.State.EMPTY;
        for (int i = 0; i < records.size(); i++) {
            SignedRecord envelope = LogRecords.envelope(records.get(i), "signature");
            try {
                state = state.append(SignedPackageRecord.decode(envelope), EcdsaP256.INSTANCE);
            } catch (RecordRejected rejected) {
                assertThat(i).isEqualTo(records.size() - 1);
                return rejected;
            }
        }
        return null;
    }

    private static @Nullable RecordRejected appendAllToOperatorLog(JsonNode records) throws MalformedRecordException {
        OperatorLog.State state = OperatorLog.State.EMPTY;
        for (int i = 0; i < records.size(); i++) {
            SignedRecord envelope = LogRecords.envelope(records.get(i), "signature");
            try {
                state = state.append(SignedOperatorRecord.decode(envelope), EcdsaP256.INSTANCE);
            } catch (RecordRejected rejected) {
                assertThat(i).isEqualTo(records.size() - 1);
                return rejected;
            }
        }
        return null;
    }

    @TestFactory
    Stream<DynamicTest> referenceLogEndsInTheReferencesState() {
        return Vectors.part("referenceLogs")
                .valueStream()
                .map(log -> dynamicTest(log.get("file").asString(), () -> checkReferenceLog(log)));
    }

    private static void checkReferenceLog(JsonNode log) throws MalformedRecordException, RecordRejected {
        JsonNode expected = log.get("expectedState");
        if (log.get("kind").asString().equals("package")) {
            PackageLog.State state = PackageLog.State.EMPTY;
            for (JsonNode record : log.get("records")) {
                state = state.append(decodePackage(record), EcdsaP256.INSTANCE);
            }
            checkHead(state.head().orElseThrow(), expected);
            assertThat(texts(state.keys())).isEqualTo(texts(expected.get("keys")));
            PackageLog.State last = state;
            expected.get("permissions")
                    .propertyStream()
                    .forEach(entry -> assertThat(last.permissions(dev.lair.signing.KeyId.parse(entry.getKey())).stream()
                                    .map(Permission::label))
                            .containsExactlyInAnyOrderElementsOf(entry.getValue()
                                    .valueStream()
                                    .map(JsonNode::asString)
                                    .toList()));
        } else {
            OperatorLog.State state = OperatorLog.State.EMPTY;
            for (JsonNode record : log.get("records")) {
                state = state.append(decodeOperator(record), EcdsaP256.INSTANCE);
            }
            checkHead(state.head().orElseThrow(), expected);
            assertThat(texts(state.keys())).isEqualTo(texts(expected.get("keys")));
        }
    }

    private static void checkHead(LogHead head, JsonNode expected) {
        assertThat(head.recordId())
                .isEqualTo(RecordId.parse(expected.get("head").get("digest").asString()));
        assertThat(head.time().getEpochSecond() + "."
                        + "%09d".formatted(head.time().getNano()))
                .isEqualTo(expected.get("head").get("timestamp").asString());
    }

    private static Map<String, String> texts(Map<dev.lair.signing.KeyId, dev.lair.signing.PublicKey> keys) {
        return keys.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().toString(),
                        entry -> entry.getValue().text()));
    }

    private static Map<String, String> texts(JsonNode object) {
        return object.propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().asString()));
    }

    private static SignedPackageRecord decodePackage(JsonNode record) throws MalformedRecordException {
        return SignedPackageRecord.decode(LogRecords.envelope(record, "signatureRfc6979"));
    }

    private static SignedOperatorRecord decodeOperator(JsonNode record) throws MalformedRecordException {
        return SignedOperatorRecord.decode(LogRecords.envelope(record, "signatureRfc6979"));
    }

    @Test
    void rejectedRecordLeavesTheStateUntouched() throws Exception {
        JsonNode twice = Vectors.part("stateMachineCases")
                .get("cases")
                .valueStream()
                .filter(vector -> vector.get("name").asString().equals("release-twice"))
                .findFirst()
                .orElseThrow();
        PackageLog.State state = PackageLog.State.EMPTY;
        JsonNode records = twice.get("records");
        for (int i = 0; i < records.size() - 1; i++) {
            state = state.append(
                    SignedPackageRecord.decode(LogRecords.envelope(records.get(i), "signature")), EcdsaP256.INSTANCE);
        }
        LogHead head = state.head().orElseThrow();
        int releases = state.releases().size();
        try {
            state.append(
                    SignedPackageRecord.decode(LogRecords.envelope(records.get(records.size() - 1), "signature")),
                    EcdsaP256.INSTANCE);
            fail("the second release was accepted");
        } catch (RecordRejected expected) {
            assertThat(state.head()).contains(head);
            assertThat(state.releases()).hasSize(releases);
        }
    }
}

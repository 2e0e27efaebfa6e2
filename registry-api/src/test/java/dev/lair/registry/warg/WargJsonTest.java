package dev.lair.registry.warg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.lair.registry.Namespace;
import dev.lair.registry.Vectors;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.ConsistencyRequest;
import dev.lair.registry.warg.WargBodies.ContentSourcesResponse;
import dev.lair.registry.warg.WargBodies.FetchLogsRequest;
import dev.lair.registry.warg.WargBodies.FetchLogsResponse;
import dev.lair.registry.warg.WargBodies.FetchNamesRequest;
import dev.lair.registry.warg.WargBodies.FetchNamesResponse;
import dev.lair.registry.warg.WargBodies.InclusionRequest;
import dev.lair.registry.warg.WargBodies.LedgerResponse;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.RecordStatus;
import dev.lair.registry.warg.WargBodies.VerifyCheckpointResponse;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of the warg API as the reference writes them (warg protocol, section 4). */
class WargJsonTest {

    private static final JsonMapper PLAIN = new JsonMapper();

    @TestFactory
    Stream<DynamicTest> bodyReadAndWrittenIsTheSame() {
        JsonNode examples = Vectors.part("httpExamples");
        return Stream.of(
                same("publishRequest", examples.get("publishRequest").get("body"), PublishRequest.class),
                same("sourcing", examples.get("publishResponse202Sourcing"), RecordStatus.class),
                same("processing", examples.get("publishResponse202Processing"), RecordStatus.class),
                same("published", examples.get("recordPublished"), RecordStatus.class),
                same("rejected", examples.get("recordRejected"), RecordStatus.class),
                same("fetchLogsRequest", examples.get("fetchLogsRequest"), FetchLogsRequest.class),
                same("fetchLogsResponse", examples.get("fetchLogsResponse"), FetchLogsResponse.class),
                same("fetchNamesRequest", examples.get("fetchNamesRequest"), FetchNamesRequest.class),
                same("fetchNamesResponse", examples.get("fetchNamesResponse"), FetchNamesResponse.class),
                same("contentSources", examples.get("contentSources"), ContentSourcesResponse.class),
                same("ledger", examples.get("ledger"), LedgerResponse.class),
                same("verify", examples.get("verifyCheckpointResponse"), VerifyCheckpointResponse.class),
                same(
                        "checkpoint",
                        Vectors.part("workedRegistry")
                                .get("records")
                                .get(0)
                                .get("checkpointAfter")
                                .get("json"),
                        CheckpointBody.class));
    }

    private static DynamicTest same(String name, JsonNode json, Class<?> type) {
        return dynamicTest(name, () -> {
            Object body = WargJson.read(PLAIN.writeValueAsBytes(json), type);
            assertThat(PLAIN.readTree(WargJson.write(body))).isEqualTo(json);
        });
    }

    @TestFactory
    Stream<DynamicTest> errorIsTheReferences() {
        LogId log = LogId.parse("sha256:9f9d9b178a40a81622705389a859c60b844e5a561eb05613058b1131ccd31bb2");
        RecordId record = RecordId.parse("sha256:9d8c81fa57181946fbe352e180e3b5a289c31061c60ef97ff0ac86d13ed4681f");
        Digest digest = Digest.parse("sha256:24eaf3439a60c96764c4f2c92a0a81b52bd4fe5d5b91f090184a0f6486b1bf29");
        Map<String, WargError> errors = Map.ofEntries(
                Map.entry("logNotFound", WargError.logNotFound(log)),
                Map.entry("fetchTokenNotFound", WargError.fetchTokenNotFound("x")),
                Map.entry("checkpointNotFound", WargError.checkpointNotFound(99)),
                Map.entry("leafNotFound", WargError.leafNotFound(99)),
                Map.entry("recordNotFound", WargError.recordNotFound(record)),
                Map.entry("namespaceNotDefined", WargError.namespaceNotDefined(new Namespace("nope"))),
                Map.entry("namespaceImported", WargError.namespaceImported(new Namespace("other"))),
                Map.entry("conflictPendingPublish", WargError.conflict(record)),
                Map.entry("recordNotSourcing", WargError.recordNotSourcing()),
                Map.entry("unauthorized", WargError.message(401, "...")),
                Map.entry("rejection", WargError.message(422, "...")),
                Map.entry("notSupported", WargError.message(501, "...")),
                Map.entry("contentNotFound", WargError.contentNotFound(digest)),
                Map.entry("bundleFailure", WargError.bundleFailure("...")),
                Map.entry("packageNotIncluded", WargError.packageNotIncluded(log)),
                Map.entry("generic", WargError.message(400, "...")));
        JsonNode expected = Vectors.part("httpExamples").get("errors");
        return errors.entrySet().stream()
                .map(error -> dynamicTest(
                        error.getKey(),
                        () -> assertThat(PLAIN.readTree(WargJson.write(error.getValue())))
                                .isEqualTo(expected.get(error.getKey()))));
    }

    @Test
    void incorrectProofNamesBothRoots() {
        RootHash root = RootHash.parse("sha256:" + "a".repeat(64));
        RootHash found = RootHash.parse("sha256:" + "b".repeat(64));
        assertThat(new String(WargJson.write(WargError.incorrectProof(root, found)), StandardCharsets.UTF_8))
                .isEqualTo("{\"status\":422,\"reason\":\"incorrectProof\",\"root\":\"" + root + "\",\"found\":\""
                        + found + "\"}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown member | {\"from\":1,\"to\":2,\"x\":3} | x",
                "missing member | {\"from\":1} | to",
                "null member | {\"from\":1,\"to\":null} | to",
                "number as text | {\"from\":\"1\",\"to\":2} | from",
                "fraction | {\"from\":1.5,\"to\":2} | from",
                "too large | {\"from\":99999999999999999999,\"to\":2} | from",
                "duplicate member | {\"from\":1,\"from\":1,\"to\":2} | from",
                "trailing bytes | {\"from\":1,\"to\":2}} | ",
                "array | [1,2] | ",
                "null | null | null",
                "cut | {\"from\":1 | ",
                "empty | '' | ",
            })
    void badBodyIsRefusedWithItsPlace(String name, String json, String place) {
        assertThatThrownBy(() -> WargJson.read(json.getBytes(StandardCharsets.UTF_8), ConsistencyRequest.class))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining(place == null ? "" : place)
                .message()
                .doesNotContain("dev.lair")
                .doesNotContain("java.");
    }

    @Test
    void malformedIdIsNamedWithItsPlace() {
        assertThatThrownBy(() -> WargJson.read(
                        "{\"packages\":[\"sha256:XY\"]}".getBytes(StandardCharsets.UTF_8), FetchNamesRequest.class))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("packages[0]")
                .hasMessageContaining("sha256:XY");
    }

    @Test
    void nullInsideAListIsRefused() {
        assertThatThrownBy(() -> WargJson.read(
                        "{\"logLength\":1,\"leafs\":[0,null]}".getBytes(StandardCharsets.UTF_8),
                        InclusionRequest.class))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("leafs[1]");
    }

    @Test
    void sloppyBase64IsRefused() {
        String json = "{\"contentBytes\":\"QQ\",\"keyId\":\"sha256:" + "a".repeat(64)
                + "\",\"signature\":\"ecdsa-p256:AA==\"}";
        assertThatThrownBy(() -> WargJson.read(json.getBytes(StandardCharsets.UTF_8), WargBodies.RecordBody.class))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("contentBytes");
    }

    @Test
    void deepNestingIsRefused() {
        byte[] json = ("[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> WargJson.read(json, ConsistencyRequest.class))
                .isInstanceOf(MalformedBodyException.class);
    }

    @Test
    void replyMayHaveMembersThatWeDoNotKnow() throws Exception {
        byte[] json = "{\"proof\":\"AQ==\",\"later\":true}".getBytes(StandardCharsets.UTF_8);
        assertThat(WargJson.readReply(json, WargBodies.ConsistencyResponse.class)
                        .proof())
                .containsExactly(1);
    }
}

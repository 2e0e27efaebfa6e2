package dev.lair.openapi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lair.openapi.warg.client.ApiClient;
import dev.lair.openapi.warg.client.ApiException;
import dev.lair.openapi.warg.client.WargApi;
import dev.lair.openapi.warg.model.ConsistencyRequest;
import dev.lair.openapi.warg.model.ContentSource;
import dev.lair.openapi.warg.model.FetchLogsRequest;
import dev.lair.openapi.warg.model.FetchLogsResponse;
import dev.lair.openapi.warg.model.FetchNamesRequest;
import dev.lair.openapi.warg.model.FetchNamesResponse;
import dev.lair.openapi.warg.model.InclusionRequest;
import dev.lair.openapi.warg.model.LedgerSourcesResponse;
import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.PublishRecordRequest;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.openapi.warg.model.SignedCheckpoint;
import dev.lair.openapi.warg.model.VerificationState;
import dev.lair.openapi.warg.model.WargError;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The generated client against the protocol's own examples: what it sends, what it reads, what it reports. */
class WargClientTest {
    private static final String LOG_ID =
            HttpExamples.at("/errors/logNotFound/id").asString();
    private static final String RECORD_ID =
            HttpExamples.at("/recordPublished/recordId").asString();
    private static final String DIGEST =
            HttpExamples.at("/errors/contentNotFound/id").asString();

    private final ObjectMapper mapper = ApiClient.createDefaultObjectMapper();
    private final CannedServer server;
    private final WargApi api;

    WargClientTest() throws IOException {
        server = new CannedServer();
        api = server.api();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void fetchCheckpointReadsTheSignedCheckpoint() throws Exception {
        JsonNode expected = HttpExamples.vector("/workedRegistry/records/6/checkpointAfter/json");
        server.answers(200, expected);

        SignedCheckpoint checkpoint = api.fetchCheckpoint();

        assertSent("GET", "/v1/fetch/checkpoint");
        assertThat(checkpoint.getContents().getLogLength()).isEqualTo(7L);
        assertSame(checkpoint, expected);
    }

    @Test
    void fetchLogsSendsExplicitNullsAndReadsEveryRecord() throws Exception {
        JsonNode expected = HttpExamples.at("/fetchLogsResponse");
        server.answers(200, expected);
        Map<String, String> packages = new HashMap<>();
        packages.put(LOG_ID, null);

        FetchLogsResponse response =
                api.fetchLogs(new FetchLogsRequest().logLength(2L).packages(packages));

        assertSent("POST", "/v1/fetch/logs", HttpExamples.at("/fetchLogsRequest"));
        assertThat(response.getPackages()).containsOnlyKeys(LOG_ID);
        assertThat(requireNonNull(requireNonNull(response.getPackages()).get(LOG_ID))
                        .get(0)
                        .getContentBytes())
                .isEqualTo(Base64.getDecoder()
                        .decode(expected.at("/packages/" + LOG_ID + "/0/contentBytes")
                                .asString()));
        assertSame(response, expected);
    }

    @Test
    void fetchLogsKeepsNullAndEmptyListsApart() throws Exception {
        server.answers(
                200, "{\"more\":true,\"packages\":{\"a\":null,\"b\":[]},\"warnings\":[{\"message\":\"w\"}],\"new\":1}");

        FetchLogsResponse response = api.fetchLogs(new FetchLogsRequest().logLength(2L));

        assertThat(server.received().body()).isEqualTo("{\"logLength\":2}");
        assertThat(response.getMore()).isTrue();
        assertThat(response.getOperator()).isNull();
        assertThat(response.getPackages()).containsOnlyKeys("a", "b");
        assertThat(requireNonNull(response.getPackages()).get("a")).isNull();
        assertThat(requireNonNull(response.getPackages()).get("b")).isEmpty();
        assertThat(requireNonNull(response.getWarnings()).get(0).getMessage()).isEqualTo("w");
    }

    @Test
    void fetchNamesReadsNamesAndNulls() throws Exception {
        server.answers(200, HttpExamples.at("/fetchNamesResponse"));

        FetchNamesResponse response = api.fetchNames(new FetchNamesRequest().addPackagesItem(LOG_ID));

        assertSent("POST", "/v1/fetch/names", HttpExamples.at("/fetchNamesRequest"));
        assertThat(response.getPackages()).containsExactly(Map.entry(LOG_ID, "test:component"));

        server.answers(200, "{\"packages\":{\"" + LOG_ID + "\":null}}");
        assertThat(api.fetchNames(new FetchNamesRequest().addPackagesItem(LOG_ID))
                        .getPackages())
                .containsEntry(LOG_ID, null);
    }

    @Test
    void publishSendsTheRecordAndReadsMissingContent() throws Exception {
        JsonNode request = HttpExamples.at("/publishRequest");
        JsonNode expected = HttpExamples.at("/publishResponse202Sourcing");
        server.answers(202, expected);

        PackageRecord record =
                api.publishRecord(LOG_ID, mapper.treeToValue(request.get("body"), PublishRecordRequest.class));

        assertSent("POST", request.get("path").asString(), request.get("body"));
        assertThat(record.getState()).isEqualTo(RecordState.SOURCING);
        assertThat(requireNonNull(requireNonNull(record.getMissingContent()).get(DIGEST))
                        .getUpload()
                        .get(0)
                        .getMethod())
                .hasToString("POST");
        assertSame(record, expected);
    }

    @Test
    void publishSendsContentSourcesByDigest() throws Exception {
        server.answers(202, HttpExamples.at("/publishResponse202Processing"));
        JsonNode body = HttpExamples.at("/publishRequest/body");
        PublishRecordRequest request = mapper.treeToValue(body, PublishRecordRequest.class)
                .putContentSourcesItem(
                        DIGEST,
                        List.of(new ContentSource()
                                .type(ContentSource.TypeEnum.HTTP_GET)
                                .url("https://example.com/c")));

        api.publishRecord(LOG_ID, request);

        assertThat(HttpExamples.JSON.readTree(server.received().body()).at("/contentSources/" + DIGEST))
                .isEqualTo(HttpExamples.JSON.readTree("[{\"type\":\"httpGet\",\"url\":\"https://example.com/c\"}]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/publishResponse202Sourcing",
                "/publishResponse202Processing",
                "/recordPublished",
                "/recordRejected"
            })
    void everyRecordStateIsReadWithItsOwnFieldsOnly(String example) throws Exception {
        JsonNode expected = HttpExamples.at(example);
        server.answers(200, expected);

        PackageRecord record = api.getRecord(LOG_ID, RECORD_ID);

        assertSent("GET", "/v1/package/" + LOG_ID + "/record/" + RECORD_ID);
        assertThat(record.getState()).hasToString(expected.get("state").asString());
        assertSame(record, expected);
    }

    @Test
    void contentSourcesAreReadByDigest() throws Exception {
        JsonNode expected = HttpExamples.at("/contentSources");
        server.answers(200, expected);

        var sources = api.getContentSources(DIGEST);

        assertSent("GET", "/v1/content/" + DIGEST);
        assertThat(requireNonNull(sources.getContentSources().get(DIGEST))
                        .get(0)
                        .getUrl())
                .endsWith(DIGEST.replace(':', '-'));
        assertSame(sources, expected);
    }

    @Test
    void proofsAreBytes() throws Exception {
        JsonNode consistency = HttpExamples.vector("/workedRegistry/consistency/1");
        String base64 = consistency.get("proofBase64").asString();
        server.answers(200, "{\"proof\":\"" + base64 + "\"}");
        long from = consistency.get("from").asLong();
        long to = consistency.get("to").asLong();

        byte[] proof =
                api.proveConsistency(new ConsistencyRequest().from(from).to(to)).getProof();

        assertSent(
                "POST",
                "/v1/proof/consistency",
                HttpExamples.JSON.readTree("{\"from\":" + from + ",\"to\":" + to + "}"));
        assertThat(proof).isEqualTo(Base64.getDecoder().decode(base64));

        JsonNode inclusion = HttpExamples.vector("/workedRegistry/inclusion");
        server.answers(200, inclusion.get("response"));

        var answer = api.proveInclusion(new InclusionRequest().logLength(7L).leafs(List.of(6L, 4L, 5L)));

        assertSent("POST", "/v1/proof/inclusion", inclusion.get("request"));
        assertSame(answer, inclusion.get("response"));
    }

    @Test
    void verifyCheckpointReadsBothVerdicts() throws Exception {
        JsonNode checkpoint = HttpExamples.vector("/workedRegistry/records/6/checkpointAfter/json");
        JsonNode expected = HttpExamples.at("/verifyCheckpointResponse");
        server.answers(200, expected);

        var verdict = api.verifyCheckpoint(mapper.treeToValue(checkpoint, SignedCheckpoint.class));

        assertSent("POST", "/v1/verify/checkpoint", checkpoint);
        assertThat(verdict.getCheckpoint()).isEqualTo(VerificationState.VERIFIED);
        assertSame(verdict, expected);
    }

    @Test
    void ledgerSourcesAreRead() throws Exception {
        JsonNode expected = HttpExamples.at("/ledger");
        server.answers(200, expected);

        LedgerSourcesResponse ledger = api.getLedgerSources();

        assertSent("GET", "/v1/ledger");
        assertThat(ledger.getSources().get(0).getLastRegistryIndex()).isEqualTo(6L);
        assertSame(ledger, expected);
    }

    @Test
    void wellKnownFileIsReadBelowAPathPrefix() throws Exception {
        server.answers(
                200, "{\"preferredProtocol\":\"oci\",\"oci\":{\"registry\":\"h\"},\"warg\":{\"url\":\"http://h\"}}");
        ApiClient client = server.client();
        client.updateBaseUri(server.url() + "/prefix");

        var wellKnown = new WargApi(client).getWellKnown();

        assertSent("GET", "/prefix/.well-known/wasm-pkg/registry.json");
        assertThat(requireNonNull(wellKnown.getWarg()).getUrl()).isEqualTo("http://h");
    }

    @Test
    void interceptorAddsTheBearerToken() throws Exception {
        server.answers(200, HttpExamples.at("/ledger"));
        ApiClient client = server.client();
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer t"));

        new WargApi(client).getLedgerSources();

        assertThat(server.received().authorization()).isEqualTo("Bearer t");
    }

    static Stream<Map.Entry<String, JsonNode>> errors() {
        return HttpExamples.at("/errors").properties().stream();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorsKeepStatusRawBodyAndFields(Map.Entry<String, JsonNode> error) {
        JsonNode expected = error.getValue();
        int status = expected.get("status").asInt();
        server.answers(status, expected);

        ApiException thrown = catchThrowableOfType(ApiException.class, () -> api.fetchCheckpoint());

        assertThat(thrown.getCode()).isEqualTo(status);
        assertThat(thrown.getResponseBody()).isEqualTo(expected.toString());
        assertSame(mapper.readValue(thrown.getResponseBody(), WargError.class), expected);
    }

    @Test
    void errorWithoutJsonKeepsItsText() {
        server.answers(501, "not here");

        ApiException thrown = catchThrowableOfType(ApiException.class, () -> api.getRecord(LOG_ID, RECORD_ID));

        assertThat(thrown.getCode()).isEqualTo(501);
        assertThat(thrown.getResponseBody()).isEqualTo("not here");
    }

    private void assertSent(String method, String path) {
        CannedServer.Request request = server.received();
        assertThat(request.method()).isEqualTo(method);
        assertThat(request.path()).isEqualTo(path);
    }

    private void assertSent(String method, String path, JsonNode body) {
        CannedServer.Request request = server.received();
        assertThat(request.method()).isEqualTo(method);
        assertThat(request.path()).isEqualTo(path);
        assertThat(HttpExamples.JSON.readTree(request.body())).isEqualTo(body);
    }

    /** Reading lost nothing: written again, the value is the message that came. */
    private void assertSame(Object value, JsonNode expected) {
        assertThat(HttpExamples.JSON.readTree(mapper.writeValueAsString(value))).isEqualTo(expected);
    }
}

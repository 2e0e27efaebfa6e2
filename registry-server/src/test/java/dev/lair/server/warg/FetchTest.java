package dev.lair.server.warg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.FetchLogsRequest;
import dev.lair.registry.warg.WargBodies.FetchLogsResponse;
import dev.lair.registry.warg.WargBodies.FetchNamesRequest;
import dev.lair.registry.warg.WargBodies.PublishedRecord;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.Author;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code v1/fetch/checkpoint}, {@code v1/fetch/logs}, {@code v1/fetch/names}. */
class FetchTest extends HttpTest {

    private static final LogId UNKNOWN =
            LogId.ofBytes(Digest.of("nobody".getBytes()).bytes());

    private Reply logs(
            long size, @Nullable Integer limit, @Nullable String operator, Map<LogId, @Nullable String> logs) {
        return post("v1/fetch/logs", new FetchLogsRequest(size, limit, operator, logs));
    }

    private static Map<LogId, @Nullable String> asking(Author author, @Nullable String token) {
        Map<LogId, @Nullable String> logs = new HashMap<>();
        logs.put(author.log(), token);
        return logs;
    }

    @Test
    void checkpointIsTheNewestAndSignedByTheOperator() throws Exception {
        release(author(), "1.0.0");
        Reply reply = get("v1/fetch/checkpoint");
        reply.json(200);
        SignedCheckpoint checkpoint =
                WargJson.readReply(reply.bytes(), CheckpointBody.class).signedCheckpoint();
        assertThat(ledger.checkpoint()).contains(checkpoint);
        assertThat(checkpoint.keyId()).isEqualTo(OperatorKeyFile.KEY.keyId());
        assertThat(checkpoint.verify(OperatorKeyFile.KEY.publicKey(), EcdsaP256.INSTANCE))
                .isTrue();
    }

    @Test
    void logsAreGivenFromTheStartInOrder() throws Exception {
        Author author = author();
        long first = release(author, "1.0.0");
        long second = release(author, "1.0.1");
        Reply reply = logs(size(), null, null, asking(author, null));
        JsonNode json = reply.json(200);
        assertThat(names(json)).containsExactlyInAnyOrder("more", "operator", "packages");
        assertThat(json.get("more").asBoolean()).isFalse();

        FetchLogsResponse body = WargJson.readReply(reply.bytes(), FetchLogsResponse.class);
        assertThat(body.operator()).isNotEmpty().first().satisfies(record -> {
            assertThat(record.registryIndex()).isZero();
            assertThat(record.keyId()).isEqualTo(OperatorKeyFile.KEY.keyId());
        });
        List<PublishedRecord> records = packages(body).getOrDefault(author.log(), List.of());
        assertThat(records).extracting(PublishedRecord::registryIndex).containsExactly(first, second);
        PackageLog.State log = PackageLog.State.EMPTY;
        for (PublishedRecord record : records) {
            SignedPackageRecord signed = SignedPackageRecord.decode(record.signedRecord());
            assertThat(record.fetchToken()).isEqualTo(signed.id().toString());
            log = log.append(signed, EcdsaP256.INSTANCE);
        }
        assertThat(log.head().orElseThrow().recordId()).isEqualTo(author.head());
    }

    private static Map<LogId, List<PublishedRecord>> packages(FetchLogsResponse body) {
        Map<LogId, List<PublishedRecord>> packages = body.packages();
        return packages == null ? Map.of() : packages;
    }

    @Test
    void tokensContinueBehindTheirRecord() {
        Author author = author();
        release(author, "1.0.0");
        String token = String.valueOf(author.head());
        long second = release(author, "1.0.1");
        JsonNode page =
                logs(size(), null, operatorHead(), asking(author, token)).json(200);
        JsonNode records = page.get("packages").get(author.log().toString());
        assertThat(records).hasSize(1);
        assertThat(records.get(0).get("registryIndex").asLong()).isEqualTo(second);
        assertThat(page.has("operator")).isFalse();
        // Without news the list is empty: the client has something already.
        JsonNode none = logs(size(), null, null, asking(author, String.valueOf(author.head())))
                .json(200);
        assertThat(none.get("packages").get(author.log().toString())).isEmpty();
        assertThat(none.get("more").asBoolean()).isFalse();
    }

    private String operatorHead() {
        return ledger.logEntries(OperatorLog.LOG_ID, 0, size(), 1000)
                .getLast()
                .recordId()
                .toString();
    }

    @Test
    void exactFitCostsOneEmptyRound() {
        Author author = author();
        for (int i = 0; i < 4; i++) {
            release(author, "1.0." + i);
        }
        JsonNode exact = logs(size(), 4, operatorHead(), asking(author, null)).json(200);
        assertThat(exact.get("packages").get(author.log().toString())).hasSize(4);
        assertThat(exact.get("more").asBoolean()).isTrue();
        JsonNode empty = logs(size(), 4, operatorHead(), asking(author, String.valueOf(author.head())))
                .json(200);
        assertThat(empty.get("more").asBoolean()).isFalse();

        JsonNode page = logs(size(), 3, operatorHead(), asking(author, null)).json(200);
        assertThat(page.get("more").asBoolean()).isTrue();
        String token = page.get("packages")
                .get(author.log().toString())
                .get(2)
                .get("fetchToken")
                .asString();
        JsonNode rest = logs(size(), 3, operatorHead(), asking(author, token)).json(200);
        assertThat(rest.get("packages").get(author.log().toString())).hasSize(1);
        assertThat(rest.get("more").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1001, -1, Integer.MAX_VALUE})
    void limitBeyondOneTo1000IsRefused(int limit) {
        logs(size(), limit, null, Map.of()).requireMessage(400, "limit " + limit, "1 to 1000");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void limitOfOneAndOf1000IsTaken(int limit) {
        logs(size(), limit, null, Map.of()).json(200);
    }

    @Test
    void readsArePinnedToTheLengthOfACheckpoint() {
        Author author = author();
        release(author, "1.0.0");
        long then = size();
        release(author, "1.0.1");
        JsonNode records = logs(then, null, null, asking(author, null))
                .json(200)
                .get("packages")
                .get(author.log().toString());
        assertThat(records).hasSize(1);
    }

    @Test
    void lengthThatNoCheckpointHasIsNotFound() {
        for (long length : new long[] {0, size() + 1, -1, Long.MAX_VALUE}) {
            logs(length, null, null, Map.of()).requireError(404, "\"type\":\"logLength\",\"id\":" + length);
        }
    }

    @Test
    void unknownLogIsNotFoundAndNeverAnEmptyList() {
        Map<LogId, @Nullable String> unknown = new HashMap<>();
        unknown.put(UNKNOWN, null);
        Reply reply = logs(size(), null, null, unknown);
        reply.requireError(404, "\"type\":\"log\",\"id\":\"" + UNKNOWN + "\"");
        assertThat(reply.header("warg-registry-hint")).isEmpty();
    }

    @Test
    void logWithoutARecordBelowTheLengthIsNotFound() {
        long before = size();
        Author author = author();
        release(author, "1.0.0");
        logs(before, null, null, asking(author, null))
                .requireError(404, "\"type\":\"log\",\"id\":\"" + author.log() + "\"");
        logs(size(), null, null, asking(author, null)).json(200);
    }

    @Test
    void recordThatOnlyWaitsIsNotFound() {
        Author author = author();
        publish(author, author.release("1.0.0", contentOf(author, "1.0.0"))).json(202);
        logs(size(), null, null, asking(author, null))
                .requireError(404, "\"type\":\"log\",\"id\":\"" + author.log() + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "", "sha256:0db9178aabc877b42f03a038bf453ee53f08e3c8c55fab916043428078596bfb", "sha256:0DB9"
            })
    void unknownTokenIsNotFound(String token) {
        Author author = author();
        release(author, "1.0.0");
        logs(size(), null, null, asking(author, token))
                .requireError(404, "\"type\":\"fetchToken\",\"id\":\"" + token + "\"");
        logs(size(), null, token, Map.of()).requireError(404, "\"type\":\"fetchToken\",\"id\":\"" + token + "\"");
    }

    @Test
    void tokenOfAnotherLogIsNotFound() {
        Author author = author();
        Author other = author();
        release(author, "1.0.0");
        release(other, "1.0.0");
        String token = String.valueOf(other.head());
        logs(size(), null, null, asking(author, token))
                .requireError(404, "\"type\":\"fetchToken\",\"id\":\"" + token + "\"");
        logs(size(), null, token, Map.of()).requireError(404, "\"type\":\"fetchToken\",\"id\":\"" + token + "\"");
    }

    @Test
    void tokenOfARecordBeyondTheLengthIsNotFound() {
        Author author = author();
        release(author, "1.0.0");
        long then = size();
        release(author, "1.0.1");
        String token = String.valueOf(author.head());
        logs(then, null, null, asking(author, token))
                .requireError(404, "\"type\":\"fetchToken\",\"id\":\"" + token + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"logLength\":1,\"unknown\":true}",
                "{\"logLength\":1,\"logLength\":1}",
                "{\"logLength\":\"1\"}",
                "{\"logLength\":1.5}",
                "{\"logLength\":99999999999999999999}",
                "{\"logLength\":null}",
                "{\"logLength\":1} trailing",
                "{\"logLength\":1,\"limit\":\"10\"}",
                "{\"logLength\":1,\"operator\":7}",
                "{\"logLength\":1,\"packages\":[]}",
                "{\"logLength\":1,\"packages\":{\"sha256:00\":null}}",
                "{\"logLength\":1,\"packages\":{\"nonsense\":null}}"
            })
    void bodyThatIsNotTheRequestIsRefused(String body) {
        JsonNode error = post("v1/fetch/logs", body).json(400);
        assertThat(error.get("message").asString())
                .startsWith("the JSON body is not valid")
                .doesNotContain("dev.lair")
                .doesNotContain("java.");
    }

    @Test
    void bodyOfTwoMebibytesIsReadAndOneByteMoreIsNot() {
        int limit = 2 * 1024 * 1024;
        String request = "{\"logLength\":" + size() + "}";
        post("v1/fetch/logs", request + " ".repeat(limit - request.length())).json(200);
        post("v1/fetch/logs", request + " ".repeat(limit + 1 - request.length()))
                .requireMessage(413, "2097152");
    }

    @Test
    void aHundredThousandLogsAreRefusedByTheirSize() {
        StringBuilder body = new StringBuilder("{\"logLength\":1,\"packages\":{");
        for (int i = 0; i < 100_000; i++) {
            body.append(i == 0 ? "" : ",").append('"').append(UNKNOWN).append("\":null");
        }
        post("v1/fetch/logs", body + "}}").requireMessage(413, "2097152");
    }

    @Test
    void largeRequestLeavesLogsOutRatherThanGivingEmptyLists() throws Exception {
        List<Author> authors = new ArrayList<>();
        List<Appended> appended = new ArrayList<>();
        Map<LogId, @Nullable String> tokens = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            Author author = author();
            authors.add(author);
            tokens.put(author.log(), null);
            for (NewRecord record : OpenLedger.chain(author.name().name(), 1000)) {
                appended.add(ledger.append(record));
                if (appended.size() % 2000 == 0) {
                    OpenLedger.await(appended.getLast().covered());
                }
            }
        }
        OpenLedger.await(appended.getLast().covered());

        Map<LogId, Set<Long>> seen = new HashMap<>();
        boolean more = true;
        int rounds = 0;
        while (more) {
            Reply reply = logs(size(), 1000, operatorHead(), tokens);
            reply.json(200);
            FetchLogsResponse body = WargJson.readReply(reply.bytes(), FetchLogsResponse.class);
            for (Map.Entry<LogId, List<PublishedRecord>> log : packages(body).entrySet()) {
                for (PublishedRecord record : log.getValue()) {
                    assertThat(seen.computeIfAbsent(log.getKey(), none -> new HashSet<>())
                                    .add(record.registryIndex()))
                            .isTrue();
                    tokens.put(log.getKey(), record.fetchToken());
                }
                // Clients take a list that leaves a log empty for a lie.
                assertThat(seen).containsKey(log.getKey());
            }
            more = body.more();
            assertThat(++rounds).isLessThan(10);
        }
        assertThat(seen)
                .hasSize(12)
                .allSatisfy((log, indexes) -> assertThat(indexes).hasSize(1000));
    }

    @Test
    void namesOfLogsAreGivenAndTheOperatorLogHasNone() {
        Author author = author();
        release(author, "1.0.0");
        JsonNode json = post("v1/fetch/names", new FetchNamesRequest(List.of(author.log(), OperatorLog.LOG_ID)))
                .json(200);
        assertThat(names(json)).containsExactly("packages");
        assertThat(json.get("packages").get(author.log().toString()).asString())
                .isEqualTo(author.name().toString());
        assertThat(json.get("packages").get(OperatorLog.LOG_ID.toString()).isNull())
                .isTrue();
    }

    @Test
    void namesOfAnUnknownLogAreNotFound() {
        Author waiting = author();
        publish(waiting, waiting.release("1.0.0", contentOf(waiting, "1.0.0"))).json(202);
        for (LogId log : List.of(UNKNOWN, waiting.log())) {
            post("v1/fetch/names", new FetchNamesRequest(List.of(log)))
                    .requireError(404, "\"type\":\"log\",\"id\":\"" + log + "\"");
        }
        assertThat(post("v1/fetch/names", "{\"packages\":[]}").json(200).get("packages"))
                .isEmpty();
    }

    @Test
    void namesBeyondAPageAreLeftForTheNextRequest() {
        List<LogId> asked = new ArrayList<>();
        Appended last = null;
        for (int i = 0; i < 1001; i++) {
            Author author = author();
            asked.add(author.log());
            last = ledger.append(OpenLedger.chain(author.name().name(), 1).getFirst());
        }
        OpenLedger.await(Objects.requireNonNull(last).covered());
        JsonNode first =
                post("v1/fetch/names", new FetchNamesRequest(asked)).json(200).get("packages");
        assertThat(first).hasSize(1000);
        assertThat(first.has(asked.get(1000).toString())).isFalse();
        assertThat(post("v1/fetch/names", new FetchNamesRequest(asked.subList(1000, 1001)))
                        .json(200)
                        .get("packages"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"packages\":null}",
                "{\"packages\":[null]}",
                "{\"packages\":[\"x\"]}",
                "{\"packages\":[],\"more\":1}"
            })
    void namesRequestThatIsNotOneIsRefused(String body) {
        post("v1/fetch/names", body).requireMessage(400, "the JSON body is not valid");
    }
}

package dev.lair.server.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.DigestField;
import dev.lair.registry.api.Problem;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.access.ApiTest;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.publish.Publication;
import dev.lair.server.publish.PublishRequest;
import dev.lair.server.publish.PublishService;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** How much an account and a namespace may, over HTTP and by the warg API. */
@TestPropertySource(
        properties = {
            "lair.rate-limits.publishes-per-minute=0",
            "lair.quotas.releases-per-day=12",
            "lair.quotas.uploads-per-day=4000B",
            "lair.quotas.packages-per-namespace=5",
            "lair.quotas.stored-per-namespace=1000B"
        })
class QuotaTest extends ApiTest {

    private static final int RACERS = 50;

    @Autowired
    PublishService publishing;

    @Autowired
    Quotas quotas;

    private String owner = "";
    private String namespace = "";
    private String token = "";

    @BeforeEach
    void people() {
        owner = account(unique("owner"));
        token = session(owner);
        namespace = unique("door");
        post(ApiPaths.NAMESPACES, token, Map.of("name", namespace)).json(201);
    }

    private Reply publish(String name, String version, byte[] body) {
        return send(request(ApiPaths.PACKAGES + "/" + namespace + "/" + name + "/versions/" + version)
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/wasm")
                .header("content-digest", DigestField.format(Digest.of(body)))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private String path() {
        return ApiPaths.NAMESPACES + "/" + namespace + "/quota";
    }

    private String midnight() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plusDays(1) + "T00:00:00Z";
    }

    private void set(Map<String, Object> quota) {
        send("PUT", path(), session("administrator"), quota).json(200);
    }

    private long used(String quota) {
        return get(path(), token).json(200).get(quota).get("used").asLong();
    }

    /** A core module of exactly so many bytes, others for other seeds. */
    private byte[] bytes(int size, int seed) {
        byte[] empty = Wasm.coreModule(seed + Integer.toHexString(namespace.hashCode()));
        byte[] name = "pad".getBytes(StandardCharsets.US_ASCII);
        // A custom section: id 0, its size in two bytes, its name, and nothing in it.
        int rest = size - empty.length - 3;
        byte[] padded = Arrays.copyOf(empty, size);
        padded[empty.length] = 0;
        padded[empty.length + 1] = (byte) (rest & 0x7f | 0x80);
        padded[empty.length + 2] = (byte) (rest >> 7);
        padded[empty.length + 3] = (byte) name.length;
        System.arraycopy(name, 0, padded, empty.length + 4, name.length);
        return padded;
    }

    /** The problems of those that were refused; the others released something. */
    private static List<JsonNode> refusedOf(IntFunction<Reply> racer) throws Exception {
        List<Callable<Reply>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            int number = i;
            racers.add(() -> racer.apply(number));
        }
        List<JsonNode> refused = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
            for (Future<Reply> each : threads.invokeAll(racers)) {
                Reply reply = each.get();
                if (reply.status() != 201 && reply.status() != 202) {
                    refused.add(
                            reply.requireProblem(Problem.Kind.QUOTA_EXCEEDED).json());
                }
            }
        }
        return refused;
    }

    @Test
    void ofFiftyReleasesAtOnceAsManyPassAsThereIsRoomFor() throws Exception {
        byte[] body = Wasm.coreModule("same");
        List<JsonNode> refused = refusedOf(number -> publish("raced", "1.0." + number, body));

        assertThat(refused).hasSize(RACERS - 12).allSatisfy(problem -> {
            assertThat(problem.get("field").asString()).isEqualTo("releases-per-day");
            assertThat(problem.get("expected").asString()).isEqualTo("12");
            assertThat(problem.get("actual").asString()).isEqualTo("13");
            assertThat(problem.get("detail").asString()).contains(midnight());
        });
        assertThat(acts(namespace).stream().filter("released"::equals)).hasSize(12);
    }

    @Test
    void ofFiftyNewPackagesAtOnceAsManyAreBegunAsThereIsRoomFor() throws Exception {
        byte[] body = Wasm.coreModule("same");
        List<JsonNode> refused = refusedOf(
                number -> publish("raced-" + (char) ('a' + number % 26) + "x".repeat(number / 26), "1.0.0", body));

        assertThat(refused)
                .hasSize(RACERS - 5)
                .allSatisfy(
                        problem -> assertThat(problem.get("field").asString()).isEqualTo("packages"));
        assertThat(used("packages")).isEqualTo(5);
    }

    @Test
    void ofFiftyContentsAtOnceAsManyAreTakenAsThereIsRoomFor() throws Exception {
        set(Map.of("storedBytes", 370));
        List<JsonNode> refused = refusedOf(number -> publish("raced", "1.0." + number, bytes(60, number)));

        assertThat(used("storedBytes")).isEqualTo(360);
        assertThat(refused).hasSize(RACERS - 6);
        assertThat(refused)
                .extracting(problem -> problem.get("field").asString())
                .containsOnly("stored-bytes");
    }

    @Test
    void equalBytesAreStoredOnceAndCountedOnce() {
        set(Map.of("storedBytes", 300));
        byte[] body = bytes(200, 1);
        publish("one", "1.0.0", body).json(201);
        publish("one", "1.0.1", body).json(201);
        publish("two", "1.0.0", body).json(201);
        assertThat(used("storedBytes")).isEqualTo(200);
        publish("two", "1.0.1", bytes(101, 2))
                .requireProblem(Problem.Kind.QUOTA_EXCEEDED, "stored-bytes", namespace, "301", "administrator");
        set(Map.of("storedBytes", 0));
        publish("two", "1.0.1", bytes(101, 2)).json(201);
    }

    @Test
    void bytesOfADayAreCountedEvenWhenTheyWereTooManyAndComeBackAtMidnight() {
        set(Map.of("storedBytes", 0));
        publish("one", "1.0.0", bytes(3500, 1)).json(201);
        Reply over = publish("one", "1.0.1", bytes(600, 2))
                .requireProblem(Problem.Kind.QUOTA_EXCEEDED, "uploaded-bytes-per-day", "acc_" + owner);
        assertThat(over.response().headers().allValues("ratelimit").toString())
                .contains("\"uploaded-bytes-per-day\";r=0;t=");
        assertThat(over.header("retry-after")).isPresent();
        // Refused before a byte is read: what was sent before is used up.
        publish("one", "1.0.1", bytes(50, 3)).requireProblem(Problem.Kind.QUOTA_EXCEEDED, "4101");

        clock.move(Duration.ofDays(1));
        token = session(owner);
        Reply next = publish("one", "1.0.1", bytes(600, 2));
        next.json(201);
        assertThat(next.response().headers().allValues("ratelimit-policy").toString())
                .contains("\"releases-per-day\";q=12;w=86400", "\"uploaded-bytes-per-day\";q=4000;w=86400");
        assertThat(next.response().headers().allValues("ratelimit").toString())
                .contains("\"releases-per-day\";r=11;t=", "\"uploaded-bytes-per-day\";r=3400;t=");
    }

    @Test
    void refusedReleaseTakesRoomForAWhileAndAReleasedOneForGood() {
        publish("kept", "1.0.0", bytes(100, 1)).json(201);
        byte[] broken = "no wasm".getBytes(StandardCharsets.US_ASCII);
        publish("lost", "1.0.0", broken).requireProblem(Problem.Kind.CONTENT_REFUSED);
        assertThat(used("storedBytes")).isEqualTo(107);
        assertThat(used("packages")).isEqualTo(2);

        clock.move(Duration.ofMinutes(20));
        quotas.settle(publishing::isBegun, content -> !content.equals(Digest.of(broken)));
        quotas.settle(publishing::isBegun, content -> false);
        token = session(owner);
        assertThat(used("storedBytes")).isEqualTo(100);
        assertThat(used("packages")).isEqualTo(1);
    }

    @Test
    void administratorsSetAndOwnersSeeWhatANamespaceMayHave() {
        JsonNode before = get(path(), token).json(200);
        assertThat(before.get("packages").get("limit").asLong()).isEqualTo(5);
        assertThat(before.get("packages").get("own").asBoolean()).isFalse();
        set(Map.of("packages", 1));
        JsonNode after = get(path(), token).json(200);
        assertThat(after.get("packages").get("limit").asLong()).isEqualTo(1);
        assertThat(after.get("packages").get("own").asBoolean()).isTrue();
        assertThat(after.get("storedBytes").get("limit").asLong()).isEqualTo(1000);
        assertThat(acts(namespace)).endsWith("quota-set");
        send("PUT", path(), session("administrator"), Map.of("packages", -1)).requireProblem(Problem.Kind.INVALID);
        send("PUT", path(), token, Map.of("packages", 9)).requireProblem(Problem.Kind.FORBIDDEN);
        send("PUT", ApiPaths.NAMESPACES + "/nobodys/quota", session("administrator"), Map.of())
                .requireProblem(Problem.Kind.NO_SUCH_NAMESPACE);
    }

    @Test
    void wargDoorCountsPackagesAndUploadsOfNamespacesThatAccountsOwn() throws Exception {
        set(Map.of("packages", 1, "storedBytes", 150));
        Author first = Author.of(namespace + ":first", clock);
        byte[] body = bytes(100, 1);
        SignedPackageRecord record = first.release("1.0.0", body);
        publishing.publish(new PublishRequest(first.name(), record, Set.of(), true));
        publishing.upload(first.log(), record.id(), Digest.of(body), new ByteArrayInputStream(body));
        assertThat(used("packages")).isEqualTo(1);
        assertThat(used("storedBytes")).isEqualTo(100);

        Author second = Author.of(namespace + ":second", clock);
        SignedPackageRecord one = second.release("1.0.0", bytes(50, 2));
        assertThatThrownBy(() -> publishing.publish(new PublishRequest(second.name(), one, Set.of(), true)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.QUOTA_EXCEEDED));
        byte[] large = bytes(60, 3);
        SignedPackageRecord next = first.release("1.0.1", large);
        assertThat(publishing.publish(new PublishRequest(first.name(), next))).isInstanceOf(Publication.Sourcing.class);
        assertThatThrownBy(() ->
                        publishing.upload(first.log(), next.id(), Digest.of(large), new ByteArrayInputStream(large)))
                .hasMessageContaining("stored-bytes");
        set(Map.of("packages", 1, "storedBytes", 160));
        assertThat(publishing.upload(first.log(), next.id(), Digest.of(large), new ByteArrayInputStream(large)))
                .isInstanceOf(Publication.Published.class);
    }
}

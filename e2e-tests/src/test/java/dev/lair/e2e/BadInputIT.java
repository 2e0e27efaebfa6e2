package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.RecordBody;
import dev.lair.registry.warg.WargJson;
import dev.lair.registry.warg.WargPaths;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.Digest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Input that nobody should send. Each gets a clear error, JSON with the status in it and of exactly the type
 * {@code application/json}, and afterwards checkpoint and ledger are what they were before and the server still works.
 */
class BadInputIT extends UnchangedRegistry {

    private static final int MANY = 100_000;

    private int packages;

    /** An author of a package that nobody has yet. */
    private PackageAuthor author() {
        return new PackageAuthor(Keys.BOB, "test:bad-" + "abcdefghijklmnopqrstuvwxyz".charAt(packages++));
    }

    // --- bodies ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                WargPaths.FETCH_LOGS,
                WargPaths.FETCH_NAMES,
                WargPaths.PROVE_CONSISTENCY,
                WargPaths.PROVE_INCLUSION,
                WargPaths.VERIFY_CHECKPOINT,
                "api/v1/operator/records",
                "v1/package/sha256:9f9d9b178a40a81622705389a859c60b844e5a561eb05613058b1131ccd31bb2/record"
            })
    void oversizedBodyIsRefused(String path) throws Exception {
        assertThat(postWhole(path, " ".repeat(3 * 1024 * 1024)).errorMessage(413))
                .contains("bytes");
    }

    /** A client that does not know sends its next request into a closed connection. */
    @Test
    void connectionThatEndsAfterARefusedBodySaysSo() throws Exception {
        try (RawSocket raw = new RawSocket(port())) {
            HttpReply reply = postWhole(raw, WargPaths.FETCH_LOGS, " ".repeat(3 * 1024 * 1024));

            assertThat(reply.announcesClose() || !raw.isClosedByServer())
                    .as("the server ends the connection without `Connection: close` in " + reply)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                WargPaths.FETCH_LOGS,
                WargPaths.FETCH_NAMES,
                WargPaths.PROVE_CONSISTENCY,
                WargPaths.PROVE_INCLUSION,
                WargPaths.VERIFY_CHECKPOINT,
                "api/v1/operator/records",
                "v1/package/sha256:9f9d9b178a40a81622705389a859c60b844e5a561eb05613058b1131ccd31bb2/record"
            })
    void badJsonAndUnknownFieldsAreRefused(String path) throws Exception {
        List<String> bodies = List.of(
                "",
                "{",
                "null",
                "[]",
                "\"text\"",
                "17",
                "{}{}",
                "<html></html>",
                "\0",
                "{\"surprise\":1}",
                "{\"from\":\"1\",\"to\":\"1\"}",
                "{\"logLength\":\"1\",\"leafs\":[\"0\"]}",
                "{\"from\":1,\"to\":1,\"from\":1}",
                "{\"logLength\":1e400}",
                "[".repeat(10_000));
        for (String body : bodies) {
            HttpReply reply = registry().post(path, body);
            assertThat(reply.errorMessage(400)).as("answer to " + body).isNotBlank();
        }
    }

    @Test
    void unknownFieldBesideGoodOnesIsRefusedByName() throws Exception {
        assertThat(registry()
                        .post(WargPaths.FETCH_LOGS, "{\"logLength\":1,\"surprise\":true}")
                        .errorMessage(400))
                .contains("surprise");
        assertThat(registry()
                        .post(WargPaths.PROVE_CONSISTENCY, "{\"from\":1,\"to\":1,\"surprise\":true}")
                        .errorMessage(400))
                .contains("surprise");
    }

    @Test
    void bodyThatIsNotUtf8IsRefused() throws Exception {
        byte[] body = "{\"packages\":[\"?\"]}".getBytes(StandardCharsets.US_ASCII);
        body[14] = (byte) 0xff;

        registry()
                .post(WargPaths.FETCH_NAMES, BodyPublishers.ofByteArray(body), "application/json")
                .requireError(400);
    }

    @Test
    void requestsThatNameAHundredThousandRecordsAreRefused() throws Exception {
        String ids = IntStream.range(0, MANY)
                .mapToObj(i -> "\"" + Digest.of(String.valueOf(i).getBytes(StandardCharsets.US_ASCII)) + "\"")
                .collect(Collectors.joining(","));
        long length = registry().length();

        postWhole(WargPaths.FETCH_NAMES, "{\"packages\":[" + ids + "]}").requireError(413);
        postWhole(
                        WargPaths.FETCH_LOGS,
                        "{\"logLength\":" + length + ",\"packages\":{" + ids.replace(",", ":null,") + ":null}}")
                .requireError(413);
        registry()
                .post(WargPaths.FETCH_LOGS, "{\"logLength\":" + length + ",\"limit\":" + MANY + "}")
                .requireError(400);
        HttpReply proofs = registry()
                .post(
                        WargPaths.PROVE_INCLUSION,
                        "{\"logLength\":" + length + ",\"leafs\":[" + "1,".repeat(MANY - 1) + "1]}");
        proofs.requireError(422);
        assertThat(proofs.text()).contains("1000").contains(String.valueOf(MANY));
    }

    @Test
    void recordOfAHundredThousandEntriesIsRefused() throws Exception {
        PackageAuthor author = author();
        SignedPackageRecord record = author.draft(IntStream.range(0, MANY)
                .mapToObj(i -> PackageAuthor.releaseEntry("1.0." + i, RELEASED))
                .toArray(PackageEntry[]::new));

        postWhole(WargPaths.publishRecord(author.name().logId()), json(author.name(), record.envelope()))
                .requireError(413);
    }

    @Test
    void recordAboveTheLimitOfRecordsIsRefused() throws Exception {
        PackageAuthor author = author();
        SignedPackageRecord record = author.draft(IntStream.range(0, 1000)
                .mapToObj(i -> PackageAuthor.releaseEntry("1.0." + i, RELEASED))
                .toArray(PackageEntry[]::new));
        assertThat(record.envelope().contentSizeBytes()).isGreaterThan(48 * 1024);

        assertThat(publish(author.name(), record.envelope()).errorMessage(422)).contains("bytes");
    }

    // --- records -----------------------------------------------------------------------------------------------------

    @Test
    void wrongLogIdIsRefused() throws Exception {
        PackageAuthor author = author();
        SignedPackageRecord record = author.draft(PackageAuthor.releaseEntry("1.0.0", RELEASED));

        HttpReply reply =
                registry().post(WargPaths.publishRecord(base().name().logId()), json(author.name(), record.envelope()));

        assertThat(reply.errorMessage(400))
                .contains(author.name().logId().toString())
                .contains(base().name().logId().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1/package/nonsense/record",
                "v1/package/sha256:00/record",
                "v1/package/sha512:9f9d9b178a40a81622705389a859c60b844e5a561eb05613058b1131ccd31bb2/record",
                "v1/package/sha256:9F9D9B178A40A81622705389A859C60B844E5A561EB05613058B1131CCD31BB2/record"
            })
    void malformedLogIdIsRefused(String path) throws Exception {
        PackageAuthor author = author();
        SignedPackageRecord record = author.draft(PackageAuthor.releaseEntry("1.0.0", RELEASED));
        packages--;

        assertThat(registry().post(path, json(author.name(), record.envelope())).errorMessage(400))
                .contains("log id");
    }

    @Test
    void recordOfAnUndefinedNamespaceIsRefused() throws Exception {
        PackageAuthor author = new PackageAuthor(Keys.BOB, "elsewhere:package");

        HttpReply reply = publish(
                author.name(),
                author.draft(PackageAuthor.releaseEntry("1.0.0", RELEASED)).envelope());

        reply.requireError(404);
        assertThat(reply.json().path("type").asString()).isEqualTo("namespace");
        assertThat(reply.json().path("id").asString()).isEqualTo("elsewhere");
    }

    @Test
    void bytesThatAreNoRecordAreRefused() throws Exception {
        PackageAuthor author = author();
        for (String content : List.of("", "\u00ff\u00ff\u00ff\u00ff", "not protobuf at all", "\n".repeat(1000))) {
            byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
            SignedRecord record = SignedRecord.sign(RecordDomain.PACKAGE, bytes, Keys.BOB);
            assertThat(publish(author.name(), record).errorMessage(400)).isNotBlank();
        }
    }

    @Test
    void secondReleaseOfAVersionWithOtherBytesIsRejected() throws Exception {
        SignedPackageRecord record = base().draft(PackageAuthor.releaseEntry("1.0.0", Wasm.module("other bytes")));

        PackageRecord answer = registry().submit(base().name(), record);

        assertThat(answer.getState()).isEqualTo(RecordState.REJECTED);
        assertThat(answer.getReason())
                .isEqualTo("an entry attempted to release version 1.0.0 which is already released");
        PackageLog.State log = Audit.of(registry()).packageLog(base().name());
        assertThat(log.release(SemVer.parse("1.0.0")).orElseThrow().content()).isEqualTo(Digest.of(RELEASED));
        assertThat(registry().download(Digest.of(RELEASED))).isEqualTo(RELEASED);
    }

    // --- uploads -----------------------------------------------------------------------------------------------------

    @Test
    void uploadsThatAreWrongTooLargeOrBrokenOffLeaveTheRecordWaiting() throws Exception {
        PackageAuthor author = author();
        byte[] large = Wasm.module(new byte[MAX_CONTENT_BYTES + 1]);
        SignedPackageRecord record = author.draft(PackageAuthor.releaseEntry("1.0.0", large));
        PackageRecord sourcing = registry().submit(author.name(), record);
        String url = Registry.uploadUrl(sourcing, Digest.of(large));
        String path = registry().resolve(url).getPath();

        byte[] wrong = Wasm.module("something else");
        assertThat(registry().upload(wrong, url).errorMessage(400))
                .contains(Digest.of(large).toString());
        assertThat(registry().upload(large, url).errorMessage(413)).contains(String.valueOf(MAX_CONTENT_BYTES));
        assertThat(registry().post(url, BodyPublishers.ofByteArray(large), null).errorMessage(413))
                .contains(String.valueOf(MAX_CONTENT_BYTES));
        // Broken off: with a length that never comes, and in the middle of a chunk.
        try (RawSocket aborted = new RawSocket(port())) {
            aborted.send("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n");
            aborted.send(Arrays.copyOf(large, 100));
        }
        try (RawSocket aborted = new RawSocket(port())) {
            aborted.send("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n");
            aborted.send(Arrays.copyOf(large, 10));
        }
        // A digest that the record does not name, and a record that nobody handed in.
        registry()
                .post(
                        url.replace(
                                Digest.of(large).toString(), Digest.of(wrong).toString()),
                        Registry.chunked(wrong),
                        null)
                .requireError(405);
        registry()
                .post(url.replace(record.id().toString(), Digest.of(wrong).toString()), Registry.chunked(wrong), null)
                .requireError(404);

        assertThat(registry().status(author.name(), record).getState()).isEqualTo(RecordState.SOURCING);
        registry().get("content/sha256-" + Digest.of(large).hex()).requireError(404);
        registry().get("content/sha256-" + Digest.of(wrong).hex()).requireError(404);
    }

    @Test
    void slowUploadHoldsUpNobodyElse() throws Exception {
        PackageAuthor author = author();
        byte[] content = Wasm.module("arrives byte by byte");
        SignedPackageRecord record = author.draft(PackageAuthor.releaseEntry("1.0.0", content));
        PackageRecord sourcing = registry().submit(author.name(), record);
        String path = registry()
                .resolve(Registry.uploadUrl(sourcing, Digest.of(content)))
                .getPath();
        try (RawSocket slow = new RawSocket(port())) {
            slow.send("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: "
                    + content.length + "\r\n\r\n");
            slow.send(Arrays.copyOf(content, 9));

            // Meanwhile: reads answer, other packages' records are taken, this one still waits.
            assertThat(registry().status(author.name(), record).getState()).isEqualTo(RecordState.SOURCING);
            PackageAuthor other = author();
            SignedPackageRecord rejected = other.draft(new PackageEntry.Yank(SemVer.parse("1.0.0")));
            assertThat(registry().submit(other.name(), rejected).getState()).isEqualTo(RecordState.REJECTED);
            // The last byte never comes.
            slow.send(Arrays.copyOfRange(content, 9, content.length - 1));
            assertThat(registry().status(author.name(), record).getState()).isEqualTo(RecordState.SOURCING);
        }
    }

    @Test
    void recordWhoseUploadNeverComesIsRejectedAndTheNameIsFreeAgain(@TempDir Path work) throws Exception {
        try (Processes own = new Processes()) {
            Registry impatient = ServerProcess.in(work)
                    .namespace("test")
                    .set("lair.publish.upload-deadline", "500ms")
                    .set("lair.publish.sweep-every", "100ms")
                    .start(own)
                    .registry();
            Registry.State empty = impatient.state();
            byte[] content = Wasm.module("never uploaded");
            PackageAuthor author = new PackageAuthor(Keys.BOB, "test:never");
            SignedPackageRecord record = author.draft(PackageAuthor.releaseEntry("1.0.0", content));
            PackageRecord sourcing = impatient.submit(author.name(), record);
            assertThat(sourcing.getState()).isEqualTo(RecordState.SOURCING);

            PackageRecord rejected = Await.answer(
                    "the record to be rejected",
                    Duration.ofSeconds(20),
                    () -> Optional.of(impatient.status(author.name(), record))
                            .filter(status -> status.getState() != RecordState.SOURCING));

            assertThat(rejected.getState()).isEqualTo(RecordState.REJECTED);
            assertThat(rejected.getReason()).contains("not uploaded");
            assertThat(impatient.state()).isEqualTo(empty);
            assertThat(impatient.upload(sourcing, content).status()).isBetween(400, 499);
            // Somebody else may have the name now.
            PackageAuthor next = new PackageAuthor(Keys.ALICE, "test:never");
            assertThat(impatient.publish(next.name(), next.release("1.0.0", content), content))
                    .isEqualTo(1);
        }
    }

    /** Sends all of a body that the server may not read to its end, and reads the reply. */
    private HttpReply postWhole(String path, String body) throws Exception {
        try (RawSocket raw = new RawSocket(port())) {
            return postWhole(raw, path, body);
        }
    }

    private static HttpReply postWhole(RawSocket raw, String path, String body) throws Exception {
        raw.send("POST /" + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + body.length() + "\r\n\r\n");
        raw.send(body);
        return raw.reply().orElseThrow(() -> new AssertionError(path + ": closed without a reply"));
    }

    private HttpReply publish(PackageName name, SignedRecord record) throws Exception {
        return registry().post(WargPaths.publishRecord(name.logId()), json(name, record));
    }

    private static String json(PackageName name, SignedRecord record) {
        return new String(
                WargJson.write(new PublishRequest(name.toString(), RecordBody.of(record), null)),
                StandardCharsets.UTF_8);
    }
}

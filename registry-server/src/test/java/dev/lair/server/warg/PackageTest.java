package dev.lair.server.warg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies.ContentSource;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.RecordBody;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.signing.KeyId;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code v1/package/…}: publish, follow, upload. */
class PackageTest extends HttpTest {

    private static final RecordId UNKNOWN =
            RecordId.ofBytes(Digest.of("no record".getBytes()).bytes());

    private Reply publish(Author author, SignedPackageRecord record, String name, Object sources) {
        RecordBody body = RecordBody.of(record.envelope());
        @SuppressWarnings("unchecked")
        Map<Digest, List<ContentSource>> given = (Map<Digest, List<ContentSource>>) sources;
        return post(WargPaths.publishRecord(author.log()), new PublishRequest(name, body, given));
    }

    @Test
    void releaseIsSourcedUploadedPublishedAndServed() {
        Author author = author();
        byte[] content = contentOf(author, "1.0.0");
        String digest = Digest.of(content).toString();
        SignedPackageRecord record = author.release("1.0.0", content);

        JsonNode sourcing = publish(author, record).json(202);
        assertThat(names(sourcing)).containsExactlyInAnyOrder("recordId", "state", "missingContent");
        assertThat(get(WargPaths.packageRecord(author.log(), record.id())).header("link"))
                .isEmpty();
        assertThat(sourcing.get("recordId").asString()).isEqualTo(record.id().toString());
        assertThat(sourcing.get("state").asString()).isEqualTo("sourcing");
        assertThat(names(sourcing.get("missingContent"))).containsExactly(digest);
        JsonNode endpoint =
                sourcing.get("missingContent").get(digest).get("upload").get(0);
        assertThat(names(endpoint)).containsExactlyInAnyOrder("type", "method", "url");
        assertThat(endpoint.get("method").asString()).isEqualTo("POST");
        assertThat(get(WargPaths.packageRecord(author.log(), record.id())).json(200))
                .isEqualTo(sourcing);
        long before = size();

        upload(endpoint.get("url").asString(), content).json(201);
        JsonNode published =
                get(WargPaths.packageRecord(author.log(), record.id())).json(200);
        assertThat(names(published)).containsExactlyInAnyOrder("recordId", "state", "registryIndex");
        assertThat(published.get("state").asString()).isEqualTo("published");
        assertThat(published.get("registryIndex").asLong()).isEqualTo(before);
        String proof = "proof/record/sha256-" + record.id().hex() + ".tlog-proof";
        assertThat(get(WargPaths.packageRecord(author.log(), record.id())).header("link"))
                .hasValueSatisfying(link -> assertThat(link).endsWith("/" + proof + ">; rel=\"describedby\""));
        assertThat(get(proof).status()).isEqualTo(200);
        assertThat(size()).isEqualTo(before + 1);
        assertThat(get(WargPaths.content(Digest.of(content))).bytes()).isEqualTo(content);
        assertThat(publish(author, record).json(202)).isEqualTo(published);
        assertThat(size()).isEqualTo(before + 1);
    }

    @Test
    void rejectedRecordTellsItsReason() {
        Author author = author();
        release(author, "1.0.0");
        SignedPackageRecord yank = author.yank("7.7.7");
        JsonNode rejected = publish(author, yank).json(202);
        assertThat(names(rejected)).containsExactlyInAnyOrder("recordId", "state", "reason");
        assertThat(rejected.get("reason").asString())
                .isEqualTo("an entry attempted to yank version 7.7.7 which had not yet been released");
        assertThat(get(WargPaths.packageRecord(author.log(), yank.id())).json(200))
                .isEqualTo(rejected);
    }

    @Test
    void logIdThatIsNotThatOfTheNameIsRefused() {
        Author author = author();
        Author other = author();
        publish(author, author.release("1.0.0", new byte[0]), other.name().toString(), Map.of())
                .requireMessage(400, author.log().toString(), other.log().toString(), "`" + other.name() + "`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"test", "test:", ":x", "Test:x", "test:http-2", "test:x@1.0.0", ""})
    void nameThatIsNoneIsRefused(String name) {
        Author author = author();
        publish(author, author.release("1.0.0", new byte[0]), name, Map.of()).json(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256:0db9178aabc877b42f03a038bf453ee53f08e3c8c55fab916043428078596bf",
                "sha256:0DB9178aabc877b42f03a038bf453ee53f08e3c8c55fab916043428078596bfb",
                "sha512:0db9178aabc877b42f03a038bf453ee53f08e3c8c55fab916043428078596bfb",
                "x"
            })
    void malformedIdInThePathIsRefused(String id) {
        post("v1/package/" + id + "/record", "{}").requireMessage(400, "log id");
        get("v1/package/" + id + "/record/" + UNKNOWN).requireMessage(400, "log id");
        get("v1/package/" + author().log() + "/record/" + id).requireMessage(400, "record id");
    }

    @Test
    void bytesThatAreNoRecordAreRefused() {
        Author author = author();
        SignedPackageRecord good = author.release("1.0.0", new byte[0]);
        PublishRequest bad = new PublishRequest(
                author.name().toString(),
                new RecordBody(
                        new byte[] {1, 2, 3},
                        good.envelope().keyId(),
                        good.envelope().signature()),
                null);
        post(WargPaths.publishRecord(author.log()), bad).json(400);
    }

    @Test
    void contentSourcesAreNotSupported() {
        Author author = author();
        publish(
                        author,
                        author.release("1.0.0", new byte[0]),
                        author.name().toString(),
                        Map.of(Digest.of(), List.of(ContentSource.httpGet("http://127.0.0.1/x", 1))))
                .requireMessage(501, "not supported");
    }

    @Test
    void namespaceThatNobodyDefinedIsNotFound() {
        Author stranger = Author.of("nowhere:x", clock);
        publish(stranger, stranger.release("1.0.0", new byte[0]))
                .requireError(404, "\"type\":\"namespace\",\"id\":\"nowhere\"");
    }

    @Test
    void keyThatTheLogDoesNotKnowIsUnauthorized() {
        Author author = author();
        release(author, "1.0.0");
        Author stranger = Author.of(author.name().toString(), clock).continueBehind(author.head());
        publish(stranger, stranger.release("1.0.1", new byte[0])).requireMessage(401, "unknown key id");
    }

    @Test
    void badSignatureIsUnauthorized() {
        Author author = author();
        SignedPackageRecord record = author.release("1.0.0", new byte[0]);
        PublishRequest forged = new PublishRequest(
                author.name().toString(),
                new RecordBody(
                        record.envelope().contentBytes(),
                        author.key().keyId(),
                        author.key().sign(new byte[] {7})),
                null);
        post(WargPaths.publishRecord(author.log()), forged).requireMessage(401, "verification failed");
    }

    @Test
    void recordThatAdmissionRefusesIsUnprocessable() {
        Author author = author();
        publish(author, author.write(new PackageEntry.Init(author.key().publicKey())))
                .json(202);
        publish(author, author.write()).requireMessage(422, "without entries");
    }

    /** Each request breaks the rule under test and every later one: the earlier rule answers. */
    @Test
    void checksAreMadeInTheOrderOfTheContract() {
        Author stranger = Author.of("nowhere:x", clock);
        Map<Digest, List<ContentSource>> sources =
                Map.of(Digest.of(), List.of(ContentSource.httpGet("http://127.0.0.1/x", 1)));
        SignedPackageRecord record = stranger.release("1.0.0", new byte[0]);
        RecordBody nonsense = new RecordBody(
                new byte[] {1},
                KeyId.parse(stranger.key().keyId().toString()),
                record.envelope().signature());
        String path = WargPaths.publishRecord(stranger.log());
        post(path, new PublishRequest("nowhere:y", nonsense, sources)).requireMessage(400, "log id");
        assertThat(post(path, new PublishRequest("nowhere:x", nonsense, sources))
                        .json(400)
                        .get("message")
                        .asString())
                .doesNotContain("log id");
        publish(stranger, record, "nowhere:x", sources).requireMessage(501, "not supported");
        publish(stranger, record, "nowhere:x", Map.of()).requireError(404, "\"type\":\"namespace\",\"id\":\"nowhere\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"packageName\":\"test:x\"}",
                "{\"packageName\":\"test:x\",\"record\":{\"contentBytes\":\"QR==\",\"keyId\":\"x\",\"signature\":\"y\"}}",
                "{\"packageName\":null,\"record\":null}"
            })
    void bodyThatIsNotThePublishIsRefused(String body) {
        post(WargPaths.publishRecord(author().log()), body).requireMessage(400, "the JSON body is not valid");
    }

    @Test
    void publishBodyOfMoreThan256KibIsRefused() {
        post(WargPaths.publishRecord(author().log()), " ".repeat(256 * 1024 + 1))
                .requireMessage(413, "262144");
    }

    @Test
    void unknownRecordIsNotFound() {
        Author author = author();
        release(author, "1.0.0");
        get(WargPaths.packageRecord(author.log(), UNKNOWN))
                .requireError(404, "\"type\":\"record\",\"id\":\"" + UNKNOWN + "\"");
        get(WargPaths.packageRecord(author().log(), Objects.requireNonNull(author.head())))
                .requireError(404, "\"type\":\"record\",\"id\":\"" + author.head() + "\"");
        upload(WargPaths.uploadContent(author.log(), UNKNOWN, Digest.of()), new byte[0])
                .requireError(404, "\"type\":\"record\",\"id\":\"" + UNKNOWN + "\"");
    }

    @Test
    void uploadForARecordThatWaitsForNoneIsNotAllowed() {
        Author author = author();
        byte[] content = contentOf(author, "1.0.0");
        SignedPackageRecord record = author.release("1.0.0", content);
        publish(author, record).json(202);
        upload(author, record, Wasm.component("something else")).requireError(405, "");
        upload(author, record, content).json(201);
        upload(author, record, content).requireError(405, "");
    }

    @Test
    void otherBytesThanNamedAreRefusedAndTheRecordStillWaits() {
        Author author = author();
        byte[] content = contentOf(author, "1.0.0");
        SignedPackageRecord record = author.release("1.0.0", content);
        JsonNode sourcing = publish(author, record).json(202);
        String url = WargPaths.uploadContent(author.log(), record.id(), Digest.of(content));
        upload(url, new byte[] {1})
                .requireMessage(400, Digest.of(new byte[] {1}).toString());
        assertThat(get(WargPaths.packageRecord(author.log(), record.id())).json(200))
                .isEqualTo(sourcing);
        upload(url, new byte[64 * 1024 + 1]).requireMessage(413, "65536 bytes");
        assertThat(get(WargPaths.packageRecord(author.log(), record.id())).json(200))
                .isEqualTo(sourcing);
        upload(url, content).json(201);
    }

    @Test
    void refusedUploadIsReadFarEnoughForItsClientToSeeTheAnswer() {
        Author author = author();
        byte[] content = contentOf(author, "1.0.0");
        SignedPackageRecord record = author.release("1.0.0", content);
        publish(author, record).json(202);
        for (int i = 0; i < 30; i++) {
            Reply refused = upload(author, record, new byte[100_000 + i]);
            refused.requireError(405, "");
            assertThat(get(WargPaths.packageRecord(author.log(), record.id()))
                            .json(200)
                            .get("state")
                            .asString())
                    .isEqualTo("sourcing");
        }
    }

    @Test
    void emptyContentIsRefusedInTheReferencesWords() {
        Author author = author();
        SignedPackageRecord record = author.release("1.0.0", new byte[0]);
        JsonNode state = publish(author, record).json(202);
        String words = "content is not valid WebAssembly: unexpected end-of-file (at offset 0x0)";
        if (state.get("state").asString().equals("sourcing")) {
            upload(author, record, new byte[0]).requireError(422, "\"message\":\"" + words + "\"");
        }
        JsonNode rejected =
                get(WargPaths.packageRecord(author.log(), record.id())).json(200);
        assertThat(rejected.get("state").asString()).isEqualTo("rejected");
        assertThat(rejected.get("reason").asString())
                .isEqualTo("content with digest `" + Digest.of() + "` was rejected by policy: " + words);
    }

    @Test
    void unknownHeadersChangeNothing() {
        assertThat(get("v1/fetch/checkpoint", "x-unknown", "1").status()).isEqualTo(200);
    }

    /** Who sends a token wants to be known; a token that is over is told so, and is not read past. */
    @Test
    void bearerTokenThatIsNoneOfOursIsRefusedInTheFormOfThisDoor() {
        Reply refused = get("v1/fetch/checkpoint", "authorization", "Bearer nonsense");
        refused.requireMessage(401, "Bearer lair_");
        assertThat(refused.header("www-authenticate").orElse("")).startsWith("Bearer");
    }

    /** A record is its own credential, and an upload has its URL: no token is looked at. */
    @Test
    void publishingAndUploadingAskForNoToken() {
        Author author = author();
        assertThat(send(HttpRequest.newBuilder(uri(WargPaths.publishRecord(author.log())))
                                .header("authorization", "Bearer nonsense")
                                .POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .status())
                .isEqualTo(400);
    }
}

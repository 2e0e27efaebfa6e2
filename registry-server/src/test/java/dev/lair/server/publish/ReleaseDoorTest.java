package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.DigestField;
import dev.lair.registry.api.Problem;
import dev.lair.registry.attestation.DsseJson;
import dev.lair.registry.attestation.PublishAttestation;
import dev.lair.registry.attestation.PublisherIdentity;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.access.ApiTest;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PublicKey;
import dev.lair.signing.dsse.DsseEnvelope;
import dev.lair.storage.Storage;
import dev.lair.storage.registry.PublishRows.Asked;
import dev.lair.storage.registry.PublishRows.State;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Publishing over HTTP with a token: what is released, what is remembered, and what is refused. */
class ReleaseDoorTest extends ApiTest {

    private static final byte[] WASM = Wasm.coreModule("door");
    private static final String WIT = "package %s:greeter@1.0.0;\n\ninterface greet {\n  hello: func() -> string;\n}\n";

    @Autowired
    PublishService publishing;

    @Autowired
    Settlement settlement;

    @Autowired
    Storage storage;

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

    private String path(String name, String version) {
        return ApiPaths.PACKAGES + "/" + namespace + "/" + name + "/versions/" + version;
    }

    private Reply put(
            String method, String path, @Nullable String with, String type, byte[] body, @Nullable String key) {
        return put(method, path, with, type, body, Digest.of(body), key);
    }

    private Reply put(
            String method,
            String path,
            @Nullable String with,
            String type,
            byte[] body,
            @Nullable Digest declared,
            @Nullable String key) {
        HttpRequest.Builder request =
                request(path).header("content-type", type).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (with != null) {
            request.header("authorization", "Bearer " + with);
        }
        if (declared != null) {
            request.header("content-digest", DigestField.format(declared));
        }
        if (key != null) {
            request.header("idempotency-key", key);
        }
        return send(request);
    }

    private Reply publish(String name, String version, byte[] body) {
        return put("POST", path(name, version), token, "application/wasm", body, null);
    }

    /** The words of the audit log about a package, newest first. */
    private List<String> actsOn(String subject) {
        return store.read(rows -> rows.audit().ofNamespace(namespace, Long.MAX_VALUE, 100)).stream()
                .filter(row -> row.act().subject().startsWith(subject))
                .map(row -> row.act().act())
                .toList();
    }

    @Test
    void releaseIsInTheLogWithAnAttestationARowAndItsBytes() {
        Reply reply = publish("one", "1.0.0", WASM);

        JsonNode release = reply.json(201);
        assertThat(release.get("state").asString()).isEqualTo("published");
        assertThat(release.get("digest").asString()).isEqualTo(Digest.of(WASM).toString());
        assertThat(reply.header("location")).contains(release.get("statusUrl").asString());
        assertThat(actsOn(namespace + ":one")).containsExactly("released");

        JsonNode version = get(path("one", "1.0.0"), null).json(200);
        assertThat(version.get("released").get("recordId")).isEqualTo(release.get("recordId"));
        assertThat(version.get("released").get("leafIndex").asLong())
                .isEqualTo(release.get("leafIndex").asLong());
        Reply moved = get(path("one", "1.0.0") + "/content", null).require(302);
        assertThat(moved.header("location").orElseThrow())
                .endsWith("/content/sha256-" + Digest.of(WASM).hex());
        assertThat(get("content/sha256-" + Digest.of(WASM).hex(), null)
                        .require(200)
                        .response()
                        .body())
                .isEqualTo(WASM);
    }

    @Test
    void attestationSaysWhoPublishedAndIsSignedByTheRegistry() {
        JsonNode release = publish("stated", "1.0.0", WASM).json(201);

        JsonNode told = get(path("stated", "1.0.0") + "/attestations", null).json(200);
        JsonNode one = told.get("attestations").get(0);
        assertThat(told.get("attestations")).hasSize(1);
        PublicKey key = PublicKey.parse(told.get("keys").get(0).asString());
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (String member : List.of("payload", "payloadType", "signatures")) {
            node.set(member, one.get(member));
        }
        DsseEnvelope envelope = DsseJson.read(node);
        assertThat(DsseJson.digest(envelope).toString())
                .isEqualTo(one.get("digest").asString());
        PublishAttestation attestation = PublishAttestation.open(envelope, key, EcdsaP256.INSTANCE);
        assertThat(attestation.content()).isEqualTo(Digest.of(WASM));
        // As the format's vectors have it, without a slash at the end.
        assertThat(attestation.registry()).startsWith("http").doesNotEndWith("/");
        assertThat(attestation.recordId().toString())
                .isEqualTo(release.get("recordId").asString());
        assertThat(attestation.leafIndex().orElseThrow())
                .isEqualTo(release.get("leafIndex").asLong());
        assertThat(attestation.publisher().kind()).isEqualTo(PublisherIdentity.Kind.SESSION);
        assertThat(attestation.publisher().claims()).isEqualTo(Map.of("login", owner));
    }

    @Test
    void firstTrustedReleaseClosesThePackageToTokensUntilAnOwnerOpensIt() {
        String job = trustedToken(List.of(namespace + ":*"));
        put("POST", path("closed", "1.0.0"), job, "application/wasm", WASM, null)
                .json(201);

        publish("closed", "1.0.1", Wasm.coreModule("two")).requireProblem(Problem.Kind.FORBIDDEN, "trusted publishers");
        send("PUT", ApiPaths.PACKAGES + "/" + namespace + "/closed/rules", token, "{\"trustedOnly\":false}")
                .require(204);
        publish("closed", "1.0.1", Wasm.coreModule("two")).json(201);
        assertThat(actsOn(namespace + ":closed")).containsExactly("released", "rules-set", "released");
    }

    @Test
    void versionThatIsThereIsAConflictWhateverItsBytes() {
        publish("twice", "1.0.0", WASM).json(201);

        publish("twice", "1.0.0", WASM).requireProblem(Problem.Kind.VERSION_EXISTS, "1.0.0");
        publish("twice", "1.0.0", Wasm.coreModule("other")).requireProblem(Problem.Kind.VERSION_EXISTS);
    }

    @Test
    void sameKeyWithTheSameRequestGetsTheSameAnswerAndWithAnotherNone() {
        JsonNode first = put("POST", path("keyed", "1.0.0"), token, "application/wasm", WASM, "run-1")
                .json(201);
        JsonNode again = put("POST", path("keyed", "1.0.0"), token, "application/wasm", WASM, "run-1")
                .json(201);

        assertThat(again).isEqualTo(first);
        put("POST", path("keyed", "1.0.1"), token, "application/wasm", WASM, "run-1")
                .requireProblem(Problem.Kind.KEY_REUSED);
        assertThat(actsOn(namespace + ":keyed")).containsExactly("released");
    }

    @Test
    void whatWasRejectedMayBeTriedAgainUnderItsKey() {
        byte[] broken = "no wasm".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 2; i++) {
            put("POST", path("mended", "1.0.0"), token, "application/wasm", broken, "run-2")
                    .requireProblem(Problem.Kind.CONTENT_REFUSED);
        }
        get(path("mended", "1.0.0"), null).requireProblem(Problem.Kind.NO_SUCH_RELEASE);
    }

    @Test
    void digestIsNeededAndMustBeThatOfTheBody() {
        put("POST", path("digest", "1.0.0"), token, "application/wasm", WASM, null, null)
                .requireProblem(Problem.Kind.DIGEST_NEEDED);
        put("POST", path("digest", "1.0.0"), token, "application/wasm", WASM, Digest.of(new byte[] {1}), null)
                .requireProblem(Problem.Kind.WRONG_DIGEST);
        send(request(path("digest", "1.0.0"))
                        .header("authorization", "Bearer " + token)
                        .header("content-digest", "md5=:AAAA:")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(WASM)))
                .requireProblem(Problem.Kind.DIGEST_NEEDED);
    }

    @Test
    void strangersReadersAndOtherTypesAreRefused() {
        put("POST", path("mine", "1.0.0"), null, "application/wasm", WASM, null)
                .requireProblem(Problem.Kind.UNAUTHORIZED);
        put("POST", path("mine", "1.0.0"), session(account(unique("reader"))), "application/wasm", WASM, null)
                .requireProblem(Problem.Kind.FORBIDDEN, "publisher");
        put("POST", path("mine", "1.0.0"), token, "text/html", WASM, null)
                .requireProblem(Problem.Kind.UNSUPPORTED_TYPE);
        put("POST", path("mine", "not-a-version"), token, "application/wasm", WASM, null)
                .requireProblem(Problem.Kind.INVALID);
    }

    @Test
    void witTextsAreBuiltFromTarAndZip() throws Exception {
        byte[] wit = WIT.formatted(namespace).getBytes(StandardCharsets.UTF_8);
        JsonNode built = put(
                        "POST", path("greeter", "1.0.0"), token, "application/x-tar", tar("greeter.wit", wit), null)
                .json(201);

        JsonNode version = get(path("greeter", "1.0.0"), null).json(200);
        assertThat(version.get("digest")).isEqualTo(built.get("digest"));
        assertThat(version.get("content").get("kind").asString()).isEqualTo("wit-package");
        byte[] next = WIT.formatted(namespace).replace("1.0.0", "1.0.1").getBytes(StandardCharsets.UTF_8);
        put("POST", path("greeter", "1.0.1"), token, "application/zip", zip("./greeter.wit", next), null)
                .json(201);
    }

    @Test
    void brokenWitIsRefusedWithFileAndLine() throws Exception {
        byte[] wit = "package a:b@1.0.0;\ninterface {\n".getBytes(StandardCharsets.UTF_8);
        put("POST", path("broken", "1.0.0"), token, "application/x-tar", tar("broken.wit", wit), null)
                .requireProblem(Problem.Kind.CONTENT_REFUSED, "broken.wit", "2");
        put("POST", path("broken", "1.0.0"), token, "application/x-tar", tar("sub/broken.wit", wit), null)
                .requireProblem(Problem.Kind.CONTENT_REFUSED, "root");
        put("POST", path("broken", "1.0.0"), token, "application/zip", "no zip".getBytes(StandardCharsets.UTF_8), null)
                .requireProblem(Problem.Kind.CONTENT_REFUSED);
    }

    private static byte[] tar(String name, byte[] text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(text.length);
            tar.putArchiveEntry(entry);
            tar.write(text);
            tar.closeArchiveEntry();
        }
        return out.toByteArray();
    }

    private static byte[] zip(String name, byte[] text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(text);
            zip.closeEntry();
        }
        return out.toByteArray();
    }

    @Test
    void readmeIsPublishedWithTheReleaseAndBoundByItsDigest() {
        byte[] readme = "# Hello\n".getBytes(StandardCharsets.UTF_8);
        String upload = begun("told", "1.0.0");
        put("PUT", upload + "/content", token, "application/wasm", WASM, null).require(204);
        put("PUT", upload + "/readme", token, "text/markdown", readme, null).require(204);
        JsonNode first = put("POST", upload + "/publish", token, "application/wasm", new byte[0], null)
                .json(201);
        JsonNode again = put("POST", upload + "/publish", token, "application/wasm", new byte[0], null)
                .json(201);

        assertThat(again).isEqualTo(first);
        assertThat(get(path("told", "1.0.0") + "/readme", null)
                        .require(200)
                        .response()
                        .body())
                .isEqualTo(readme);
        String payload = get(path("told", "1.0.0") + "/attestations", null)
                .json(200)
                .get("attestations")
                .get(0)
                .get("payload")
                .asString();
        assertThat(PublishAttestation.parse(java.util.Base64.getDecoder().decode(payload))
                        .readme())
                .isEqualTo(Optional.of(Digest.of(readme)));
    }

    private String begun(String name, String version) {
        String url = post(path(name, version) + "/uploads", token, null)
                .json(201)
                .get("uploadUrl")
                .asString();
        return url.substring(url.indexOf("/api/") + 1);
    }

    @Test
    void uploadIsForWhoBeganItAndForWhatItWasBegun() {
        String upload = begun("parts", "1.0.0");
        String other = account(unique("other"));
        role(namespace, other, dev.lair.storage.registry.Role.PUBLISHER);
        put("PUT", upload + "/content", session(other), "application/wasm", WASM, null)
                .requireProblem(Problem.Kind.NOT_FOUND);
        put("PUT", upload.replace("1.0.0", "1.0.1") + "/content", token, "application/wasm", WASM, null)
                .requireProblem(Problem.Kind.NOT_FOUND);
        put("POST", upload + "/publish", token, "application/wasm", new byte[0], null)
                .requireProblem(Problem.Kind.CONFLICT, "content");
    }

    @Test
    void statusIsForWhoAsked() {
        String url = publish("asked", "1.0.0", WASM).json(201).get("statusUrl").asString();
        String status = url.substring(url.indexOf("/api/") + 1);

        assertThat(get(status, token).json(200).get("state").asString()).isEqualTo("published");
        get(status, session(account(unique("other")))).requireProblem(Problem.Kind.NOT_FOUND);
    }

    @Test
    void ownerYanksAndTakesOver() {
        publish("owned", "1.0.0", WASM).json(201);

        post(path("owned", "1.0.0") + "/yank", token, null).json(200);
        assertThat(get(path("owned", "1.0.0"), null).json(200).get("yanked").asBoolean())
                .isTrue();
        String custody = ApiPaths.PACKAGES + "/" + namespace + "/owned/custody";
        assertThat(get(custody, token).json(200).get("state").asString()).isEqualTo("custodial");
        String key = dev.lair.signing.PrivateKey.generate(new java.security.SecureRandom())
                .publicKey()
                .toString();
        post(custody + "/takeover", token, Map.of("publicKey", key)).json(200);
        assertThat(get(custody, token).json(200).get("state").asString()).isEqualTo("granted");
        publish("owned", "1.0.1", Wasm.coreModule("later")).json(201);
        post(path("owned", "1.0.1") + "/yank", token, null).requireProblem(Problem.Kind.NOT_IN_CUSTODY);
    }

    private Asked asked(String name, String recordId, State state) {
        Asked asked = new Asked(
                "rel_" + name,
                "acc_" + owner,
                "key-of-" + name,
                "",
                namespace + ":" + name,
                "1.0.0",
                Digest.of(WASM).toString(),
                "",
                "{\"kind\":\"session\",\"claims\":{\"login\":\"" + owner + "\"}}",
                recordId,
                state,
                "",
                clock.instant());
        write(rows -> rows.publishes().add(asked));
        return asked;
    }

    private State stateOf(Asked asked) {
        return store.read(rows -> rows.publishes().find(asked.id()))
                .orElseThrow()
                .state();
    }

    @Test
    void crashBehindTheLedgerLeavesAReleaseThatIsSettledOnceLater() throws Exception {
        PackageName name = PackageName.parse(namespace + ":crashed");
        storage.contents().put(Digest.of(WASM), new ByteArrayInputStream(WASM), WASM.length);
        Publication released =
                publishing.release(new ReleaseRequest(name, SemVer.parse("1.0.0"), Digest.of(WASM)), record -> {});
        Asked left = asked("crashed", released.recordId().toString(), State.SIGNED);
        settlement.settleLeftOver();
        assertThat(stateOf(left)).as("somebody may work on it still").isEqualTo(State.SIGNED);

        clock.move(Duration.ofMinutes(11));
        settlement.settleLeftOver();
        settlement.settleLeftOver();

        assertThat(stateOf(left)).isEqualTo(State.PUBLISHED);
        assertThat(get(path("crashed", "1.0.0") + "/attestations", null)
                        .json(200)
                        .get("attestations"))
                .hasSize(1);
        assertThat(actsOn(namespace + ":crashed")).containsExactly("released");
    }

    @Test
    void crashBeforeTheLedgerLeavesNothingAndSaysSo() {
        Asked open = asked("opened", "", State.OPEN);
        Asked signed = asked("signed", "sha256:" + "ab".repeat(32), State.SIGNED);
        clock.move(Duration.ofMinutes(11));
        settlement.settleLeftOver();

        assertThat(stateOf(open)).isEqualTo(State.REJECTED);
        assertThat(stateOf(signed)).isEqualTo(State.REJECTED);
        assertThat(actsOn(namespace + ":signed")).isEmpty();
    }

    @Test
    void packageInAnOwnedNamespaceIsBegunByItsMembersAlone() throws Exception {
        Author stranger = Author.of(namespace + ":begun", clock);
        SignedPackageRecord record = stranger.release("1.0.0", Wasm.coreModule(namespace));

        assertThatThrownBy(() -> publishing.publish(new PublishRequest(stranger.name(), record)))
                .isInstanceOf(PublishRefused.Unauthorized.class)
                .hasMessageContaining("has owners");
        assertThat(publishing.publish(new PublishRequest(stranger.name(), record, Set.of(), true)))
                .isInstanceOf(Publication.Sourcing.class);
    }

    @Test
    void fiftyPublishesOfOneVersionAtOnceReleaseItOnce() throws Exception {
        List<Callable<Integer>> racers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            byte[] body = Wasm.coreModule("racer-" + i);
            racers.add(() -> publish("raced", "1.0.0", body).status());
        }
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            for (Future<Integer> each : threads.invokeAll(racers)) {
                answers.add(each.get());
            }
        }
        assertThat(answers).containsOnly(201, 409);
        assertThat(answers.stream().filter(status -> status == 201)).hasSize(1);
        assertThat(actsOn(PackageName.parse(namespace + ":raced").toString())).containsExactly("released");
    }

    /** A record that begins a package with its author's own key, as the warg client sends it. */
    private Reply handIn(Author author, @Nullable String with) throws Exception {
        SignedPackageRecord record = author.release("1.0.0", Wasm.coreModule(namespace + author.name()));
        HttpRequest.Builder request = request("v1/package/" + author.log() + "/record")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(WargJson.write(new WargBodies.PublishRequest(
                        author.name().toString(), WargBodies.RecordBody.of(record.envelope()), null))));
        if (with != null) {
            request.header("authorization", "Bearer " + with);
        }
        return send(request);
    }

    /** It lives for minutes, and the key that begins a package owns it. */
    @Test
    void tokenOfATrustedPublisherBeginsNoPackageForItsBearersKey() throws Exception {
        Author thief = Author.of(namespace + ":stolen", clock);
        Reply refused = handIn(thief, trustedToken(List.of(namespace + ":*")));
        assertThat(refused.status()).as(refused.text()).isEqualTo(401);
        assertThat(handIn(Author.of(namespace + ":own", clock), token).status())
                .as("its owner may")
                .isEqualTo(202);
    }

    @Test
    void whoBeginsAPackageWithoutATokenIsAskedForOne() throws Exception {
        Reply refused = handIn(Author.of(namespace + ":asked", clock), null);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("www-authenticate").orElse("")).startsWith("Bearer");
    }
}

package dev.lair.server.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.metadata.BinaryMetadata;
import dev.lair.component.metadata.MetadataSection;
import dev.lair.component.metadata.MetadataWriter;
import dev.lair.component.metadata.Producer;
import dev.lair.component.metadata.TextKind;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.VersionDocument;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import dev.lair.server.publish.PublishRequest;
import dev.lair.server.warg.Contract;
import dev.lair.transparency.Digest;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /api/v1/packages/…/versions/…} over HTTP. */
class VersionTest extends InsightTest {

    @Test
    void contractAndServerHaveTheSamePackagePaths() {
        Set<String> served = mappings.getHandlerMethods().keySet().stream()
                .flatMap(info -> info.getPatternValues().stream()
                        .filter(path -> path.startsWith("/" + ApiPaths.PACKAGES))
                        .flatMap(path -> info.getMethodsCondition().getMethods().stream()
                                .map(method -> method + " " + Contract.shape(path))))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> stated = CONTRACT.operations().stream()
                .filter(operation -> operation.contains("/" + ApiPaths.PACKAGES))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(served).isEqualTo(stated).isNotEmpty();
    }

    @Test
    void componentIsToldWithAllThatFollowsFromItsBytes() throws Exception {
        Author author = Author.of("test:component", clock);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(Wits.importing("wasi:filesystem/types@0.2.0", "wasi:cli/exit@0.2.0", "test:other/i@1.0.0"));
        byte[] module = Wasm.coreModule("inside");
        content.write(1);
        content.write(module.length);
        content.writeBytes(module);
        byte[] bytes = MetadataWriter.append(
                content.toByteArray(),
                BinaryMetadata.Layer.COMPONENT,
                new MetadataSection.Producers(List.of(
                        Producer.of(Producer.Role.LANGUAGE, "Rust", "1.90"),
                        Producer.of(Producer.Role.TOOL, "wit-component", "1"))),
                new MetadataSection.Text(TextKind.DESCRIPTION, "does little"));
        SignedPackageRecord record = release(author, "1.2.3-rc.1", bytes);

        Reply reply = get(path(author, "1.2.3-rc.1")).requireOk();
        assertThat(reply.header("content-type")).contains("application/json");
        assertThat(reply.header("cache-control")).contains("max-age=60, public");
        JsonNode document = reply.json();
        assertThat(document.get("name").asString()).isEqualTo("test:component");
        assertThat(document.get("version").asString()).isEqualTo("1.2.3-rc.1");
        assertThat(document.get("digest").asString()).isEqualTo(Digest.of(bytes).toString());
        assertThat(document.get("yanked").asBoolean()).isFalse();
        assertThat(document.get("released").get("recordId").asString())
                .isEqualTo(record.id().toString());
        assertThat(document.get("released").get("time").asString())
                .isEqualTo(record.contents().time().toString());
        assertThat(document.get("verdict").get("compatibility").asString()).isEqualTo("first");
        JsonNode told = document.get("content");
        assertThat(told.get("kind").asString()).isEqualTo("component");
        assertThat(told.get("sizeBytes").asInt()).isEqualTo(bytes.length);
        assertThat(told.get("validation").get("verdict").asString()).isEqualTo("valid");
        assertThat(told.get("metadata").get("description").asString()).isEqualTo("does little");
        assertThat(texts(told.get("imports"), "name"))
                .containsExactly("wasi:filesystem/types@0.2.0", "wasi:cli/exit@0.2.0", "test:other/i@1.0.0");
        assertThat(texts(told.get("capabilities"), "name")).containsExactly("filesystem", "exit");
        assertThat(texts(told.get("dependencies"), "name"))
                .containsExactlyInAnyOrder("wasi:filesystem", "wasi:cli", "test:other");
        assertThat(texts(told.get("languages"), "name")).containsExactly("Rust");
        assertThat(texts(told.get("tools"), "name")).containsExactly("wit-component");
        assertThat(texts(told.get("coreModules"), "digest"))
                .containsExactly(Digest.of(module).toString());
        assertThat(told.get("wit").get("text").asString()).contains("world root");
    }

    @Test
    void witPackageIsToldAsTextAndAsResolvedJson() throws Exception {
        Author author = Author.of("test:wit", clock);
        release(
                author,
                "1.0.0",
                Wits.packageOf(
                        "package test:wit@1.0.0; /// Says.\ninterface i { resource r { m: func(x: list<option<u32>>)"
                                + " -> result<borrow-me, string>; } record borrow-me { a: tuple<u8, string> } }"
                                + " world w { import i; export run: func(); }"));

        JsonNode told = get(path(author, "1.0.0")).requireOk().json().get("content");
        assertThat(told.get("kind").asString()).isEqualTo("wit-package");
        assertThat(told.get("packageName").asString()).isEqualTo("test:wit");
        assertThat(told.get("packageVersion").asString()).isEqualTo("1.0.0");
        assertThat(texts(told.get("worlds"), "name")).containsExactly("test:wit/w@1.0.0");
        assertThat(texts(told.get("interfaces"), "name")).containsExactly("test:wit/i@1.0.0");

        Reply text = get(path(author, "1.0.0") + "/wit").requireOk();
        assertThat(text.header("content-type").orElse("")).startsWith("text/plain");
        assertThat(text.text())
                .isEqualTo(told.get("wit").get("text").asString())
                .contains("package test:wit@1.0.0;", "resource r");
        JsonNode model = get(path(author, "1.0.0") + "/wit.json").requireOk().json();
        assertThat(model).isEqualTo(told.get("wit").get("model"));
        JsonNode method = model.get("packages")
                .get(0)
                .get("interfaces")
                .get(0)
                .get("functions")
                .get(0);
        assertThat(method.get("kind").asString()).isEqualTo("method");
        assertThat(method.get("params").get(1))
                .isEqualTo(JsonMapper.shared()
                        .readTree(
                                "{\"name\":\"x\",\"type\":{\"kind\":\"list\",\"element\":{\"kind\":\"option\",\"element\":"
                                        + "{\"kind\":\"u32\"}}}}"));
        assertThat(method.get("result"))
                .isEqualTo(JsonMapper.shared()
                        .readTree(
                                "{\"kind\":\"result\",\"ok\":{\"kind\":\"ref\",\"owner\":\"test:wit/i@1.0.0\",\"name\":\"borrow-me\"},"
                                        + "\"err\":{\"kind\":\"string\"}}"));
    }

    @Test
    void coreModuleHasNoWit() throws Exception {
        Author author = Author.of("test:module", clock);
        release(author, "1.0.0", Wasm.coreModule("m"));
        assertThat(get(path(author, "1.0.0")).requireOk().json().get("content").has("wit"))
                .isFalse();
        get(path(author, "1.0.0") + "/wit").requireProblem(Problem.Kind.NO_WIT);
        get(path(author, "1.0.0") + "/wit.json").requireProblem(Problem.Kind.NO_WIT);
    }

    @Test
    void yankedReleaseIsStillToldOfAndMarked() throws Exception {
        Author author = Author.of("test:yanked", clock);
        release(author, "1.0.0", Wasm.component("yanked"));
        Reply before = get(path(author, "1.0.0")).requireOk();
        publishing.publish(new PublishRequest(author.name(), author.yank("1.0.0")));

        Reply after = get(
                path(author, "1.0.0"), "if-none-match", before.header("etag").orElseThrow());
        assertThat(after.requireOk().json().get("yanked").asBoolean()).isTrue();
    }

    @Test
    void knownTagIsAnsweredWithNotModified() throws Exception {
        Author author = Author.of("test:tagged", clock);
        release(author, "1.0.0", Wits.packageOf("package test:tagged@1.0.0; interface i {}"));
        for (String path : List.of(path(author, "1.0.0"), path(author, "1.0.0") + "/wit")) {
            String tag = get(path).requireOk().header("etag").orElseThrow();
            assertThat(get(path, "if-none-match", tag).status()).isEqualTo(304);
            assertThat(get(path, "if-none-match", "\"other\"").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "test/nothing/versions/1.0.0",
                "nowhere/nothing/versions/1.0.0",
                "test/nothing/versions/latest",
                "test/nothing/versions/1.0",
                "Test/nothing/versions/1.0.0",
                "test/x_y/versions/1.0.0",
                "test/nothing/versions/1.0.0/wit",
                "test/nothing/versions/1.0.0/wit.json"
            })
    void releaseThatIsNotThereIsAProblemOfItsType(String path) {
        get(ApiPaths.PACKAGES + "/" + path).requireProblem(Problem.Kind.NO_SUCH_RELEASE);
    }

    @Test
    void otherVersionOfAPackageIsNotThere() throws Exception {
        Author author = Author.of("test:versions", clock);
        release(author, "1.0.0", Wasm.component("versions"));
        get(path(author, "1.0.1")).requireProblem(Problem.Kind.NO_SUCH_RELEASE);
        get(ApiPaths.version(PackageName.parse("test:version"), SemVer.parse("1.0.0")))
                .requireProblem(Problem.Kind.NO_SUCH_RELEASE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/other", "/packages/test", "/packages/test/x", "/packages/test/x/versions/1.0.0/other"})
    void pathThatIsNoneIsAProblemToo(String path) {
        get(ApiPaths.API + path).requireProblem(Problem.Kind.NOT_FOUND);
    }

    @Test
    void documentIsWhatTheRecordsOfTheApiSayByteForByte() throws Exception {
        Author author = Author.of("test:bytes", clock);
        release(author, "1.0.0", Wits.packageOf("package test:bytes@1.0.0; interface i { f: func(); }"));
        byte[] sent = get(path(author, "1.0.0")).requireOk().response().body();
        assertThat(ApiJson.write(ApiJson.readCompressed(sent, VersionDocument.class)))
                .isEqualTo(sent);
    }

    @Test
    void problemHasNoTagAndMayNotBeKept() throws Exception {
        Author author = Author.of("test:untagged", clock);
        release(author, "1.0.0", Wasm.coreModule("m"));
        Reply reply = get(path(author, "1.0.0") + "/wit");
        reply.requireProblem(Problem.Kind.NO_WIT);
        assertThat(reply.header("etag")).isEmpty();
    }

    @Test
    void eachPartHasATagOfItsOwn() throws Exception {
        Author author = Author.of("test:parts", clock);
        release(author, "1.0.0", Wits.packageOf("package test:parts@1.0.0; interface i {}"));
        assertThat(Set.of(
                        get(path(author, "1.0.0")).header("etag").orElseThrow(),
                        get(path(author, "1.0.0") + "/wit").header("etag").orElseThrow(),
                        get(path(author, "1.0.0") + "/wit.json").header("etag").orElseThrow()))
                .hasSize(3);
    }

    @Test
    void otherMethodIsAProblemToo() {
        Reply reply = send(HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/" + ApiPaths.PACKAGES + "/test/x/versions/1.0.0"))
                .DELETE());
        reply.requireProblem(Problem.Kind.METHOD_NOT_ALLOWED);
        assertThat(reply.header("allow").orElse("")).contains("GET");
    }
}

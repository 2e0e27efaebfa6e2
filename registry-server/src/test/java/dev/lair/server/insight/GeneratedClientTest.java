package dev.lair.server.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lair.openapi.lair.client.ApiClient;
import dev.lair.openapi.lair.client.ApiException;
import dev.lair.openapi.lair.client.PackageApi;
import dev.lair.openapi.lair.model.Problem;
import dev.lair.openapi.lair.model.Version;
import dev.lair.openapi.lair.model.WitModel;
import dev.lair.openapi.lair.model.WitTypeDef;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * The client that the build generates from {@code lair.yaml} against the running server. What it read is written again and
 * compared with the reply: a member that the contract lacks, or calls otherwise, would be missing.
 */
class GeneratedClientTest extends InsightTest {

    private static final String EVERY_FORM = """
            /// A package.
            package test:client@1.0.0;
            /// An interface.
            @since(version = 1.0.0)
            interface i {
              type alias = u64;
              record point { x: s8, y: f64 }
              variant shape { none, circle(point) }
              enum colour { red, green }
              flags rights { read, write }
              resource file {
                constructor(name: string);
                read: func(length: u32) -> result<list<u8>, string>;
                open: static func() -> own<file>;
              }
              @since(version = 1.0.0) @deprecated(version = 1.0.0)
              old: func(f: borrow<file>, t: tuple<bool, char>, o: option<string>);
              later: async func(a: future, b: stream<u8>);
            }
            world w {
              import i;
              import log: func(text: string);
              import inner: interface { one: func(); }
              export run: func() -> string;
            }
            """;

    private PackageApi api() {
        ApiClient client = new ApiClient();
        client.updateBaseUri("http://127.0.0.1:" + port);
        return new PackageApi(client);
    }

    /** Reading lost nothing. */
    private static void assertSame(Object read, JsonNode sent) {
        ObjectMapper mapper = ApiClient.createDefaultObjectMapper();
        assertThat(JsonMapper.shared().readTree(mapper.writeValueAsString(read)))
                .isEqualTo(sent);
    }

    @Test
    void witPackageIsReadWithoutLoss() throws Exception {
        Author author = Author.of("test:client", clock);
        release(author, "1.0.0", Wits.packageOf(EVERY_FORM));

        Version version = api().getVersion("test", "client", "1.0.0");
        assertSame(version, get(path(author, "1.0.0")).requireOk().json());
        assertThat(version.getContent().getPackageName()).isEqualTo("test:client");

        WitModel model = api().getVersionWitModel("test", "client", "1.0.0");
        assertSame(model, get(path(author, "1.0.0") + "/wit.json").requireOk().json());
        assertThat(model.getPackages()
                        .getFirst()
                        .getInterfaces()
                        .getFirst()
                        .getTypes()
                        .getFirst()
                        .getKind())
                .isEqualTo(WitTypeDef.KindEnum.ALIAS);
    }

    @Test
    void componentIsReadWithoutLoss() throws Exception {
        Author author = Author.of("test:imports", clock);
        release(author, "0.1.0", Wits.importing("wasi:filesystem/types@0.2.0", "test:other/i@1.0.0"));
        assertSame(
                api().getVersion("test", "imports", "0.1.0"),
                get(path(author, "0.1.0")).requireOk().json());
    }

    @Test
    void verdictOnANeighbourIsReadWithoutLoss() throws Exception {
        Author author = Author.of("test:second", clock);
        release(author, "1.0.0", Wits.packageOf("package test:second@1.0.0; interface i {}"));
        release(
                author,
                "1.1.0",
                Wits.packageOf("package test:second@1.1.0; interface i { @since(version = 1.1.0) f: func(); }"));
        Version version = api().getVersion("test", "second", "1.1.0");
        assertThat(version.getVerdict().getNeighbours()).hasSize(1);
        assertSame(version, get(path(author, "1.1.0")).requireOk().json());
    }

    @Test
    void problemIsReadWithoutLoss() throws Exception {
        Author author = Author.of("test:plain", clock);
        release(author, "1.0.0", Wasm.coreModule("m"));
        ApiException refused =
                catchThrowableOfType(ApiException.class, () -> api().getVersionWitModel("test", "plain", "1.0.0"));
        assertThat(refused.getCode()).isEqualTo(404);
        String body = Objects.requireNonNull(refused.getResponseBody());
        Problem problem = ApiClient.createDefaultObjectMapper().readValue(body, Problem.class);
        assertThat(problem.getType()).isEqualTo("urn:lair:problem:no-wit");
        assertSame(problem, JsonMapper.shared().readTree(body));
    }
}

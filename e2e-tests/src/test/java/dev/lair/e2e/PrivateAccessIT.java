package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A registry with {@code lair.access=private}, its real clients, and its operator beside it. */
class PrivateAccessIT {

    @TempDir
    Path work;

    private final Processes processes = new Processes();
    private ServerProcess server;
    private LairClient lair;

    @BeforeEach
    void start() throws Exception {
        server = ServerProcess.in(work)
                .namespace("test")
                .set("lair.access", "private")
                .start(processes);
        lair = new LairClient(work.resolve("client"), server.url());
    }

    @AfterEach
    void stop() {
        processes.close();
    }

    private String token() throws Exception {
        String password =
                Files.readString(work.resolve("data/administrator.password")).strip();
        Command.jar(lair.folder(), Checkout.cliJar(), List.of("login", "--user", "administrator", "--password-stdin"))
                .with("LAIR_HOME", lair.folder().resolve("home").toString())
                .with("LAIR_REGISTRY", server.url().toString())
                .input(password + "\n")
                .run()
                .succeeded();
        return JsonMapper.builder()
                .build()
                .readTree(Files.readString(lair.folder().resolve("home/credentials.json")))
                .get("registries")
                .get(server.url().toString())
                .get("token")
                .asString();
    }

    private Command operator(String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of("operator"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", work.resolve("data").toString()));
        return Command.server(work, all);
    }

    @Test
    void everyCommandWorksWithALoginAndNoneWithout() throws Exception {
        Files.write(lair.folder().resolve("hello.wasm"), Wasm.module("private"));
        lair.exits(0, "key", "new");
        String[] publish = {"publish", "hello.wasm", "--package", "test:hello", "--version", "1.0.0", "--own-key"};
        for (String[] command : List.of(new String[] {"verify"}, new String[] {"monitor"}, publish)) {
            assertThat(lair.exits(4, command).err()).contains("(401)").contains("lair login");
        }
        Command.Result refused = operator("define", "other").run();
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.err()).contains("LAIR_TOKEN");

        String token = token();
        lair.exits(0, publish);
        lair.exits(0, "pull", "test:hello", "-o", "pulled.wasm");
        assertThat(lair.folder().resolve("pulled.wasm")).hasBinaryContent(Wasm.module("private"));
        lair.exits(0, "verify", "test:hello@1.0.0");
        lair.exits(0, "log", "test:hello");
        lair.exits(0, "monitor");
        Command.Result defined =
                operator("define", "other").with("LAIR_TOKEN", token).run().succeeded();
        assertThat(defined.toString()).doesNotContain(token);
        assertThat(operator("show").with("LAIR_TOKEN", token).run().succeeded().out())
                .contains("namespace other defined here");
        assertThat(server.log()).doesNotContain(token);
    }
}

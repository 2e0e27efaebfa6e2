package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lair.openapi.warg.client.ApiException;
import dev.lair.registry.log.OperatorLog;
import dev.lair.signing.KeyId;
import dev.lair.signing.SignedCheckpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's commands, beside a running server and without one. */
class OperatorIT {

    @TempDir
    Path work;

    private final Processes processes = new Processes();
    private ServerProcess server;

    @BeforeEach
    void start() throws Exception {
        server = ServerProcess.in(work).namespace("test").start(processes);
    }

    @AfterEach
    void stop() {
        processes.close();
    }

    private Command.Result operator(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("operator"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", work.resolve("data").toString()));
        return Command.server(work, all).run();
    }

    @Test
    void namespacesOfARunningServerAreDefinedAndImportedWithoutARestart() throws Exception {
        Registry registry = server.registry();
        byte[] content = Wasm.module("in a new namespace");
        PackageAuthor author = new PackageAuthor(Keys.BOB, "fresh:package");
        assertThat(refusal(registry, author).getCode()).isEqualTo(404);

        assertThat(operator("define", "fresh", "fresher").succeeded().out()).contains("fresh", "fresher");
        assertThat(registry.publish(author.name(), author.release("1.0.0", content), content))
                .isEqualTo(2);

        assertThat(operator("import", "faraway", "--from", "registry.example")
                        .succeeded()
                        .out())
                .contains("registry.example");
        ApiException imported = refusal(registry, new PackageAuthor(Keys.BOB, "faraway:package"));
        assertThat(imported.getCode()).isEqualTo(409);
        assertThat(imported.getResponseBody()).contains("namespaceImport").contains("faraway");

        Registry.State before = registry.state();
        for (String[] refused :
                List.of(new String[] {"define", "content"}, new String[] {"define", "v1"}, new String[] {
                    "import", "root", "--from", "registry.example"
                })) {
            Command.Result result = operator(refused);
            assertThat(result.exitCode()).as(result.toString()).isNotZero();
            assertThat(result.err()).contains("error: ").contains("reserved");
        }
        for (String[] refused :
                List.of(new String[] {"define", "test"}, new String[] {"define", "faraway"}, new String[] {
                    "import", "fresh", "--from", "registry.example"
                })) {
            Command.Result result = operator(refused);
            assertThat(result.exitCode()).as(result.toString()).isNotZero();
            assertThat(result.err()).contains("already defined");
        }
        Command.Result misspelt = operator("define", "Not_Kebab");
        assertThat(misspelt.exitCode()).isNotZero();
        assertThat(misspelt.err()).contains("kebab case");
        assertThat(registry.state()).isEqualTo(before);

        assertThat(operator("show").succeeded().out())
                .contains("namespace test defined here")
                .contains("namespace fresh defined here")
                .contains("namespace faraway imported from registry.example");
        assertThat(Audit.of(registry).operator().namespaces())
                .containsOnlyKeys("test", "fresh", "fresher", "faraway")
                .containsEntry("faraway", new OperatorLog.NamespaceState.Imported("registry.example"));
    }

    @Test
    void keyOfARunningServerIsRotatedAndClientsGoOnVerifying() throws Exception {
        Registry registry = server.registry();
        LairClient client = new LairClient(work.resolve("client"), server.url());
        client.exits(0, "verify");
        SignedCheckpoint old = registry.checkpoint();

        String said = operator("rotate-key").succeeded().out();

        KeyId rotated = registry.checkpoint().keyId();
        assertThat(rotated).isNotEqualTo(old.keyId());
        assertThat(said).contains(rotated.toString());
        byte[] content = Wasm.module("after the rotation");
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:rotated");
        registry.publish(author.name(), author.release("1.0.0", content), content);
        assertThat(registry.checkpoint().keyId()).isEqualTo(rotated);
        client.exits(0, "verify", "--all");
        client.exits(0, "pull", "test:rotated");
        Audit audit = Audit.of(registry);
        audit.extendsCheckpoint(registry, old);
        assertThat(audit.operator().permissions(old.keyId())).isEmpty();
        assertThat(operator("show").succeeded().out()).contains("key " + old.keyId() + " may do nothing any more");

        // And once more, after a restart that must find the new key.
        server.stop();
        server = ServerProcess.in(work).port(server.port()).start(processes);
        assertThat(server.registry().checkpoint().keyId()).isEqualTo(rotated);
        operator("rotate-key").succeeded();
        assertThat(server.registry().checkpoint().keyId()).isNotEqualTo(rotated);
        client.exits(0, "verify");
    }

    @Test
    void storeOfAStoppedServerIsChangedTheSameWay() throws Exception {
        Registry before = server.registry();
        SignedCheckpoint old = before.checkpoint();
        server.stop();

        operator("define", "fresh").succeeded();
        operator("import", "faraway", "--from", "registry.example").succeeded();
        String said = operator("rotate-key").succeeded().out();
        assertThat(operator("define", "content").exitCode()).isNotZero();
        assertThat(operator("show").succeeded().out())
                .contains("namespace fresh defined here")
                .contains("namespace faraway imported from registry.example");

        Registry registry = ServerProcess.in(work).start(processes).registry();
        byte[] content = Wasm.module("defined while stopped");
        PackageAuthor author = new PackageAuthor(Keys.BOB, "fresh:package");
        registry.publish(author.name(), author.release("1.0.0", content), content);
        assertThat(refusal(registry, new PackageAuthor(Keys.BOB, "faraway:package"))
                        .getCode())
                .isEqualTo(409);
        assertThat(said).contains(registry.checkpoint().keyId().toString());
        Audit.of(registry).extendsCheckpoint(registry, old);
    }

    @Test
    void commandsAfterAKillFindTheStoreAndNotTheDeadServer() throws Exception {
        server.kill();

        operator("define", "fresh").succeeded();

        assertThat(Audit.of(ServerProcess.in(work).start(processes).registry())
                        .operator()
                        .namespaces())
                .containsOnlyKeys("test", "fresh");
    }

    private static ApiException refusal(Registry registry, PackageAuthor author) {
        ApiException refused = catchThrowableOfType(
                ApiException.class,
                () -> registry.submit(
                        author.name(), author.draft(PackageAuthor.releaseEntry("1.0.0", Wasm.module("refused")))));
        if (refused == null) {
            throw new AssertionError("the registry took a record of " + author.name());
        }
        return refused;
    }
}

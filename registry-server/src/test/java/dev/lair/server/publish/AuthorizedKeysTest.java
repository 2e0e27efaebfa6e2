package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.PackageName;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.Wasm;
import dev.lair.server.publish.PublishRefused.Unauthorized;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator's file of who may publish what. */
class AuthorizedKeysTest {

    private final TestClock clock = new TestClock();
    private final Author alice = Author.of("test:unauthorized-key", clock);
    private final Author bob = Author.of("test:bobs", clock);

    @TempDir
    Path folder;

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("keys.txt"), text);
    }

    private AuthorizedKeys keys(String text) throws IOException {
        return new AuthorizedKeys(
                TestSettings.of("authorized-keys-file", write(text).toString()));
    }

    @Test
    void withoutAFileEverybodyMayPublish() throws Exception {
        new AuthorizedKeys(TestSettings.of()).check(alice.name(), bob.key().keyId());
    }

    @Test
    void namespaceLineCoversEveryPackageOfIt() throws Exception {
        AuthorizedKeys keys = keys("# who may\n\n  test   " + alice.key().keyId() + "  \n");
        keys.check(alice.name(), alice.key().keyId());
        keys.check(PackageName.parse("test:any"), alice.key().keyId());
        assertThatThrownBy(() -> keys.check(
                        PackageName.parse("test-two:any"), alice.key().keyId()))
                .isInstanceOf(Unauthorized.class);
    }

    @Test
    void packageLineCoversThatPackageOnly() throws Exception {
        AuthorizedKeys keys = keys(
                "test:bobs " + bob.key().keyId() + "\ntest:bobs " + alice.key().keyId() + "\n");
        keys.check(bob.name(), bob.key().keyId());
        keys.check(bob.name(), alice.key().keyId());
        assertThatThrownBy(() -> keys.check(alice.name(), bob.key().keyId()))
                .isInstanceOf(Unauthorized.class)
                .hasMessageContaining("not authorized to publish to package `test:unauthorized-key`")
                .hasMessageContaining(bob.key().keyId().toString());
    }

    @Test
    void emptyFileLetsNobodyPublish() throws Exception {
        AuthorizedKeys keys = keys("# nobody\n");
        assertThatThrownBy(() -> keys.check(alice.name(), alice.key().keyId())).isInstanceOf(Unauthorized.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'test', 'a line has a namespace or package name, and a key id'",
        "'test a b', 'a line has a namespace or package name, and a key id'",
        "'Test sha256:0db9178aabc877b42f03a038bf453ee53f08e3c8c55fab916043428078596bfb', 'Test'",
        "'test:two:three sha256:0db9178aabc877b42f03a038bf453ee53f08e3c8c55fab916043428078596bfb', 'test:two'",
        "'test sha256:0DB9178aabc877b42f03a038bf453ee53f08e3c8c55fab916043428078596bfb', ''",
        "'test nonsense', ''"
    })
    void lineThatIsNotUnderstoodStopsTheStartAndIsNamed(String line, String words) throws Exception {
        assertThatThrownBy(() -> keys("# first\n" + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keys.txt, line 2")
                .hasMessageContaining(words);
    }

    @Test
    void fileThatIsNotThereStopsTheStart() {
        assertThatThrownBy(() -> new AuthorizedKeys(TestSettings.of(
                        "authorized-keys-file", folder.resolve("absent").toString())))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void unauthorizedKeyIsRefusedBeforeAnythingIsStored() throws Exception {
        Path file = write("test:bobs " + bob.key().keyId() + "\n");
        try (BareRegistry registry = BareRegistry.open(clock, "authorized-keys-file", file.toString())) {
            byte[] content = Wasm.component("c");
            var record = alice.release("1.0.0", content);
            assertThatThrownBy(() -> registry.publish(alice, record))
                    .isInstanceOf(Unauthorized.class)
                    .hasMessageContaining("not authorized to publish to package `test:unauthorized-key`");
            assertThat(registry.status(alice, record)).isEmpty();
            assertThatCode(() -> registry.publish(bob, bob.release("1.0.0", content)))
                    .doesNotThrowAnyException();
        }
    }
}

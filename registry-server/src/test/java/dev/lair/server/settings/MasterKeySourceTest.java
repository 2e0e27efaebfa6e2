package dev.lair.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lair.server.TestSettings;
import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.signing.MasterKey;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.WrongMasterKeyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Where the master key comes from, and that it goes nowhere else. */
class MasterKeySourceTest {

    private static final String TEXT = HexFormat.of().formatHex(bytes(7));
    private static final KeyLabel LABEL = new KeyLabel("operator-1");

    private final SecureRandom random = new SecureRandom();
    private final PrivateKey key = PrivateKey.generate(random);

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void data() {
        data = folder.resolve("data");
    }

    private static byte[] bytes(int fill) {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return bytes;
    }

    private MasterKeySource source(Map<String, String> environment, String... settings) {
        String[] all = new String[settings.length + 4];
        System.arraycopy(new String[] {"storage", "embedded", "data", data.toString()}, 0, all, 0, 4);
        System.arraycopy(settings, 0, all, 4, settings.length);
        return MasterKeySource.of(TestSettings.of(all), environment);
    }

    private KeyStore open(MasterKeySource source) throws IOException {
        return RegistryKeyStore.openFolder(data, source, random, Clock.systemUTC());
    }

    private Path script(String text) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "SKIPPED: no /bin/sh here, so no command prints a key");
        Path script = folder.resolve("print key");
        Files.writeString(script, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private String run(String text, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(script(text).toString()));
        command.addAll(List.of(arguments));
        return new SecretCommand(command).run();
    }

    @Test
    void oneKeyFromFileVariableAndCommandOpensTheSameStore() throws IOException {
        Path file = folder.resolve("file");
        MasterKey made = MasterKey.createFile(file, random);
        assertThat(made).isNotNull();
        String text = HexFormat.of().formatHex(Files.readAllBytes(file));
        open(source(Map.of(), "master-key-file", file.toString())).add(LABEL, key);
        String base64 = java.util.Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        for (MasterKeySource each : List.of(
                source(Map.of("LAIR_MASTER_KEY", text)),
                source(Map.of("LAIR_MASTER_KEY", base64 + "\n")),
                source(Map.of(), "master-key-command", script("echo " + text).toString()))) {
            assertThat(open(each).get(LABEL)).as(each.describe()).isPresent();
        }
        assertThat(data.resolve("master.key")).doesNotExist();
        assertThatThrownBy(() -> open(source(Map.of("LAIR_MASTER_KEY", TEXT))))
                .isInstanceOf(WrongMasterKeyException.class);
    }

    @Test
    void newStoreIsMadeForAKeyFromTheEnvironmentAndNoFileIsWritten() throws IOException {
        open(source(Map.of("LAIR_MASTER_KEY", TEXT))).add(LABEL, key);
        assertThat(data.resolve("master.key")).doesNotExist();
        assertThatThrownBy(() -> open(source(Map.of()))).hasMessageContaining("LAIR_MASTER_KEY");
    }

    @Test
    void twoSourcesAreRefusedAndBothAreNamed() throws IOException {
        String command = script("echo no").toString();
        assertThatThrownBy(() -> source(Map.of("LAIR_MASTER_KEY", TEXT), "master-key-file", "/k"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("file `/k` and variable LAIR_MASTER_KEY are named")
                .hasMessageNotContaining(TEXT);
        assertThatThrownBy(() -> source(Map.of("LAIR_MASTER_KEY", TEXT), "master-key-command", command))
                .hasMessageContaining("variable LAIR_MASTER_KEY and command");
        assertThatThrownBy(() -> source(Map.of(), "master-key-file", "/k", "master-key-command", command))
                .hasMessageContaining("one source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "zz07070707070707070707070707070707070707070707070707070707070707", "0707"})
    void textThatIsNoKeyIsRefusedWithoutBeingRepeated(String text) {
        assertThatThrownBy(() -> source(Map.of("LAIR_MASTER_KEY", text)).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("variable LAIR_MASTER_KEY")
                .hasMessageContaining("64 hexadecimal digits")
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage())).doesNotContain(text.isEmpty() ? "``" : text));
        assertThatThrownBy(
                        () -> source(Map.of("LAIR_MASTER_KEY", "00".repeat(32))).read())
                .hasMessageContaining("zeros");
    }

    @Test
    void sourceDoesNotShowItsSecret() {
        MasterKeySource source = source(Map.of("LAIR_MASTER_KEY", TEXT));
        assertThat(source + source.describe()).doesNotContain(TEXT);
    }

    // The command.

    @Test
    void argumentsReachTheCommandAsTheyAreAndNoShellReadsThem() throws IOException {
        assertThat(run("printf '%s|' \"$#\" \"$@\"", "a b", "$HOME;`id`", "*")).isEqualTo("3|a b|$HOME;`id`|*|");
    }

    @Test
    void commandSeesNoMasterKeyAndNoInput() throws IOException {
        assertThat(run("cat; env | grep -c '^LAIR_\\(NEW_\\)\\?MASTER_KEY=' ; true"))
                .isEqualTo("0");
        assertThat(SecretCommand.isSecret("LAIR_MASTER_KEY")).isTrue();
        assertThat(SecretCommand.isSecret("LAIR_NEW_MASTER_KEY")).isTrue();
        assertThat(SecretCommand.isSecret("LAIR_MASTER_KEY_FILE")).isFalse();
    }

    @Test
    void failureIsToldByExitCodeAndComplaintWithoutTheOutput() {
        assertThatThrownBy(() -> run("echo " + TEXT + "; echo 'the vault is sealed' >&2; echo more >&2; exit 3"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended with 3 and said: the vault is sealed")
                .hasMessageNotContaining("more")
                .hasMessageNotContaining(TEXT);
        assertThatThrownBy(() -> run("echo " + TEXT + "; echo got " + TEXT + " >&2; exit 3"))
                .hasMessageContaining("ended with 3")
                .hasMessageNotContaining(TEXT);
    }

    @Test
    void commandThatPrintsWithoutEndIsStopped() {
        assertThatThrownBy(() -> run("while :; do echo 0123456789012345678901234567890123456789; done"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("for the master key");
        assertThatThrownBy(() -> run("i=0; while [ $i -lt 500 ]; do echo 0123456789; i=$((i+1)); done"))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("0123456789");
    }

    @Test
    void commandThatDoesNotEndIsStoppedInTime() throws IOException {
        Path script = script("exec tail -f /dev/null");
        assertThatThrownBy(() -> new SecretCommand(List.of(script.toString()), Duration.ofMillis(300)).run())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end within");
        ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().commandLine().orElse("").contains("tail -f /dev/null"))
                .forEach(child -> assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fetch-key", "./fetch-key", "sh"})
    void commandThatAPathWouldHaveToFindIsRefused(String program) {
        assertThatThrownBy(() -> source(Map.of(), "master-key-command", program))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whole path");
    }

    @Test
    void commandThatIsNotThereIsNamed() {
        assertThatThrownBy(
                        () -> new SecretCommand(List.of(folder.resolve("none").toString())).run())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be run");
    }

    // What the framework sees.

    private static StandardEnvironment environment(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new HashMap<>(variables)));
        return environment;
    }

    @Test
    void frameworkKnowsNoVariableWithTheKey() {
        StandardEnvironment environment =
                environment(Map.of("LAIR_MASTER_KEY", TEXT, "LAIR_NEW_MASTER_KEY", TEXT, "LAIR_DATA", "there"));
        new HiddenSecrets().postProcessEnvironment(environment, new SpringApplication());
        assertThat(environment.getProperty("LAIR_MASTER_KEY")).isNull();
        assertThat(environment.getProperty("lair.master-key")).isNull();
        assertThat(environment.getProperty("lair.new-master-key")).isNull();
        assertThat(environment.getProperty("lair.data")).isEqualTo("there");
        environment
                .getPropertySources()
                .forEach(source -> assertThat(String.valueOf(source.getSource()))
                        .as(source.getName())
                        .doesNotContain(TEXT));
    }

    @Test
    void keyOnACommandLineIsRefusedWithoutBeingRepeated() {
        StandardEnvironment environment = environment(Map.of());
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("commandLineArgs", Map.of("lair.master-key", TEXT)));
        assertThatThrownBy(() -> new HiddenSecrets().postProcessEnvironment(environment, new SpringApplication()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lair.master-key-file")
                .hasMessageNotContaining(TEXT);
    }

    @Test
    void variablesOfTheKeyAreNoUnknownSettings() {
        assertThat(SettingNames.unknownVariables(List.of(
                        "LAIR_MASTER_KEY",
                        "LAIR_NEW_MASTER_KEY",
                        "LAIR_MASTER_KEY_COMMAND_0",
                        "LAIR_TOKEN",
                        "LAIR_MASTER")))
                .containsExactly("LAIR_MASTER");
    }
}

package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargPaths;
import dev.lair.signing.KeyFile;
import dev.lair.transparency.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WIT texts are built here, and what is published is that binary under the text's own name and version. */
class PublishTextsTest {

    private static final PackageName NAME = PackageName.parse("test:shop");

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() throws Exception {
        registry = new FakeRegistry(Ledger.founded(
                Vectors.ALICE, Instant.ofEpochSecond(1_700_000_000L), new OperatorEntry.DefineNamespace("test")));
        lair = new LairRun(folder).registry(registry);
        Files.createDirectories(lair.home().resolve("keys"));
        KeyFile.create(lair.home().resolve("keys/default.key"), Vectors.BOB);
        Files.createDirectories(folder.resolve("wit/deps"));
        Files.writeString(
                folder.resolve("wit/shop.wit"),
                "package test:shop@1.2.0;\ninterface orders {\n  use test:types/money.{amount};\n  pay: func(a: amount);\n}\n");
        Files.writeString(
                folder.resolve("wit/deps/types.wit"), "package test:types; interface money { type amount = u64; }");
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void nameAndVersionComeFromTheTextAndTheContentIsItsBinary() throws Exception {
        assertThat(lair.run("wit", "build", "wit", "-o", "shop.wasm").exitCode())
                .isZero();
        Digest digest = Digest.of(Files.readAllBytes(folder.resolve("shop.wasm")));

        LairRun.Outcome outcome = lair.run("publish", "wit");

        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).startsWith("published  test:shop 1.2.0 (first record of a new package log)\n");
        Ledger.Entry entry = registry.ledger.entries().getLast();
        assertThat(SignedPackageRecord.decode(entry.signed()).contents().entries())
                .containsExactly(
                        new PackageEntry.Init(Vectors.BOB.publicKey()),
                        new PackageEntry.Release(SemVer.parse("1.2.0"), digest));
        assertThat(registry.requests).contains("POST " + WargPaths.uploadContent(NAME.logId(), entry.id(), digest));
    }

    @Test
    void namesThatAgreeMayBeGiven() {
        LairRun.Outcome outcome = lair.run("publish", "wit", "--package", "test:shop", "--version", "1.2.0", "--json");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.json().get("package").asString()).isEqualTo("test:shop");
        assertThat(outcome.json().get("version").asString()).isEqualTo("1.2.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --package test:other | --package is `test:other`, but the text says `package test:shop`
            --version 1.2.1      | --version is `1.2.1`, but the text says `package test:shop@1.2.0`
            """)
    void namesThatDisagreeAreWrongUsageAndNothingIsSent(String options, String message) {
        LairRun.Outcome outcome = lair.run(("publish wit " + options).split(" "));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains(message);
        assertThat(registry.requests).isEmpty();
    }

    @Test
    void aTextWithoutVersionIsRefusedEvenWhenOneIsGiven() throws Exception {
        Files.writeString(folder.resolve("v.wit"), "package test:shop; interface i { f: func(); }");
        for (String options : new String[] {"", " --version 2.0.0"}) {
            LairRun.Outcome outcome = lair.run(("publish v.wit" + options).split(" "));
            assertThat(outcome.exitCode()).isEqualTo(9);
            assertThat(outcome.err()).contains("the text says no version").contains("write `package test:shop@");
        }
        assertThat(registry.requests).isEmpty();
    }

    @Test
    void aTextThatIsRefusedShowsItsLineAndNothingIsSent() throws Exception {
        Files.writeString(
                folder.resolve("bad.wit"), "package test:shop@1.0.0;\ninterface i {\n  f: func(a: money);\n}\n");
        LairRun.Outcome outcome = lair.run("publish", "bad.wit");
        assertThat(outcome.exitCode()).isEqualTo(9);
        assertThat(outcome.err())
                .contains("--> bad.wit:3:14")
                .contains("  f: func(a: money);")
                .contains("^----");
        assertThat(registry.requests).isEmpty();
    }

    @Test
    void aBinaryStillNeedsBothNames() throws Exception {
        Files.write(folder.resolve("f.wasm"), Vectors.CONTENT);
        assertThat(lair.run("publish", "f.wasm", "--package", "test:shop").err())
                .contains("--version is missing");
        assertThat(lair.run("publish", "f.wasm", "--version", "1.0.0").err()).contains("--package is missing");
        LairRun.Outcome features =
                lair.run("publish", "f.wasm", "--package", "test:shop", "--version", "1.0.0", "--all-features");
        assertThat(features.exitCode()).isEqualTo(2);
        assertThat(features.err()).contains("are for WIT texts");
    }
}

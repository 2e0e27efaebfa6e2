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

    /** Folders of packages beside each other, as WASI keeps them: {@code top} needs {@code middle} needs {@code base}. */
    private void workspace() throws Exception {
        for (String[] each : new String[][] {
            {"a-top", "package test:top@1.0.0; world w { import test:middle/m@1.0.0; }"},
            {"b-base", "package test:base@1.0.0; interface b { type t = u8; }"},
            {"c-middle", "package test:middle@1.0.0; interface m { use test:base/b@1.0.0.{t}; f: func(a: t); }"}
        }) {
            Files.createDirectories(folder.resolve(each[0]));
            Files.writeString(folder.resolve(each[0] + "/x.wit"), each[1]);
        }
    }

    @Test
    void severalPackagesSeeEachOtherAndEachIsPublishedAfterWhatItNeeds() throws Exception {
        workspace();
        LairRun.Outcome outcome = lair.run("publish", "a-top", "b-base", "c-middle", "--json");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.json()
                        .get("published")
                        .valueStream()
                        .map(each -> each.get("package").asString()))
                .containsExactly("test:base", "test:middle", "test:top");

        // The same bytes as when the dependency lies in deps, so that who published does not show.
        Files.createDirectories(folder.resolve("c-middle/deps"));
        Files.copy(folder.resolve("b-base/x.wit"), folder.resolve("c-middle/deps/base.wit"));
        assertThat(lair.run("wit", "build", "c-middle", "-o", "middle.wasm").exitCode())
                .isZero();
        assertThat(outcome.json().get("published").get(1).get("digest").asString())
                .isEqualTo(Digest.of(Files.readAllBytes(folder.resolve("middle.wasm")))
                        .toString());
    }

    @Test
    void oneTextThatIsRefusedKeepsAllFromBeingPublished() throws Exception {
        workspace();
        Files.writeString(
                folder.resolve("a-top/x.wit"), "package test:top@1.0.0; world w { import test:middle/n@1.0.0; }");
        LairRun.Outcome outcome = lair.run("publish", "a-top", "b-base", "c-middle");
        assertThat(outcome.exitCode()).isEqualTo(9);
        assertThat(outcome.err()).contains("--> a-top/x.wit:1:");
        assertThat(registry.requests).isEmpty();
    }

    @Test
    void afterAFailureInTheMiddleTheSameCommandGoesOn() throws Exception {
        workspace();
        Files.createDirectories(folder.resolve("taken"));
        Files.writeString(folder.resolve("taken/x.wit"), "package test:middle@1.0.0; interface other {}");
        assertThat(lair.run("publish", "taken").exitCode()).isZero();
        LairRun.Outcome outcome = lair.run("publish", "b-base", "c-middle");
        assertThat(outcome.exitCode()).as(outcome.all()).isNotZero();
        assertThat(outcome.out()).contains("published  test:base 1.0.0");
        assertThat(outcome.err()).contains("hint: released before this: test:base 1.0.0; run the same again");

        Files.writeString(
                folder.resolve("c-middle/x.wit"),
                "package test:middle@1.0.1; interface m { use test:base/b@1.0.0.{t}; f: func(a: t); }");
        outcome = lair.run("publish", "b-base", "c-middle", "--json");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.json().get("published").get(0).get("unchanged").asBoolean())
                .isTrue();
        assertThat(outcome.json().get("published").get(1).get("version").asString())
                .isEqualTo("1.0.1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a-top b-base --version 1.0.0          | 2 | --package and --version are for one package
            a-top b-base greeter.wasm             | 2 | is a binary, and those are published one at a time
            a-top b-base b-base/x.wit c-middle    | 9 | are both package `test:base@1.0.0`
            a-top b-base                          | 9 | package 'test:middle@1.0.0' not found
            """)
    void severalThatDoNotGoTogetherAreRefusedAndNothingIsSent(String arguments, int exitCode, String message)
            throws Exception {
        workspace();
        LairRun.Outcome outcome = lair.run(("publish " + arguments).split(" "));
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(exitCode);
        assertThat(outcome.err()).contains(message);
        assertThat(registry.requests).isEmpty();
    }

    @Test
    void aCycleIsToldAtItsLine() throws Exception {
        workspace();
        Files.writeString(
                folder.resolve("b-base/x.wit"),
                "package test:base@1.0.0; interface b { use test:middle/m@1.0.0.{t}; }");
        LairRun.Outcome outcome = lair.run("publish", "b-base", "c-middle");
        assertThat(outcome.exitCode()).isEqualTo(9);
        assertThat(outcome.err()).contains("--> ");
        assertThat(registry.requests).isEmpty();
    }
}

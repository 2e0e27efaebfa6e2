package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.TokenText;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.PackageEntry;
import dev.lair.signing.KeyFile;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code lair wit fetch} and {@code update} fill {@code deps} with what the lock or the texts say, or change nothing. The
 * registry has test:base 1.0.0, 1.1.0 and 2.0.0, test:middle 1.0.0, which needs base 1.0.0, and test:plain 0.1.0.
 */
class DependenciesTest {

    private static final String PROJECT =
            "package my:project;\n\nworld w {\n  import test:middle/m@1.0.0;\n  import test:base/b@1.1.0;\n}\n";

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
        publish("package test:base@1.0.0; interface b { type t = u8; }");
        publish("package test:base@1.1.0; interface b { type t = u8; @since(version = 1.1.0) f: func(); }");
        publish("package test:base@2.0.0; interface b { type t = u16; }");
        publish("package test:plain@0.1.0; interface p { g: func(); }");
        write("source/deps/base.wit", "package test:base@1.0.0; interface b { type t = u8; }");
        write(
                "source/middle.wit",
                "package test:middle@1.0.0; interface m { use test:base/b@1.0.0.{t}; h: func(a: t); }");
        requireDone(lair.run("publish", "source"));
        write("wit/project.wit", PROJECT);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void publish(String text) throws IOException {
        write("one.wit", text);
        requireDone(lair.run("publish", "one.wit"));
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }

    private String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    private static LairRun.Outcome requireDone(LairRun.Outcome outcome) {
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        return outcome;
    }

    private LairRun.Outcome refused(int exitCode, String... arguments) {
        LairRun.Outcome outcome = lair.run(arguments);
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(exitCode);
        return outcome;
    }

    private List<String> deps() throws IOException {
        Path deps = folder.resolve("wit/deps");
        if (!Files.exists(deps)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(deps)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void dependenciesOfAPrivateRegistryAreFetchedWithTheToken() throws Exception {
        registry.wanted =
                TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
        lair.variables.put("LAIR_TOKEN", registry.wanted);
        requireDone(lair.run("wit", "fetch"));
        assertThat(deps()).contains("test.middle@1.0.0.wit", "test.base@1.1.0.wit", "test.base@1.0.0.wit");
        lair.variables.remove("LAIR_TOKEN");
        refused(4, "wit", "update");
    }

    @Test
    void whatTextsNameAndWhatThatNeedsIsThereAndResolves() throws Exception {
        LairRun.Outcome outcome = requireDone(lair.run("wit", "fetch"));
        assertThat(outcome.out().lines())
                .containsExactly(
                        "fetched    test:middle 1.0.0 into wit/deps/test.middle@1.0.0.wit",
                        "fetched    test:base 1.1.0 into wit/deps/test.base@1.1.0.wit",
                        "fetched    test:base 1.0.0 into wit/deps/test.base@1.0.0.wit",
                        "lock       wit/lair.lock",
                        "checkpoint 6 records, verified");
        assertThat(deps())
                .containsExactly(".lair", "test.base@1.0.0.wit", "test.base@1.1.0.wit", "test.middle@1.0.0.wit");
        assertThat(read("wit/deps/test.base@1.0.0.wit"))
                .startsWith("package test:base@1.0.0;")
                .contains("type t = u8;");
        assertThat(requireDone(lair.run("wit", "check", "wit")).out()).contains("3 other packages");
        String lock = read("wit/lair.lock");
        assertThat(lock).contains("requirement = \"=1.1.0\"", "requirement = \"=1.0.0\"", "name = \"test:middle\"");

        String again = requireDone(lair.run("wit", "fetch", "wit")).out();
        assertThat(again).isEqualTo(outcome.out());
        assertThat(read("wit/lair.lock")).isEqualTo(lock);
        String json = requireDone(lair.run("wit", "fetch", "--json")).out();
        assertThat(json).contains("\"package\":\"test:middle\",\"version\":\"1.0.0\",\"digest\":\"sha256:");
    }

    @Test
    void aReleaseThatIsNotTheLockedOneIsRefusedAndNothingIsWritten() throws Exception {
        requireDone(lair.run("wit", "fetch"));
        Files.delete(folder.resolve("wit/deps/test.base@1.0.0.wit"));
        String digest = read("wit/lair.lock")
                .lines()
                .filter(line -> line.startsWith("digest"))
                .findFirst()
                .orElseThrow();
        String forged = "digest = \"" + Digest.of(new byte[] {7}) + "\"";
        write("wit/lair.lock", read("wit/lair.lock").replace(digest, forged));
        LairRun.Outcome outcome = refused(3, "wit", "fetch");
        assertThat(outcome.err()).contains("the lock has `test:base` 1.0.0 as " + Digest.of(new byte[] {7}));
        assertThat(deps()).doesNotContain("test.base@1.0.0.wit");
        assertThat(read("wit/lair.lock")).contains(forged);
    }

    @Test
    void whatTheLockDoesNotHaveIsRefusedAtItsLineUntilAnUpdateTakesItIn() throws Exception {
        requireDone(lair.run("wit", "fetch"));
        write("wit/project.wit", PROJECT.replace("test:base/b@1.1.0", "test:base/b@2.0.0"));
        LairRun.Outcome outcome = refused(7, "wit", "fetch");
        assertThat(outcome.err())
                .contains("error: package `test:base@2.0.0` is not in the lock; take it in with `lair wit update`")
                .contains("--> wit/project.wit:5:10")
                .contains("import test:base/b@2.0.0;")
                .contains("^--------");
        assertThat(deps()).contains("test.base@1.1.0.wit");

        assertThat(requireDone(lair.run("wit", "update")).out()).contains("removed    wit/deps/test.base@1.1.0.wit");
        assertThat(deps())
                .containsExactly(".lair", "test.base@1.0.0.wit", "test.base@2.0.0.wit", "test.middle@1.0.0.wit");
        assertThat(read("wit/lair.lock")).contains("\"2.0.0\"").doesNotContain("\"1.1.0\"");
        requireDone(lair.run("wit", "fetch"));
    }

    @Test
    void whatNothingNeedsAnyMoreIsToldAndRemoved() throws Exception {
        requireDone(lair.run("wit", "fetch"));
        write("wit/project.wit", "package my:project; world w { import test:base/b@1.1.0; }");
        LairRun.Outcome outcome = requireDone(lair.run("wit", "fetch"));
        assertThat(outcome.err())
                .contains(
                        "warning: `wit/lair.lock` has what nothing needs any more: test:base 1.0.0, test:middle 1.0.0");
        assertThat(deps()).containsExactly(".lair", "test.base@1.1.0.wit");
    }

    @Test
    void aVersionThatWasNeverReleasedIsShownWithTheHighestOfItsTrack() throws Exception {
        write("wit/project.wit", "package my:project;\ninterface i {\n  use test:base/b@1.0.9.{t};\n}\n");
        assertThat(refused(6, "wit", "fetch").err())
                .contains("`test:base` has no release 1.0.9; the highest of that version track is 1.1.0: name that")
                .contains("--> wit/project.wit:3:7");
        write("wit/project.wit", "package my:project; interface i { use test:base/b@1.7.0.{t}; }");
        assertThat(refused(6, "wit", "fetch").err()).contains("the highest of that version track is 1.1.0: name that");
        write("wit/project.wit", "package my:project; interface i { use test:base/b@3.0.0.{t}; }");
        assertThat(refused(6, "wit", "fetch").err()).contains("it has none on that version track");
        assertThat(deps()).isEmpty();
        assertThat(folder.resolve("wit/lair.lock")).doesNotExist();
    }

    @Test
    void aPackageThatIsNotThereIsShownAtItsLine() throws Exception {
        write("wit/project.wit", "package my:project;\nworld w {\n  include test:nothing/w@1.0.0;\n}\n");
        assertThat(refused(6, "wit", "fetch").err())
                .contains("package `test:nothing` is not in the registry")
                .contains("--> wit/project.wit:3:11");
        write("wit/project.wit", "package my:project;\nworld w {\n  include Test:nothing/w@1.0.0;\n}\n");
        assertThat(refused(9, "wit", "fetch").err()).contains("--> wit/project.wit:3:");
    }

    @Test
    void aTextThatNamesNoVersionGetsTheHighestAndALaterOneOnlyByUpdate() throws Exception {
        write("wit/project.wit", "package my:project; world w { import test:plain/p; }");
        requireDone(lair.run("wit", "fetch"));
        assertThat(read("wit/deps/test.plain.wit")).startsWith("package test:plain;\n");
        assertThat(read("wit/lair.lock")).contains("requirement = \"*\"\nversion = \"0.1.0\"");
        requireDone(lair.run("wit", "check", "wit"));

        publish("package test:plain@0.2.0; interface p { g: func(); h: func(); }");
        requireDone(lair.run("wit", "fetch"));
        assertThat(read("wit/deps/test.plain.wit")).doesNotContain("h: func");
        requireDone(lair.run("wit", "update"));
        assertThat(read("wit/deps/test.plain.wit")).contains("h: func");
        assertThat(read("wit/lair.lock")).contains("requirement = \"*\"\nversion = \"0.2.0\"");

        publish("package test:plain@0.2.1; interface p { g: func(); h: func(); @since(version = 0.2.1) i: func(); }");
        assertThat(refused(9, "wit", "update").err())
                .contains("named without a version, and what it holds is gated by versions: name one")
                .contains("--> wit/project.wit:1:");
    }

    @Test
    void anUpdateTellsLaterReleasesOfTheVersionsThatTextsName() throws Exception {
        write("wit/project.wit", "package my:project;\nworld w { import test:base/b@1.0.0; }");
        assertThat(requireDone(lair.run("wit", "update")).out())
                .contains("newer      test:base 1.1.0 is there; wit/project.wit:2 names 1.0.0");
        assertThat(requireDone(lair.run("wit", "fetch")).out()).doesNotContain("newer");
    }

    @Test
    void aLockOfWkgDecidesForWhatItNames() throws Exception {
        requireDone(lair.run("wit", "fetch"));
        String wkg =
                read("wit/lair.lock").replace("name = \"test:base\"", "name = \"test:base\"\nregistry = \"x.dev\"");
        Files.delete(folder.resolve("wit/lair.lock"));
        write("wkg.lock", "# This file is automatically generated.\n" + wkg);
        requireDone(lair.run("wit", "fetch"));
        assertThat(folder.resolve("wit/lair.lock")).exists();
        assertThat(read("wkg.lock")).endsWith(wkg);

        Files.delete(folder.resolve("wit/lair.lock"));
        String digest = wkg.lines()
                .filter(line -> line.startsWith("digest"))
                .findFirst()
                .orElseThrow();
        write("wkg.lock", wkg.replace(digest, "digest = \"" + Digest.of(new byte[] {7}) + "\""));
        assertThat(refused(3, "wit", "fetch").err()).contains("in this registry it is");
        assertThat(folder.resolve("wit/lair.lock")).doesNotExist();

        // wkg locks what texts name; what that needs is found as without a lock.
        write("wkg.lock", "version = 1\npackages = []\n");
        requireDone(lair.run("wit", "fetch"));
        assertThat(read("wit/lair.lock")).contains("test:middle");
    }

    @Test
    void whatOthersPutIntoDepsStaysAndIsNotFetched() throws Exception {
        write("wit/deps/mine/base.wit", "package test:base@1.1.0; interface b { type t = u8; mine: func(); }");
        write("wit/deps/notes.txt", "mine");
        LairRun.Outcome outcome = requireDone(lair.run("wit", "fetch"));
        assertThat(outcome.out()).contains("present    wit/deps/mine, not from the registry");
        assertThat(deps())
                .containsExactly(".lair", "mine", "notes.txt", "test.base@1.0.0.wit", "test.middle@1.0.0.wit");
        assertThat(read("wit/lair.lock")).doesNotContain("\"1.1.0\"");
        requireDone(lair.run("wit", "check", "wit"));
        write("wit/project.wit", "package my:project; interface i {}");
        requireDone(lair.run("wit", "update"));
        assertThat(deps()).containsExactly(".lair", "mine", "notes.txt");
    }

    @Test
    void aFetchedFileThatSomebodyChangedIsRefusedNotReplaced() throws Exception {
        requireDone(lair.run("wit", "fetch"));
        String changed = "package test:base@1.1.0; interface b { type t = u8; evil: func(); }";
        write("wit/deps/test.base@1.1.0.wit", changed);
        for (String command : List.of("fetch", "update")) {
            assertThat(refused(7, "wit", command).err())
                    .contains("`wit/deps/test.base@1.1.0.wit` is not what was fetched");
            assertThat(read("wit/deps/test.base@1.1.0.wit")).isEqualTo(changed);
        }
        // Without the list of what was written, the lock still says what has to be there.
        Files.delete(folder.resolve("wit/deps/.lair"));
        refused(7, "wit", "fetch");
        Files.delete(folder.resolve("wit/deps/test.base@1.1.0.wit"));
        requireDone(lair.run("wit", "fetch"));
        assertThat(read("wit/deps/test.base@1.1.0.wit")).doesNotContain("evil");
    }

    @Test
    void anotherDeclarationOfALockedPackageIsRefused() throws Exception {
        requireDone(lair.run("wit", "fetch"));
        write("wit/deps/zz.wit", "package test:base@1.1.0; interface b { type t = u8; evil: func(); }");
        assertThat(refused(7, "wit", "fetch").err())
                .contains("`wit/deps/zz.wit` declares package `test:base@1.1.0`, which the lock has from the registry");
    }

    @Test
    void nothingIsWrittenThroughASymbolicLink() throws Exception {
        Files.createDirectories(folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("wit/deps"), folder.resolve("elsewhere"));
        assertThat(refused(7, "wit", "fetch").err()).contains("`wit/deps` is a symbolic link");
        assertThat(folder.resolve("elsewhere")).isEmptyDirectory();

        Files.delete(folder.resolve("wit/deps"));
        Files.createDirectories(folder.resolve("wit/deps"));
        write("elsewhere/file", "theirs");
        Files.createSymbolicLink(folder.resolve("wit/deps/test.base@1.1.0.wit"), folder.resolve("elsewhere/file"));
        int code = lair.run("wit", "fetch").exitCode();
        assertThat(code).isNotZero();
        assertThat(read("elsewhere/file")).isEqualTo("theirs");
    }

    @Test
    void aListThatNamesOtherFilesRemovesNone() throws Exception {
        requireDone(lair.run("wit", "fetch"));
        write("victim.wit", "mine");
        Digest digest = Digest.of("mine".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String line = digest + "  ../../victim.wit\n" + digest + "  /victim.wit\n" + digest + "  wit/../victim.wit\n";
        write("wit/deps/.lair", read("wit/deps/.lair") + line);
        requireDone(lair.run("wit", "update"));
        assertThat(read("victim.wit")).isEqualTo("mine");
        assertThat(read("wit/deps/.lair")).doesNotContain("victim");
    }

    @Test
    void wrongContentIsNeverWritten() throws Exception {
        registry.lie("content/", answer -> new FakeRegistry.Answer(200, new byte[answer.body().length], Map.of()));
        assertThat(refused(3, "wit", "fetch").err()).contains("wrong content");
        assertThat(deps()).isEmpty();
        assertThat(folder.resolve("wit/lair.lock")).doesNotExist();
    }

    @Test
    void aReleaseThatHoldsAnotherPackageIsRefused() throws Exception {
        // A registry with a lax gate: the bytes of base 1.0.0 under another name.
        Digest digest = registry.ledger.entries().stream()
                .map(Ledger.Entry::signed)
                .flatMap(DependenciesTest::released)
                .findFirst()
                .orElseThrow();
        registry.ledger = registry.ledger.plus(
                PackageName.parse("test:evil"),
                Instant.ofEpochSecond(1_700_000_001L),
                Vectors.BOB,
                new PackageEntry.Init(Vectors.BOB.publicKey()),
                new PackageEntry.Release(SemVer.parse("1.0.0"), digest));
        write("wit/project.wit", "package my:project; world w { import test:evil/b@1.0.0; }");
        assertThat(refused(9, "wit", "fetch").err())
                .contains("release `test:evil@1.0.0` holds the WIT package `test:base@1.0.0`, which is another");
        assertThat(deps()).isEmpty();
    }

    @Test
    void whatTheRegistryDoesNotHaveIsTakenFromThePackageThatUsesIt() throws Exception {
        write("carrier/deps/far.wit", "package far:away@3.0.0; interface i { type t = u8; } interface unused {}");
        write("carrier/c.wit", "package test:carrier@1.0.0; interface c { use far:away/i@3.0.0.{t}; f: func(a: t); }");
        requireDone(lair.run("publish", "carrier"));
        write("wit/project.wit", "package my:project; world w { import test:carrier/c@1.0.0; }");
        assertThat(requireDone(lair.run("wit", "fetch")).out())
                .contains(
                        "carried    far:away@3.0.0 into wit/deps/far.away@3.0.0.wit: what `test:carrier@1.0.0` uses of it");
        assertThat(read("wit/deps/far.away@3.0.0.wit"))
                .contains("interface i {")
                .doesNotContain("unused");
        assertThat(read("wit/lair.lock")).contains("test:carrier").doesNotContain("far:away");
        requireDone(lair.run("wit", "check", "wit"));
        requireDone(lair.run("wit", "fetch"));

        // A text that names it wants the whole of it.
        write(
                "wit/project.wit",
                "package my:project; world w { import test:carrier/c@1.0.0; import far:away/i@3.0.0; }");
        assertThat(refused(6, "wit", "update").err()).contains("package `far:away` is not in the registry");

        write("carrier/c.wit", "package test:other@1.0.0; world o { import far:away/unused@3.0.0; }");
        requireDone(lair.run("publish", "carrier"));
        write(
                "wit/project.wit",
                "package my:project; world w { import test:carrier/c@1.0.0; include test:other/o@1.0.0; }");
        assertThat(refused(6, "wit", "update").err())
                .contains(
                        "`test:carrier@1.0.0` and `test:other@1.0.0` carry different parts of it; put the whole package");
        write("wit/deps/far.wit", "package far:away@3.0.0; interface i { type t = u8; } interface unused {}");
        Files.delete(folder.resolve("wit/deps/far.away@3.0.0.wit"));
        requireDone(lair.run("wit", "update"));
        requireDone(lair.run("wit", "check", "wit"));
    }

    private static Stream<Digest> released(dev.lair.signing.SignedRecord signed) {
        try {
            return dev.lair.registry.log.SignedPackageRecord.decode(signed).contents().entries().stream()
                    .filter(PackageEntry.Release.class::isInstance)
                    .map(entry -> ((PackageEntry.Release) entry).content());
        } catch (Exception operatorRecord) {
            return Stream.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fetch", "update"})
    void textsWithoutDependenciesAskNobodyAndLeaveNothing(String command) throws Exception {
        write("wit/project.wit", "package my:project; interface i {}");
        registry.requests.clear();
        assertThat(requireDone(lair.run("wit", command)).out()).contains("nothing to fetch");
        assertThat(registry.requests).isEmpty();
        assertThat(deps()).isEmpty();
        assertThat(folder.resolve("wit/lair.lock")).doesNotExist();
    }

    @Test
    void aTextThatIsNoWitIsShownWithItsLineAndNobodyIsAsked() throws Exception {
        write("wit/project.wit", "package my:project;\nworld w {\n  imprt x;\n}\n");
        registry.requests.clear();
        assertThat(refused(9, "wit", "fetch").err())
                .contains("--> wit/project.wit:3:3")
                .contains("imprt x;");
        assertThat(registry.requests).isEmpty();
        refused(7, "wit", "fetch", "no-such-folder");
        refused(7, "wit", "fetch", "one.wit");
    }
}

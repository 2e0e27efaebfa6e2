package dev.lair.server.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.SemVer;
import dev.lair.registry.api.ReleaseVerdict;
import dev.lair.registry.api.VersionDocument;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import dev.lair.server.publish.BareRegistry;
import dev.lair.server.publish.Publication;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Rejected;
import dev.lair.server.publish.Publication.Sourcing;
import dev.lair.server.publish.UploadRefused;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gate: what content must be to be released, by its bytes and in its place. Each rule by its name. */
class GateTest {

    private static final String FIRST = "interface i { f: func(); }";
    private static final String ADDED = "interface i { f: func(); @since(version = 1.1.0) g: func(); }";
    private static final String REMOVED = "interface i { @since(version = 1.0.1) h: func(); }";

    /** A type of a gated feature, {@code (type error-context)}. */
    private static final byte[] GATED = Wits.component("07020164");

    private final TestClock clock = new TestClock();
    private final Author author = Author.of("test:one", clock);
    private final Storage storage = MemoryStorage.open(clock);
    private @Nullable BareRegistry opened;

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private BareRegistry registry(String... settings) {
        close();
        opened = BareRegistry.over(storage, clock, settings);
        return opened;
    }

    private static byte[] wit(String version, String body) {
        return Wits.packageOf("package test:one@" + version + "; " + body);
    }

    private Publication release(BareRegistry registry, Author by, String version, byte[] content) throws Exception {
        SignedPackageRecord record = by.release(version, content);
        Publication publication = registry.publish(by, record);
        return publication instanceof Sourcing ? registry.upload(by, record, content) : publication;
    }

    private Publication release(BareRegistry registry, String version, byte[] content) throws Exception {
        return release(registry, author, version, content);
    }

    /** The reason, which the record's status says too; the author steps back. */
    private String refused(BareRegistry registry, Author by, String version, byte[] content) throws Exception {
        var before = by.head();
        SignedPackageRecord record = by.release(version, content);
        long size = registry.ledger().publishedSize();
        if (registry.publish(by, record) instanceof Sourcing) {
            assertThatThrownBy(() -> registry.upload(by, record, content)).isInstanceOf(UploadRefused.BadContent.class);
        }
        by.continueBehind(before);
        assertThat(registry.ledger().publishedSize()).isEqualTo(size);
        Publication status = registry.status(by, record).orElseThrow();
        assertThat(status).isInstanceOf(Rejected.class);
        String reason = ((Rejected) status).reason();
        String head = "content with digest `" + Digest.of(content) + "` was rejected by policy: ";
        assertThat(reason).startsWith(head);
        return reason.substring(head.length());
    }

    private String refused(BareRegistry registry, String version, byte[] content) throws Exception {
        return refused(registry, author, version, content);
    }

    private VersionDocument document(BareRegistry registry, String version) {
        return registry.gate().document(author.name(), SemVer.parse(version)).orElseThrow();
    }

    // --- bytes alone
    // -----------------------------------------------------------------------------------------------------

    @Test
    void invalidComponentIsRefusedWithRuleAndOffset() throws Exception {
        // An export of an instance that is not there.
        byte[] broken = Wits.component("0b0701000161050000");
        assertThat(refused(registry(), "1.0.0", broken))
                .startsWith("content is not valid WebAssembly: ")
                .contains("unknown instance 0")
                .contains("(at offset 0x");
    }

    @Test
    void gatedFeatureIsRefusedByItsNameUntilItIsSwitchedOn() throws Exception {
        assertThat(refused(registry(), "1.0.0", GATED))
                .contains("(at offset 0x")
                .contains("the feature `error-context` would allow it", "lair.publish.features");
        assertThat(release(registry("publish.features", "error-context"), "1.0.0", GATED))
                .isInstanceOf(Published.class);
    }

    @Test
    void contentThatIsNotCheckedIsTakenAndRefusedWhereThePolicySaysSo() throws Exception {
        // A core module with a memory of 64 bits.
        byte[] memory64 = Wasm.coreModule("m");
        byte[] unchecked = Arrays.copyOf(memory64, memory64.length + 5);
        System.arraycopy(new byte[] {5, 3, 1, 4, 0}, 0, unchecked, memory64.length, 5);

        assertThat(refused(registry("publish.not-checked", "refuse"), "1.0.0", unchecked))
                .startsWith("content is not checked completely, and this registry refuses what is not: ");
        BareRegistry taking = registry();
        assertThat(release(taking, "1.0.0", unchecked)).isInstanceOf(Published.class);
        VersionDocument document = document(taking, "1.0.0");
        assertThat(document.content().validation().verdict()).isEqualTo("not-checked");
        assertThat(document.verdict().warnings()).singleElement().asString().startsWith("not checked: ");
    }

    // --- the own name of a WIT package
    // -----------------------------------------------------------------------------------

    @Test
    void witPackageOfAnotherNameIsRefused() throws Exception {
        assertThat(refused(registry(), "1.0.0", Wits.packageOf("package test:two@1.0.0; " + FIRST)))
                .isEqualTo("the WIT package and its interfaces are named `test:two`, the release is `test:one@1.0.0`;"
                        + " release it under its own name");
    }

    @Test
    void witPackageOfAnotherVersionIsRefused() throws Exception {
        assertThat(refused(registry(), "1.0.1", wit("1.0.0", FIRST)))
                .isEqualTo("the WIT package says that it is version 1.0.0, the release is `test:one@1.0.1`; release it"
                        + " under its own version");
    }

    @Test
    void witPackageWithoutVersionIsRefused() throws Exception {
        assertThat(refused(registry(), "1.0.0", Wits.packageOf("package test:one; " + FIRST)))
                .contains("says no version", "write `package test:one@1.0.0;`");
    }

    @Test
    void interfaceOfAnotherPackageInsideAWitPackageIsRefused() throws Exception {
        byte[] mixed = Wits.renamed(
                wit("1.0.0", "interface aa { f: func(); } interface bb { f: func(); }"), "test:one/bb", "test:two/bb");
        assertThat(refused(registry(), "1.0.0", mixed))
                .contains("not a WIT package: ", "`test:two/bb@1.0.0` is of another package");
    }

    @Test
    void publicContentIsJudgedAnewUnderEachNameThatReleasesIt() throws Exception {
        BareRegistry registry = registry();
        byte[] content = wit("1.0.0", FIRST);
        assertThat(release(registry, "1.0.0", content)).isInstanceOf(Published.class);
        assertThat(refused(registry, Author.of("test:two", clock), "1.0.0", content))
                .contains("the release is `test:two@1.0.0`");
        assertThat(refused(registry, "1.0.1", content)).contains("it is version 1.0.0");
    }

    // --- the version track
    // -----------------------------------------------------------------------------------------------

    @Test
    void versionThatBreaksItsTrackIsRefusedWithThePlace() throws Exception {
        BareRegistry registry = registry();
        release(registry, "1.0.0", wit("1.0.0", FIRST));
        assertThat(refused(registry, "1.0.1", wit("1.0.1", REMOVED)))
                .startsWith("version 1.0.1 breaks its version track `1`, where 1.0.0 is the nearest below: ")
                .contains("interface i", "f")
                .contains("release it as 2.0.0");
        assertThat(release(registry, "2.0.0", wit("2.0.0", "interface i { h: func(); }")))
                .isInstanceOf(Published.class);
    }

    @Test
    void versionThatOnlyAddsIsTakenAndTheComparisonTold() throws Exception {
        BareRegistry registry = registry();
        release(registry, "1.0.0", wit("1.0.0", FIRST));
        assertThat(release(registry, "1.1.0", wit("1.1.0", ADDED))).isInstanceOf(Published.class);
        assertThat(document(registry, "1.0.0").verdict().compatibility()).isEqualTo(ReleaseVerdict.FIRST);
        ReleaseVerdict verdict = document(registry, "1.1.0").verdict();
        assertThat(verdict.compatibility()).isEqualTo(ReleaseVerdict.COMPATIBLE);
        assertThat(verdict.neighbours()).singleElement().satisfies(neighbour -> {
            assertThat(neighbour.version()).isEqualTo("1.0.0");
            assertThat(neighbour.side()).isEqualTo("below");
            assertThat(neighbour.differences())
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.message()).contains("g"));
        });
    }

    @Test
    void versionInTheMiddleIsComparedWithTheNextAboveToo() throws Exception {
        BareRegistry registry = registry();
        release(registry, "1.0.0", wit("1.0.0", FIRST));
        release(registry, "1.2.0", wit("1.2.0", FIRST));
        assertThat(refused(registry, "1.1.0", wit("1.1.0", ADDED))).contains("where 1.2.0 is the nearest above");
        assertThat(release(registry, "1.1.1", wit("1.1.1", FIRST))).isInstanceOf(Published.class);
    }

    @Test
    void yankedVersionBindsNobody() throws Exception {
        BareRegistry registry = registry();
        release(registry, "1.0.0", wit("1.0.0", FIRST));
        registry.publish(author, author.yank("1.0.0"));
        assertThat(release(registry, "1.0.1", wit("1.0.1", REMOVED))).isInstanceOf(Published.class);
        assertThat(document(registry, "1.0.1").verdict().compatibility()).isEqualTo(ReleaseVerdict.FIRST);
    }

    @Test
    void breakingVersionIsTakenWithAWarningWhereThePolicySaysSo() throws Exception {
        BareRegistry registry = registry("publish.compatibility", "warn");
        release(registry, "1.0.0", wit("1.0.0", FIRST));
        assertThat(release(registry, "1.0.1", wit("1.0.1", REMOVED))).isInstanceOf(Published.class);
        ReleaseVerdict verdict = document(registry, "1.0.1").verdict();
        assertThat(verdict.compatibility()).isEqualTo(ReleaseVerdict.BREAKING);
        assertThat(verdict.warnings()).singleElement().asString().contains("breaks its version track `1`");
    }

    @Test
    void nothingIsComparedWhereThePolicySaysSo() throws Exception {
        BareRegistry registry = registry("publish.compatibility", "off");
        release(registry, "1.0.0", wit("1.0.0", FIRST));
        assertThat(release(registry, "1.0.1", wit("1.0.1", REMOVED))).isInstanceOf(Published.class);
        assertThat(document(registry, "1.0.1").verdict().compatibility()).isEqualTo(ReleaseVerdict.OFF);
    }

    @Test
    void componentThatImportsMoreThanItsPredecessorIsRefused() throws Exception {
        BareRegistry registry = registry();
        release(registry, "0.2.0", Wits.importing("a:b/c@1.0.0"));
        assertThat(refused(registry, "0.2.1", Wits.importing("a:b/c@1.0.0", "a:b/d@1.0.0")))
                .contains("breaks its version track `0.2`", "import a:b/d@1.0.0", "release it as 0.3.0");
        // The same name on its track.
        assertThat(release(registry, "0.2.1", Wits.importing("a:b/c@1.4.0"))).isInstanceOf(Published.class);
        assertThat(release(registry, "0.3.0", Wits.importing("a:b/d@1.0.0"))).isInstanceOf(Published.class);
    }

    @Test
    void versionOfAnotherKindBreaksItsTrack() throws Exception {
        BareRegistry registry = registry();
        release(registry, "1.0.0", wit("1.0.0", FIRST));
        assertThat(refused(registry, "1.0.1", Wasm.component("one")))
                .contains("it is a wit-package, and this one a component", "release it on another track");
    }

    @Test
    void neighbourThatTodaysValidatorRefusesIsNotComparedWithAndTheVerdictSaysSo() throws Exception {
        assertThat(release(registry("publish.features", "error-context"), "1.0.0", GATED))
                .isInstanceOf(Published.class);
        BareRegistry stricter = registry();
        assertThat(release(stricter, "1.0.1", Wits.importing("a:b/c"))).isInstanceOf(Published.class);
        ReleaseVerdict verdict = document(stricter, "1.0.1").verdict();
        assertThat(verdict.compatibility()).isEqualTo(ReleaseVerdict.NOT_COMPARED);
        assertThat(verdict.neighbours())
                .singleElement()
                .satisfies(neighbour -> assertThat(neighbour.reason()).startsWith("today's validator refuses it: "));
    }

    @Test
    void versionThatBreaksTheOneBehindANeighbourThatCannotBeComparedIsRefused() throws Exception {
        BareRegistry looser = registry("publish.features", "error-context");
        assertThat(release(looser, "0.2.0", Wits.importing("a:b/c@1.0.0"))).isInstanceOf(Published.class);
        assertThat(release(looser, "0.2.1", GATED)).isInstanceOf(Published.class);

        BareRegistry stricter = registry();
        assertThat(refused(stricter, "0.2.2", Wits.importing("a:b/c@1.0.0", "a:b/d@1.0.0")))
                .contains("breaks its version track `0.2`, where 0.2.0 is the nearest below", "import a:b/d@1.0.0");
        assertThat(release(stricter, "0.2.2", Wits.importing("a:b/c@1.2.0"))).isInstanceOf(Published.class);
        ReleaseVerdict verdict = document(stricter, "0.2.2").verdict();
        assertThat(verdict.compatibility()).isNotEqualTo(ReleaseVerdict.NOT_COMPARED);
        assertThat(verdict.neighbours())
                .extracting(ReleaseVerdict.Neighbour::version)
                .containsExactly("0.2.1", "0.2.0");
    }

    /** What stood before it when it was published: {@code lair recheck} and {@code lair rebuild} see the same. */
    @Test
    void yankAndReleaseInOneRecordAreJudgedAlikeAtPublishAndAtRecheck() throws Exception {
        BareRegistry registry = registry();
        release(registry, "1.0.0", wit("1.0.0", FIRST));
        byte[] other = wit("1.0.1", REMOVED);
        SignedPackageRecord both = author.write(
                new PackageEntry.Yank(SemVer.parse("1.0.0")),
                new PackageEntry.Release(SemVer.parse("1.0.1"), Digest.of(other)));
        registry.publish(author, both);
        assertThat(registry.upload(author, both, other)).isInstanceOf(Published.class);
        storage.facts().clear();
        assertThat(document(registry, "1.0.1").verdict().compatibility()).isEqualTo(ReleaseVerdict.FIRST);

        storage.facts().clear();
        List<Recheck.Line> lines = new ArrayList<>();
        Recheck.run(storage, TestSettings.of(), lines::add);
        assertThat(lines).noneMatch(Recheck.Line::differs);
    }

    @Test
    void versionsOfOneRecordAreComparedWithEachOther() throws Exception {
        BareRegistry registry = registry();
        byte[] first = wit("1.0.0", FIRST);
        byte[] second = wit("1.0.1", REMOVED);
        SignedPackageRecord record = author.write(
                new PackageEntry.Init(author.key().publicKey()),
                new PackageEntry.Release(SemVer.parse("1.0.0"), Digest.of(first)),
                new PackageEntry.Release(SemVer.parse("1.0.1"), Digest.of(second)));
        registry.publish(author, record);
        // The later one first: its neighbour is not here yet.
        registry.upload(author, record, second);
        assertThatThrownBy(() -> registry.upload(author, record, first))
                .isInstanceOf(UploadRefused.BadContent.class)
                .hasMessageContaining("version 1.0.1 breaks its version track");
    }

    @Test
    void versionThatWaitedBehindItsNeighbourIsComparedWhenThatComes() throws Exception {
        BareRegistry registry = registry();
        byte[] first = wit("1.0.0", FIRST);
        byte[] second = wit("1.0.1", REMOVED);
        SignedPackageRecord one = author.release("1.0.0", first);
        SignedPackageRecord behind = author.release("1.0.1", second);
        registry.publish(author, one);
        registry.publish(author, behind);
        registry.upload(author, behind, second);

        assertThat(registry.upload(author, one, first)).isInstanceOf(Published.class);
        assertThat(registry.status(author, behind))
                .get()
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains("version 1.0.1 breaks its version track"));
    }

    @Test
    void eachOfTheVersionsThatWaitedBehindOneNeighbourIsComparedWhenThatComes() throws Exception {
        BareRegistry registry = registry();
        byte[] first = wit("1.0.0", FIRST);
        byte[] second = wit("1.0.1", REMOVED);
        byte[] third = wit("1.0.2", REMOVED);
        SignedPackageRecord one = author.release("1.0.0", first);
        SignedPackageRecord behind = author.release("1.0.1", second);
        SignedPackageRecord sibling = author.continueBehind(one.id()).release("1.0.2", third);
        registry.publish(author, one);
        registry.publish(author, behind);
        registry.publish(author, sibling);
        registry.upload(author, behind, second);
        registry.upload(author, sibling, third);

        registry.upload(author, one, first);

        assertThat(registry.status(author, behind)).get().isInstanceOf(Rejected.class);
        assertThat(registry.status(author, sibling))
                .get()
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains("version 1.0.2 breaks its version track"));
    }

    @Test
    void versionThatWaitedBehindItsNeighbourAndKeepsItsTrackIsPublished() throws Exception {
        BareRegistry registry = registry();
        byte[] first = wit("1.0.0", FIRST);
        byte[] second = wit("1.1.0", ADDED);
        SignedPackageRecord one = author.release("1.0.0", first);
        SignedPackageRecord behind = author.release("1.1.0", second);
        registry.publish(author, one);
        registry.publish(author, behind);
        registry.upload(author, behind, second);
        registry.upload(author, one, first);
        registry.awaitCovered(author, behind);
        assertThat(document(registry, "1.1.0").verdict().compatibility()).isEqualTo(ReleaseVerdict.COMPATIBLE);
    }

    // --- dependencies
    // ----------------------------------------------------------------------------------------------------

    @Test
    void unknownDependencyIsRefusedWhereThePolicySaysSoUntilItIsHere() throws Exception {
        String base = "package test:base@0.2.0; interface types { type t = u32; }";
        byte[] uses = Wits.packageOf(
                "package test:one@1.0.0; interface i { use test:base/types@0.2.0.{t}; f: func(x: t); }", base);
        BareRegistry strict = registry("publish.unknown-dependencies", "refuse");
        assertThat(refused(strict, "1.0.0", uses))
                .isEqualTo("it depends on what this registry does not have: test:base@0.2.0; release these first");

        Author other = Author.of("test:base", clock);
        release(strict, other, "0.3.0", Wits.packageOf(base.replace("0.2.0", "0.3.0")));
        assertThat(refused(strict, "1.0.0", uses)).contains("test:base@0.2.0");
        release(strict, other, "0.2.7", Wits.packageOf(base.replace("0.2.0", "0.2.7")));
        assertThat(release(strict, "1.0.0", uses)).isInstanceOf(Published.class);
    }

    @Test
    void unknownDependencyIsTakenByDefault() throws Exception {
        assertThat(release(registry(), "1.0.0", Wits.importing("other:thing/i@1.0.0")))
                .isInstanceOf(Published.class);
    }

    @Test
    void dependencyInANamespaceOfAnotherRegistryIsKnown() throws Exception {
        BareRegistry strict = registry("publish.unknown-dependencies", "refuse");
        assertThat(refused(strict, "1.0.0", Wits.importing("other:thing/i@1.0.0")))
                .contains("other:thing@1.0.0");
        strict.importNamespace("other", "registry.example");
        assertThat(release(strict, "1.0.0", Wits.importing("other:thing/i@1.0.0")))
                .isInstanceOf(Published.class);
    }
}

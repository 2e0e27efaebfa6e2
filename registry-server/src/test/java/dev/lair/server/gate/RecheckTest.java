package dev.lair.server.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts.Validation;
import dev.lair.registry.facts.FactsOf;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import dev.lair.server.publish.BareRegistry;
import dev.lair.server.publish.Publication;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code lair recheck} and the facts of {@code lair rebuild}: what was found out, beside what is found out today. */
class RecheckTest {

    private static final byte[] GATED = Wits.component("07020164");

    private final TestClock clock = new TestClock();
    private final Storage storage = MemoryStorage.open(clock);
    private final Author author = Author.of("test:one", clock);
    private final List<SignedPackageRecord> records = new ArrayList<>();

    private void release(BareRegistry registry, String version, byte[] content) throws Exception {
        SignedPackageRecord record = author.release(version, content);
        if (registry.publish(author, record) instanceof Publication.Sourcing) {
            registry.upload(author, record, content);
        }
        records.add(record);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> storage.facts().ofContent(Digest.of(content)).isPresent()
                        && storage.facts().ofRelease(record.id(), version).isPresent());
    }

    private static byte[] wit(String version, String body) {
        return Wits.packageOf("package test:one@" + version + "; " + body);
    }

    private List<Recheck.Line> recheck(String... settings) {
        List<Recheck.Line> lines = new ArrayList<>();
        Recheck.Counts counts = Recheck.run(storage, TestSettings.of(settings), lines::add);
        assertThat(counts.releases()).isEqualTo(lines.size());
        assertThat(counts.differing())
                .isEqualTo(lines.stream().filter(Recheck.Line::differs).count());
        return lines;
    }

    @Test
    void verdictThatIsStillTheSameIsNoDifference() throws Exception {
        try (BareRegistry registry = BareRegistry.over(storage, clock)) {
            release(registry, "1.0.0", wit("1.0.0", "interface i {}"));
            release(registry, "1.1.0", wit("1.1.0", "interface i {}"));
            release(registry, "2.0.0", Wasm.component("other"));
        }
        assertThat(recheck())
                .allSatisfy(line -> {
                    assertThat(line.differs()).as(line.text()).isFalse();
                    assertThat(line.stored()).isNotNull();
                    assertThat(line.today()).isNotNull();
                })
                .extracting(Recheck.Line::version)
                .containsExactly("1.0.0", "1.1.0", "2.0.0");
    }

    @Test
    void releaseThatTodaysValidatorRefusesDiffersAndNothingStoredIsAltered() throws Exception {
        try (BareRegistry registry = BareRegistry.over(storage, clock, "publish.features", "error-context")) {
            release(registry, "1.0.0", GATED);
        }
        byte[] facts = storage.facts().ofContent(Digest.of(GATED)).orElseThrow();
        assertThat(recheck()).singleElement().satisfies(line -> {
            assertThat(line.differs()).isTrue();
            assertThat(line.text()).contains("test:one@1.0.0: valid", "-> invalid", "error-context");
            assertThat(new String(line.json(), StandardCharsets.UTF_8))
                    .contains("\"differs\":true", "\"stored\":{", "\"today\":{");
        });
        assertThat(recheck("publish.features", "error-context"))
                .singleElement()
                .satisfies(line -> assertThat(line.differs()).as(line.text()).isFalse());
        assertThat(storage.facts().ofContent(Digest.of(GATED)).orElseThrow()).isEqualTo(facts);
    }

    @Test
    void compatibilityThatComesOutOtherwiseTodayDiffers() throws Exception {
        try (BareRegistry registry = BareRegistry.over(storage, clock, "publish.compatibility", "warn")) {
            release(registry, "1.0.0", wit("1.0.0", "interface i { f: func(); }"));
            release(registry, "1.0.1", wit("1.0.1", "interface i {}"));
        }
        assertThat(recheck()).noneMatch(Recheck.Line::differs);
        byte[] first = storage.facts().ofRelease(records.get(0).id(), "1.0.0").orElseThrow();
        storage.facts().clear();
        byte[] content = ApiJson.writeCompressed(FactsOf.nothing(
                ContentKind.WIT_PACKAGE.word(), 1, new Validation("0", List.of(), Validation.VALID, null, null, null)));
        storage.facts().saveContent(Digest.of(wit("1.0.1", "interface i {}")), content);
        // Said to be the first of its track then.
        storage.facts().saveRelease(records.get(1).id(), "1.0.1", first);
        assertThat(recheck())
                .filteredOn(Recheck.Line::differs)
                .singleElement()
                .satisfies(
                        line -> assertThat(line.text())
                                .contains(
                                        "1.0.1: valid, first [validator 0] -> valid, breaking, would be refused: version 1.0.1 breaks"));
    }

    @Test
    void releaseWithoutKeptVerdictDiffersOnlyWhenItWouldBeRefused() throws Exception {
        try (BareRegistry registry = BareRegistry.over(storage, clock, "publish.features", "error-context")) {
            release(registry, "1.0.0", GATED);
            release(registry, "2.0.0", Wasm.component("fine"));
        }
        storage.facts().clear();
        assertThat(recheck())
                .filteredOn(Recheck.Line::differs)
                .singleElement()
                .satisfies(line -> assertThat(line.text()).contains("1.0.0: nothing kept -> invalid"));
    }

    @Test
    void rebuiltFactsAreThoseThatWereKeptWhenItWasPublished() throws Exception {
        byte[] second = wit("1.1.0", "interface i { @since(version = 1.1.0) f: func(); }");
        try (BareRegistry registry = BareRegistry.over(storage, clock)) {
            release(registry, "1.0.0", wit("1.0.0", "interface i {}"));
            release(registry, "1.1.0", second);
            registry.publish(author, author.yank("1.0.0"));
        }
        byte[] facts = storage.facts().ofContent(Digest.of(second)).orElseThrow();
        byte[] verdict = storage.facts().ofRelease(records.get(1).id(), "1.1.0").orElseThrow();

        FactRebuild.Rebuilt rebuilt = FactRebuild.run(storage, TestSettings.of());

        assertThat(rebuilt).isEqualTo(new FactRebuild.Rebuilt(2, 2, 0));
        assertThat(storage.facts().ofContent(Digest.of(second)).orElseThrow()).isEqualTo(facts);
        // Yanked since, and a neighbour then.
        assertThat(storage.facts().ofRelease(records.get(1).id(), "1.1.0").orElseThrow())
                .isEqualTo(verdict);
    }
}

package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryUrl;
import dev.lair.cli.monitor.Contradiction;
import dev.lair.cli.monitor.Event;
import dev.lair.cli.monitor.Monitor;
import dev.lair.cli.monitor.MonitorFolder;
import dev.lair.cli.monitor.MonitorLimits;
import dev.lair.cli.monitor.Owner;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Finding;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.time.Pace;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.tree.RecordBundle;
import dev.lair.registry.warg.WargError;
import dev.lair.transparency.Digest;
import dev.lair.transparency.EntryBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long way is saved in between, little is held in memory, and a restart reads little again. */
class MonitorProgressTest {

    private static final Instant LATER = Instant.ofEpochSecond(1_700_000_900L);
    private static final MonitorLimits SMALL = new MonitorLimits(200, 300, 30, Duration.ofSeconds(15));

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private final List<Event> events = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledgers.large(900));
        // Every size that was ever published is a claim.
        for (int size = 100; size < 900; size += 100) {
            registry.tree.published(Ledgers.large(900).first(size));
        }
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private Monitor.Checked round() throws Fault, Contradiction {
        return round(SMALL);
    }

    private Monitor.Checked round(MonitorLimits limits) throws Fault, Contradiction {
        try (RegistryClient client = new RegistryClient(RegistryUrl.parse(registry.url(), false));
                MonitorFolder kept = MonitorFolder.open(registry.url(), folder)) {
            return monitor(client, kept, limits).round();
        }
    }

    private Monitor monitor(RegistryClient client, MonitorFolder kept, MonitorLimits limits) throws Fault {
        return new Monitor(
                client,
                kept,
                Optional.empty(),
                Optional.empty(),
                List.of(Owner.parse("test:p3")),
                limits,
                Clock.fixed(Instant.ofEpochSecond(1_700_001_000L), ZoneOffset.UTC),
                Pace.ofMachine(),
                reporter(),
                events::add);
    }

    private Reporter reporter() {
        return new Reporter() {
            @Override
            public void found(Finding finding) {
                // not asked here
            }

            @Override
            public void warn(String message) {
                warnings.add(message);
            }

            @Override
            public Progress start(String task, long total, Unit unit) {
                return new Progress() {
                    @Override
                    public void advance(long units) {
                        // not asked here
                    }

                    @Override
                    public void close() {
                        // not asked here
                    }
                };
            }
        };
    }

    private List<String> snapshots() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("map-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void release(int number, String version) {
        registry.ledger = registry.ledger.plus(
                PackageName.parse("test:p" + number),
                LATER,
                Vectors.BOB,
                new PackageEntry.Release(SemVer.parse(version), Digest.of(Vectors.CONTENT)));
    }

    @Test
    void aFirstRunThatBreaksOffGoesOnWhereItWasSaved() throws Exception {
        registry.lie("records/003", answer -> FakeRegistry.Answer.error(WargError.message(500, "broken")));
        assertThatThrownBy(this::round).isInstanceOf(Fault.class);
        // Saved after two bundles of 256, the second time at 768, and then the fourth failed.
        assertThat(events).isNotEmpty().allMatch(event -> event.leafIndex() < 768);
        int told = events.size();
        registry.honest();
        registry.requests.clear();
        Monitor.Checked checked = round();
        assertThat(checked.size()).isEqualTo(900);
        assertThat(checked.records()).isEqualTo(900 - 768);
        assertThat(registry.requests).noneMatch(request -> request.matches("GET records/00[012]"));
        assertThat(events.subList(told, events.size()))
                .allMatch(event -> event.leafIndex() >= 768)
                .isNotEmpty();
        assertThat(events.stream().map(Event::leafIndex))
                .as("every record of the package, once, in order")
                .containsExactlyElementsOf(leavesOf("test:p3"));
    }

    private List<Long> leavesOf(String name) {
        List<Long> leaves = new ArrayList<>(List.of(0L));
        for (int i = 0; i < registry.ledger.size(); i++) {
            if (registry.ledger
                    .entries()
                    .get(i)
                    .log()
                    .equals(PackageName.parse(name).logId())) {
                leaves.add((long) i);
            }
        }
        // The operator's first record has two entries that concern everybody.
        leaves.addFirst(0L);
        return leaves;
    }

    @Test
    void claimsOnTheWayAreComparedEachAtItsSize() throws Exception {
        assertThat(round().claims()).isEqualTo(9);
        assertThat(registry.tree.evidence).hasSize(9);
    }

    /** Leaves and records are those of another registry, as valid as this one: only the tree tells. */
    @Test
    void whatIsSavedInBetweenIsProvenToBeTheBeginning() throws Exception {
        registry.tree.forgetEvidence();
        Ledger other = Ledgers.other(900);
        for (int n = 0; n < 3; n++) {
            List<Ledger.Entry> some = other.entries().subList(256 * n, 256 * (n + 1));
            registry.lie(
                    "log/tile/entries/00" + n,
                    answer -> new FakeRegistry.Answer(
                            200,
                            EntryBundle.encode(some.stream()
                                    .map(one -> one.leaf().encode())
                                    .toList()),
                            Map.of()));
            registry.lie(
                    "records/00" + n,
                    answer -> new FakeRegistry.Answer(
                            200,
                            RecordBundle.encode(
                                    some.stream().map(Ledger.Entry::signed).toList()),
                            Map.of()));
        }
        MonitorLimits roomy = new MonitorLimits(200, 300, 10_000, Duration.ofSeconds(15));
        assertThatThrownBy(() -> round(roomy)).isInstanceOfSatisfying(Contradiction.class, found -> {
            assertThat(found.kind()).isEqualTo(Contradiction.Kind.ROOT_MISMATCH);
            assertThat(found.leafIndex()).as("the first release").hasValue(41);
        });
        assertThat(registry.requests).as("it is found on the way").doesNotContain("GET records/003.p/132");
        assertThat(events).isEmpty();
        assertThat(folder.resolve("cursor.json")).doesNotExist();
    }

    @Test
    void logsThatDoNotFitInMemoryComeBackWhenTheyGrow() throws Exception {
        // 40 packages with 22 records each, and room for 30 entries.
        assertThat(round().size()).isEqualTo(900);
        assertThat(registry.requests).contains("POST v1/fetch/logs");
        release(7, "9.0.0");
        assertThat(round().records()).isEqualTo(1);
        release(7, "9.0.0");
        assertThatThrownBy(this::round)
                .isInstanceOfSatisfying(
                        Contradiction.class,
                        found -> assertThat(found.kind()).isEqualTo(Contradiction.Kind.INVALID_RECORD))
                .hasMessageContaining("an entry attempted to release version 9.0.0 which is already released");
    }

    @Test
    void aRestartReadsTheLeavesBehindTheSnapshotOnly() throws Exception {
        round();
        assertThat(snapshots()).containsExactly("map-900.snapshot");
        release(7, "9.0.0");
        round();
        registry.requests.clear();
        release(8, "9.0.0");
        round();
        assertThat(registry.requests)
                .contains("GET log/tile/entries/003.p/133", "GET log/tile/entries/003.p/134")
                .noneMatch(request -> request.matches("GET log/tile/entries/00[012]"));
    }

    @Test
    void aLostOrDamagedSnapshotCostsReadingOnly() throws Exception {
        round();
        Path snapshot = folder.resolve("map-900.snapshot");
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[100] ^= 1;
        Files.write(snapshot, bytes);
        release(7, "9.0.0");
        registry.requests.clear();
        assertThat(round().records()).isEqualTo(1);
        assertThat(warnings)
                .containsExactly("the monitor's snapshot of the map is missing or damaged; all leaves are read again");
        assertThat(registry.requests).contains("GET log/tile/entries/000").doesNotContain("GET records/000");
        Files.delete(snapshot);
        release(8, "9.0.0");
        assertThat(round().records()).isEqualTo(1);
    }

    @Test
    void aCrashBetweenSnapshotAndCursorIsHarmless() throws Exception {
        round();
        byte[] cursor = Files.readAllBytes(folder.resolve("cursor.json"));
        byte[] snapshot = Files.readAllBytes(folder.resolve("map-900.snapshot"));
        for (int i = 0; i < 300; i++) {
            release(i % 40, "8.0." + i);
        }
        round();
        assertThat(snapshots()).containsExactly("map-1200.snapshot");
        // The cursor's own write never happened, and the snapshot that it names is still there.
        Files.write(folder.resolve("cursor.json"), cursor);
        Files.write(folder.resolve("map-900.snapshot"), snapshot);
        Files.writeString(folder.resolve("cursor.json.tmp"), "half");
        assertThat(round().records()).isEqualTo(300);
        assertThat(snapshots()).containsExactly("map-1200.snapshot");
    }

    @Test
    void oneMonitorGoesOnFromMemoryAndAfterTrouble() throws Exception {
        try (RegistryClient client = new RegistryClient(RegistryUrl.parse(registry.url(), false));
                MonitorFolder kept = MonitorFolder.open(registry.url(), folder)) {
            Monitor monitor = monitor(client, kept, SMALL);
            monitor.round();
            release(7, "9.0.0");
            registry.requests.clear();
            assertThat(monitor.round().records()).isEqualTo(1);
            assertThat(registry.requests).as("the map is in memory").doesNotContain("GET log/tile/entries/003.p/132");
            // One more bundle, and the one behind it fails: what is in memory is ahead of the cursor.
            for (int i = 0; i < 300; i++) {
                release(3, "8.0." + i);
            }
            events.clear();
            registry.lie("records/004", answer -> FakeRegistry.Answer.error(WargError.message(500, "broken")));
            assertThatThrownBy(monitor::round).isInstanceOf(Fault.class);
            assertThat(events).isEmpty();
            registry.honest();
            assertThat(monitor.round().records()).isEqualTo(300);
            assertThat(events).as("each once").hasSize(300);
            assertThat(monitor.round().records()).isZero();
        }
    }
}

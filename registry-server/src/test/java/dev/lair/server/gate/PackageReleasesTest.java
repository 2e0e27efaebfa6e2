package dev.lair.server.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.signing.Signer;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The releases of a package as its records have them, at any size of the log. */
class PackageReleasesTest {

    private static final Digest CONTENT = Digest.of(new byte[] {1});

    private final TestClock clock = new TestClock();
    private volatile Optional<Signer> signer = Optional.of(OperatorKeyFile.KEY);
    private final Author author = Author.of("test:releases", clock);

    private void append(OpenLedger open, @Nullable RecordId prev, SignedPackageRecord record, boolean published) {
        var appended = open.ledger()
                .append(new NewRecord(
                        author.log(), record.id(), prev, record.envelope(), author.name(), List.of(CONTENT)));
        if (published) {
            OpenLedger.await(appended.covered());
        }
        OpenLedger.await(appended.leafIndex());
    }

    private void release(OpenLedger open, String version, boolean published) {
        append(open, author.head(), author.release(version, CONTENT), published);
    }

    private static SemVer version(String text) {
        return SemVer.parse(text);
    }

    @Test
    void releaseThatNoCheckpointCoversIsNotTold() {
        try (Storage storage = MemoryStorage.open(clock);
                OpenLedger open = OpenLedger.open(
                        TestSettings.of("ledger.checkpoint-interval", "0ms"), storage, () -> signer, clock)) {
            release(open, "1.0.0", true);
            signer = Optional.empty();
            release(open, "1.0.1", false);
            PackageReleases releases = new PackageReleases(open.ledger());
            long size = open.ledger().publishedSize();
            assertThat(releases.find(author.log(), version("1.0.0"), size)).isPresent();
            assertThat(releases.find(author.log(), version("1.0.1"), size)).isEmpty();
            // Somebody who saw more made it known; at this size it is still not there.
            assertThat(releases.find(author.log(), version("1.0.1"), size + 1)).isPresent();
            assertThat(releases.find(author.log(), version("1.0.1"), size)).isEmpty();
            assertThat(releases.all(author.log())).hasSize(2);
        }
    }

    @Test
    void yankCountsForWhatComesBehindIt() {
        try (Storage storage = MemoryStorage.open(clock);
                OpenLedger open = OpenLedger.open(
                        TestSettings.of("ledger.checkpoint-interval", "0ms"), storage, () -> signer, clock)) {
            release(open, "1.0.0", true);
            release(open, "1.0.1", true);
            append(open, author.head(), author.yank("1.0.0"), true);
            release(open, "1.0.2", true);
            PackageReleases releases = new PackageReleases(open.ledger());
            long size = open.ledger().publishedSize();
            PackageReleases.Entry first =
                    releases.find(author.log(), version("1.0.0"), size).orElseThrow();
            assertThat(first.isYankedIn(size)).isTrue();
            assertThat(first.isYankedIn(2)).isFalse();
            PackageReleases.Entry second =
                    releases.find(author.log(), version("1.0.1"), size).orElseThrow();
            PackageReleases.Entry third =
                    releases.find(author.log(), version("1.0.2"), size).orElseThrow();
            assertThat(before(releases, first)).isEmpty();
            assertThat(before(releases, second)).containsExactly(new Released(version("1.0.0"), CONTENT));
            assertThat(before(releases, third)).containsExactly(new Released(version("1.0.1"), CONTENT));
        }
    }

    private List<Released> before(PackageReleases releases, PackageReleases.Entry entry) {
        List<Released> found = new ArrayList<>();
        releases.before(author.log(), entry)
                .nearest(version("1.9.9"), Side.BELOW)
                .forEach(found::add);
        return found;
    }

    /** At publish the entries of a record are gone through in turn; so they are here, and in the walk over all of them. */
    @Test
    void yankBesideAReleaseInOneRecordCountsForWhatStandsBehindItThere() {
        try (Storage storage = MemoryStorage.open(clock);
                OpenLedger open = OpenLedger.open(
                        TestSettings.of("ledger.checkpoint-interval", "0ms"), storage, () -> signer, clock)) {
            release(open, "1.0.0", true);
            append(
                    open,
                    author.head(),
                    author.write(
                            new PackageEntry.Release(version("1.0.1"), CONTENT),
                            new PackageEntry.Yank(version("1.0.0")),
                            new PackageEntry.Release(version("1.0.2"), CONTENT)),
                    true);
            PackageReleases releases = new PackageReleases(open.ledger());
            Map<SemVer, List<SemVer>> befores = new LinkedHashMap<>();
            for (String each : List.of("1.0.0", "1.0.1", "1.0.2")) {
                PackageReleases.Entry entry = releases.find(
                                author.log(), version(each), open.ledger().publishedSize())
                        .orElseThrow();
                befores.put(
                        entry.version(),
                        before(releases, entry).stream().map(Released::version).toList());
            }
            assertThat(befores)
                    .containsExactly(
                            Map.entry(version("1.0.0"), List.of()),
                            Map.entry(version("1.0.1"), List.of(version("1.0.0"))),
                            Map.entry(version("1.0.2"), List.of(version("1.0.1"))));

            PackageReleases.Known known = PackageReleases.Known.NOTHING;
            for (LedgerEntry entry : open.ledger().logEntries(author.log(), 0, Long.MAX_VALUE, 10)) {
                known = known.with(entry);
            }
            Map<SemVer, List<SemVer>> walked = new LinkedHashMap<>();
            known.forEach((release, before) -> {
                List<SemVer> versions = new ArrayList<>();
                before.nearest(version("1.9.9"), Side.BELOW).forEach(each -> versions.add(each.version()));
                walked.put(release.version(), versions);
            });
            assertThat(walked).isEqualTo(befores);
        }
    }

    @Test
    void packageThatIsNotThereHasNone() {
        try (Storage storage = MemoryStorage.open(clock);
                OpenLedger open = OpenLedger.open(
                        TestSettings.of("ledger.checkpoint-interval", "0ms"), storage, () -> signer, clock)) {
            PackageReleases releases = new PackageReleases(open.ledger());
            assertThat(releases.all(author.log())).isEmpty();
            assertThat(releases.find(author.log(), version("1.0.0"), 10)).isEmpty();
        }
    }
}

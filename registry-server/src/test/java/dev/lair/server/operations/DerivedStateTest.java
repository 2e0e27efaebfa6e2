package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.Wits;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.server.namespace.OpenNamespaces;
import dev.lair.server.operations.DerivedState.Derived;
import dev.lair.server.search.IndexedNames;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Storage;
import dev.lair.storage.embedded.EmbeddedStorage;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The list of {@code lair rebuild}: each thing on it is damaged and lost in a real data folder, and comes back the same
 * (architecture, "Truth and derivable state").
 */
class DerivedStateTest {

    private static final int RECORDS = 11;
    private static final byte[] CONTENT = Wits.packageOf("package test:real@1.0.0; interface i {}");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private Path data;
    private LairSettings settings;

    /** How a thing on the list is seen, and how it is spoilt in a folder that nobody has open. */
    private interface Spoiling {

        /** What it holds, so that equal values mean that a server could use one as well as the other. */
        Object look(Storage storage, Path data) throws IOException;

        void damage(Path data) throws IOException;

        void lose(Path data) throws IOException;
    }

    private static final Spoiling INDEX = new Spoiling() {
        @Override
        public Object look(Storage storage, Path data) {
            return storage.ledger().entries(0, storage.ledger().state().treeSize()).stream()
                    .map(entry -> storage.ledger().entry(entry.recordId()).map(LedgerEntry::leafIndex))
                    .toList();
        }

        @Override
        public void damage(Path data) throws IOException {
            sql(
                    data.resolve("ledger.db"),
                    "UPDATE log_index SET prefix = prefix + 1",
                    "INSERT INTO log_index VALUES (0, 1, 2)");
        }

        @Override
        public void lose(Path data) throws IOException {
            sql(data.resolve("ledger.db"), "DELETE FROM log_index");
        }
    };

    private static void sql(Path database, String... statements) throws IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static final Spoiling SNAPSHOTS = new Spoiling() {
        @Override
        public Object look(Storage storage, Path data) throws IOException {
            Map<Long, String> bytes = new TreeMap<>();
            for (long size : storage.snapshots().sizes()) {
                try (InputStream in = storage.snapshots().open(size)) {
                    bytes.put(size, Digest.ofRest(in).toString());
                }
            }
            return bytes;
        }

        @Override
        public void damage(Path data) throws IOException {
            for (Path file : files(data.resolve("snapshots"))) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
            }
            Files.writeString(data.resolve("snapshots/99999.map"), "of another history");
        }

        @Override
        public void lose(Path data) throws IOException {
            for (Path file : files(data.resolve("snapshots"))) {
                Files.delete(file);
            }
        }
    };

    private static final Spoiling FACTS = new Spoiling() {
        @Override
        public Object look(Storage storage, Path data) {
            return storage.ledger().entries(0, storage.ledger().state().treeSize()).stream()
                    .map(entry -> List.of(
                            storage.facts()
                                    .ofContent(Digest.of(CONTENT))
                                    .map(body -> Digest.of(body).toString())
                                    .orElse("none"),
                            storage.facts()
                                    .ofRelease(entry.recordId(), "1.0.0")
                                    .map(body -> Digest.of(body).toString())
                                    .orElse("none")))
                    .toList();
        }

        @Override
        public void damage(Path data) throws IOException {
            sql(
                    data.resolve("facts.db"),
                    "UPDATE content_fact SET body = x'00'",
                    "UPDATE release_fact SET body = x'00'");
        }

        @Override
        public void lose(Path data) throws IOException {
            Files.delete(data.resolve("facts.db"));
        }
    };

    private static final Spoiling CATALOG = new Spoiling() {
        @Override
        public Object look(Storage storage, Path data) {
            return RegistryStore.over(storage.registry())
                    .read(rows -> List.of(
                            rows.catalog().state(),
                            rows.catalog().newestReleases(Long.MAX_VALUE, 100),
                            rows.catalog().newest(Long.MAX_VALUE, 100),
                            rows.catalog().changes(0, 100),
                            rows.catalog().interfaces("", "", 100)));
        }

        @Override
        public void damage(Path data) throws IOException {
            sql(
                    data.resolve("registry.db"),
                    "UPDATE catalog_release SET kind = 'spoilt', yanked_at = 0",
                    "DELETE FROM catalog_change",
                    "UPDATE catalog_package SET latest_version = '9.9.9'");
        }

        @Override
        public void lose(Path data) throws IOException {
            sql(
                    data.resolve("registry.db"),
                    "DELETE FROM catalog_release",
                    "DELETE FROM catalog_use",
                    "DELETE FROM catalog_package");
        }
    };

    private static final Spoiling SEARCH = new Spoiling() {
        @Override
        public Object look(Storage storage, Path data) {
            return IndexedNames.in(data.resolve("search"));
        }

        @Override
        public void damage(Path data) throws IOException {
            for (Path file : files(data.resolve("search"))) {
                Files.write(file, new byte[] {1, 2, 3});
            }
        }

        @Override
        public void lose(Path data) throws IOException {
            for (Path file : files(data.resolve("search"))) {
                Files.delete(file);
            }
        }
    };

    private static final Map<String, Spoiling> SPOILINGS = Map.of(
            "index of entries",
            INDEX,
            "map snapshots",
            SNAPSHOTS,
            "facts of releases",
            FACTS,
            "catalog",
            CATALOG,
            "search index",
            SEARCH);

    private static Iterable<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @BeforeEach
    void fill() throws Exception {
        data = folder.resolve("data");
        settings = TestSettings.of(
                "storage", "embedded", "data", data.toString(), "ledger.snapshot-records", "4", "namespaces", "test");
        try (Storage storage = EmbeddedStorage.open(data, clock);
                OpenNamespaces opened = OpenNamespaces.open(settings, storage, clock)) {
            for (NewRecord record : OpenLedger.chain("derived", RECORDS)) {
                OpenLedger.await(opened.opened().ledger().append(record).covered());
            }
            release(storage, opened.opened().ledger());
        }
        // From here on there is everything that a start would look for.
        rebuild();
    }

    /** One real release: the chain above names contents that are nowhere. */
    private void release(Storage storage, Ledger ledger) throws Exception {
        storage.contents().put(Digest.of(CONTENT), new ByteArrayInputStream(CONTENT), CONTENT.length);
        Author author = Author.of("test:real", clock);
        SignedPackageRecord record = author.release("1.0.0", CONTENT);
        OpenLedger.await(ledger.append(new NewRecord(
                        author.log(), record.id(), null, record.envelope(), author.name(), List.of(Digest.of(CONTENT))))
                .covered());
    }

    private void rebuild() {
        try (Storage storage = EmbeddedStorage.open(data, clock)) {
            DerivedState.ALL.forEach(derived -> derived.rebuild().run(storage, settings));
        }
    }

    private static Spoiling spoiling(String name) {
        return Objects.requireNonNull(SPOILINGS.get(name), name);
    }

    private Object look(String name) {
        try (Storage storage = EmbeddedStorage.open(data, clock)) {
            return spoiling(name).look(storage, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyThingOnTheListComesBackTheSameFromTheRecords() throws Exception {
        assertThat(DerivedState.ALL)
                .extracting(Derived::name)
                .as("each thing on the list is spoilt here")
                .containsExactlyInAnyOrderElementsOf(SPOILINGS.keySet());
        for (Derived derived : DerivedState.ALL) {
            Spoiling spoiling = spoiling(derived.name());
            Object sound = look(derived.name());

            spoiling.damage(data);
            assertThat(look(derived.name())).as(derived.name() + " is damaged").isNotEqualTo(sound);
            rebuild();
            assertThat(look(derived.name())).as(derived.name() + " was damaged").isEqualTo(sound);

            spoiling.lose(data);
            assertThat(look(derived.name())).as(derived.name() + " is lost").isNotEqualTo(sound);
            rebuild();
            assertThat(look(derived.name())).as(derived.name() + " was lost").isEqualTo(sound);
        }
        try (Storage storage = EmbeddedStorage.open(data, clock);
                OpenNamespaces opened = OpenNamespaces.open(settings, storage, clock)) {
            assertThat(opened.opened().ledger().publishedSize())
                    .isEqualTo(storage.ledger().state().treeSize());
        }
    }

    @Test
    void eachRebuildSaysWhatItMadeWithCounts() {
        try (Storage storage = EmbeddedStorage.open(data, clock)) {
            for (Derived derived : DerivedState.ALL) {
                assertThat(derived.rebuild().run(storage, settings))
                        .matches("(?s).*[1-9][0-9]* (written|entries|releases).*");
            }
        }
    }
}

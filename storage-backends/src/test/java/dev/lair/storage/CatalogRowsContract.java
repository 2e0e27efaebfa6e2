package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.registry.CatalogRows;
import dev.lair.storage.registry.CatalogRows.ChangeKind;
import dev.lair.storage.registry.CatalogRows.DependantRow;
import dev.lair.storage.registry.CatalogRows.DependencyRow;
import dev.lair.storage.registry.CatalogRows.PackageRow;
import dev.lair.storage.registry.CatalogRows.ReleaseRow;
import dev.lair.storage.registry.CatalogRows.Role;
import dev.lair.storage.registry.CatalogRows.State;
import dev.lair.storage.registry.CatalogRows.UseRow;
import dev.lair.storage.registry.CatalogWriting;
import dev.lair.storage.registry.CatalogWriting.NewRelease;
import dev.lair.storage.registry.CatalogWriting.NewUse;
import dev.lair.storage.registry.CatalogWriting.NewYank;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** The tables of the catalog. */
public abstract class CatalogRowsContract extends StorageContract {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final int RACERS = 8;

    private <T> T read(Function<CatalogRows, T> look) {
        return RegistryStore.over(storage.registry()).read(rows -> look.apply(rows.catalog()));
    }

    private <T> List<T> list(Function<CatalogRows, List<T>> look) {
        return read(look);
    }

    private <T> Optional<T> one(Function<CatalogRows, Optional<T>> look) {
        return read(look);
    }

    private long count(ToLongFunction<CatalogRows> look) {
        return read(look::applyAsLong);
    }

    private State state() {
        return read(CatalogRows::state);
    }

    private void write(Consumer<CatalogWriting> change) {
        RegistryStore.over(storage.registry()).write(rows -> {
            change.accept(rows.catalog().writing());
            return null;
        });
    }

    private static String longest(List<String> versions) {
        return versions.stream().max(Comparator.naturalOrder()).orElse("");
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static NewRelease release(String name, String version, long leaf) {
        return release(name, version, leaf, List.of(), List.of());
    }

    private static NewRelease release(
            String name, String version, long leaf, List<NewUse> uses, List<DependencyRow> dependencies) {
        return new NewRelease(
                name,
                name.substring(0, name.indexOf(':')),
                version,
                digest(name + version),
                7,
                "component",
                "record " + leaf,
                leaf,
                "key",
                NOW,
                "about " + version,
                uses,
                dependencies);
    }

    private void add(NewRelease release) {
        write(writing -> writing.release(release, CatalogRowsContract::longest));
    }

    private void yank(String name, String version, long leaf) {
        write(writing -> writing.yank(new NewYank(name, version, leaf), CatalogRowsContract::longest));
    }

    @Test
    void releasesPackagesAndChangesAreNumberedInTheirOrder() {
        add(release("one:a", "1.0.0", 1));
        add(release("two:b", "1.0.0", 2));
        add(release("one:a", "2.0.0", 5));

        assertThat(state()).isEqualTo(new State(0, "", 3, 3));
        assertThat(list(rows -> rows.newest(Long.MAX_VALUE, 10)))
                .containsExactly(
                        new PackageRow("one:a", "one", 2, 2, "2.0.0", "2.0.0", "component", "about 2.0.0", NOW),
                        new PackageRow("two:b", "two", 1, 1, "1.0.0", "1.0.0", "component", "about 1.0.0", NOW));
        assertThat(list(rows -> rows.newest(2, 10)))
                .extracting(PackageRow::name)
                .containsExactly("two:b");
        assertThat(list(rows -> rows.newestOf("one", Long.MAX_VALUE, 10)))
                .extracting(PackageRow::name)
                .containsExactly("one:a");
        assertThat(list(rows -> rows.releases("one:a", Long.MAX_VALUE, 1)))
                .containsExactly(new ReleaseRow(
                        2,
                        "one:a",
                        "2.0.0",
                        digest("one:a2.0.0"),
                        7,
                        "component",
                        "record 5",
                        5,
                        "key",
                        NOW,
                        -1,
                        false,
                        "about 2.0.0"));
        assertThat(list(rows -> rows.releases("one:a", 2, 10)))
                .extracting(ReleaseRow::version)
                .containsExactly("1.0.0");
        assertThat(list(rows -> rows.newestReleases(Long.MAX_VALUE, 2)))
                .extracting(ReleaseRow::number)
                .containsExactly(2L, 1L);
        assertThat(list(rows -> rows.changes(1, 3)))
                .extracting(change -> change.number() + " " + change.packageName() + " " + change.leafIndex())
                .containsExactly("1 two:b 2", "2 one:a 5");
        assertThat(one(rows -> rows.find("one:none"))).isEmpty();
    }

    @Test
    void yankTakesAVersionOutOfTheLatestAndIsAChange() {
        add(release("one:a", "1.0.0", 1));
        add(release("one:a", "2.0.0", 2));

        yank("one:a", "2.0.0", 3);
        yank("one:a", "2.0.0", 4);
        yank("one:a", "9.0.0", 5);

        assertThat(one(rows -> rows.release("one:a", "2.0.0")))
                .get()
                .matches(ReleaseRow::isYanked)
                .extracting(ReleaseRow::yankedAt)
                .isEqualTo(3L);
        assertThat(one(rows -> rows.find("one:a")))
                .get()
                .matches(row -> row.latestVersion().equals("1.0.0")
                        && row.newestVersion().equals("2.0.0")
                        && row.description().equals("about 1.0.0"));
        assertThat(list(rows -> rows.changes(0, 10)))
                .extracting(CatalogRows.ChangeRow::kind)
                .containsExactly(ChangeKind.RELEASE, ChangeKind.RELEASE, ChangeKind.YANK);
        yank("one:a", "1.0.0", 6);
        assertThat(one(rows -> rows.find("one:a")))
                .get()
                .matches(row ->
                        row.latestVersion().isEmpty() && row.description().equals("about 2.0.0"));
    }

    @Test
    void usesAreDenseForEachInterfaceAndTrack() {
        NewUse exports = new NewUse("wasi:http/handler", "0.2", Role.EXPORTS, "wasi:http/handler@0.2.1");
        NewUse imports = new NewUse("wasi:http/handler", "0.2", Role.IMPORTS, "wasi:http/handler@0.2.3");
        NewUse other = new NewUse("wasi:http/handler", "1", Role.IMPORTS, "wasi:http/handler@1.0.0");
        add(release("one:a", "1.0.0", 1, List.of(exports, imports), List.of()));
        add(release("one:b", "1.0.0", 2, List.of(other, exports), List.of()));

        assertThat(count(rows -> rows.uses("wasi:http/handler", "0.2"))).isEqualTo(3);
        assertThat(list(rows -> rows.uses("wasi:http/handler", "0.2", 0, 10)))
                .containsExactly(
                        new UseRow(2, Role.EXPORTS, "wasi:http/handler@0.2.1", "one:b", "1.0.0", 2, false),
                        new UseRow(1, Role.IMPORTS, "wasi:http/handler@0.2.3", "one:a", "1.0.0", 1, false),
                        new UseRow(0, Role.EXPORTS, "wasi:http/handler@0.2.1", "one:a", "1.0.0", 1, false));
        assertThat(list(rows -> rows.users("wasi:http/handler", "0.2", Role.EXPORTS, 2, 10)))
                .extracting(UseRow::packageName)
                .containsExactly("one:a");
        assertThat(list(rows -> rows.tracks("wasi:http/handler"))).containsExactly("0.2", "1");
        assertThat(list(rows -> rows.interfaces("wasi:http/handler", "0.2", 10)))
                .containsExactly(new CatalogRows.InterfaceRow("wasi:http/handler", "1", 1));
        assertThat(list(rows -> rows.usesOf("one:a", "1.0.0"))).hasSize(2);
        assertThat(count(rows -> rows.uses("wasi:http/none", "0.2"))).isZero();
    }

    @Test
    void dependantsAreNewestFirstAndNonePagedOver() {
        DependencyRow first = new DependencyRow("base:x", "1.0.0", List.of("used"));
        DependencyRow second = new DependencyRow("base:x", "2.0.0", List.of("imported", "exported"));
        add(release("one:a", "1.0.0", 1, List.of(), List.of(first)));
        add(release("one:b", "1.0.0", 2, List.of(), List.of(first, second)));

        List<DependantRow> all = list(rows -> rows.dependants("base:x", Long.MAX_VALUE, 0, 10));
        assertThat(all)
                .containsExactly(
                        new DependantRow(1, 0, "one:b", "1.0.0", false, "1.0.0", List.of("used")),
                        new DependantRow(1, 1, "one:b", "1.0.0", false, "2.0.0", List.of("imported", "exported")),
                        new DependantRow(0, 0, "one:a", "1.0.0", false, "1.0.0", List.of("used")));
        List<DependantRow> paged = new ArrayList<>();
        DependantRow last = new DependantRow(Long.MAX_VALUE, 0, "", "", false, "", List.of());
        for (int i = 0; i < 3; i++) {
            long release = last.number();
            long place = last.place();
            last = list(rows -> rows.dependants("base:x", release, place, 1)).getFirst();
            paged.add(last);
        }
        assertThat(paged).isEqualTo(all);
        assertThat(count(rows -> rows.dependantPackages("base:x"))).isEqualTo(2);
        assertThat(list(rows -> rows.dependencies(1))).containsExactly(first, second);
    }

    /** Nodes take the same step at once: its rows are there once. */
    @Test
    void onlyOneOfManyTakesAStep() throws Exception {
        State before = state();
        try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
            List<Callable<Boolean>> racers = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                racers.add(() -> RegistryStore.over(storage.registry()).write(rows -> {
                    CatalogWriting writing = rows.catalog().writing();
                    if (!writing.advance(before, 4, "record 3")) {
                        return false;
                    }
                    writing.release(release("one:a", "1.0.0", 3), CatalogRowsContract::longest);
                    return true;
                }));
            }
            int winners = 0;
            for (Future<Boolean> racer : threads.invokeAll(racers)) {
                winners += racer.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        }
        assertThat(state()).isEqualTo(new State(4, "record 3", 1, 1));
    }

    @Test
    void stepThatBreaksOffLeavesNothing() {
        State before = state();

        assertThatThrownBy(() -> write(writing -> {
                    writing.advance(before, 4, "record 3");
                    writing.release(release("one:a", "1.0.0", 3), CatalogRowsContract::longest);
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");

        assertThat(state()).isEqualTo(before);
        assertThat(list(rows -> rows.newest(Long.MAX_VALUE, 1))).isEmpty();
    }

    @Test
    void clearedCatalogBeginsAgainFromNothing() {
        NewUse use = new NewUse("a:b/c", "-", Role.DEFINES, "a:b/c");
        DependencyRow dependency = new DependencyRow("base:x", "", List.of("used"));
        NewRelease release = release("one:a", "1.0.0", 1, List.of(use), List.of(dependency));
        add(release);

        write(CatalogWriting::clear);
        assertThat(state()).isEqualTo(new State(0, "", 0, 0));
        assertThat(list(rows -> rows.interfaces("", "", 10))).isEmpty();
        add(release);
        assertThat(list(rows -> rows.newest(Long.MAX_VALUE, 10))).hasSize(1);
    }
}

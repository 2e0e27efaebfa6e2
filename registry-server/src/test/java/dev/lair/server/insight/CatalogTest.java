package dev.lair.server.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import dev.lair.server.publish.PublishRequest;
import dev.lair.storage.registry.CatalogRows.DependantRow;
import dev.lair.storage.registry.CatalogRows.PackageRow;
import dev.lair.storage.registry.CatalogRows.ReleaseRow;
import dev.lair.storage.registry.CatalogRows.Role;
import dev.lair.storage.registry.CatalogRows.UseRow;
import dev.lair.storage.registry.RegistryStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The catalog of a running server: what was told to be published is there at once. */
class CatalogTest extends InsightTest {

    @Autowired
    Catalog catalog;

    @Autowired
    RegistryStore store;

    private static final PackageName NAME = PackageName.parse("test:catalogued");

    @Test
    void releaseIsThereAtOnceWithItsInterfacesAndWhatItRefersTo() throws Exception {
        release(
                Author.of("test:defining", clock),
                "0.2.3",
                Wits.packageOf("package test:defining@0.2.3; interface door { knock: func(); }"));
        Author author = Author.of("test:catalogued", clock);
        release(author, "1.0.0", Wits.importing("test:defining/door@0.2.1"));

        PackageRow row = catalog.find(NAME).orElseThrow();
        assertThat(row.latestVersion()).isEqualTo("1.0.0");
        assertThat(row.kind()).isEqualTo("component");
        assertThat(catalog.newest(Catalog.FIRST, 1)).containsExactly(row);
        assertThat(catalog.uses("test:defining/door", "0.2", 0, 10))
                .extracting(use -> use.role() + " " + use.named() + " " + use.packageName())
                .containsExactly(
                        "IMPORTS test:defining/door@0.2.1 test:catalogued",
                        "DEFINES test:defining/door@0.2.3 test:defining");
        assertThat(catalog.users("test:defining/door", "0.2", Role.IMPORTS, Catalog.FIRST, 10))
                .extracting(UseRow::version)
                .containsExactly("1.0.0");
        ReleaseRow release = catalog.release(NAME, SemVer.parse("1.0.0")).orElseThrow();
        assertThat(catalog.dependencies(release))
                .extracting(each -> each.target() + "@" + each.version())
                .containsExactly("test:defining@0.2.1");
        assertThat(catalog.dependants(PackageName.parse("test:defining"), Catalog.FIRST, 0, 10))
                .extracting(DependantRow::packageName)
                .containsExactly("test:catalogued");
    }

    @Test
    void latestIsTheHighestThatIsNeitherYankedNorAPreRelease() throws Exception {
        Author author = Author.of("test:latest", clock);
        release(author, "1.0.0", Wasm.component("one"));
        release(author, "2.0.0-rc.1", Wasm.component("candidate"));
        assertThat(latest(author)).isEqualTo("1.0.0");
        release(author, "1.10.0", Wasm.component("ten"));
        release(author, "1.9.0", Wasm.component("nine"));
        assertThat(latest(author)).isEqualTo("1.10.0");

        publishing.publish(new PublishRequest(author.name(), author.yank("1.10.0")));

        assertThat(latest(author)).isEqualTo("1.9.0");
        assertThat(catalog.releases(author.name(), Catalog.FIRST, 10))
                .extracting(each -> each.version() + " " + each.kind() + " " + each.isYanked())
                .containsExactly(
                        "1.9.0 component false",
                        "1.10.0 component true",
                        "2.0.0-rc.1 component false",
                        "1.0.0 component false");
    }

    private String latest(Author author) {
        return catalog.find(author.name()).orElseThrow().latestVersion();
    }

    @Test
    void catalogOfAnotherLedgerIsMadeAgain() throws Exception {
        release(Author.of("test:restored", clock), "1.0.0", Wasm.component("restored"));
        List<PackageRow> before = catalog.newest(Catalog.FIRST, 1000);
        store.write(
                rows -> rows.catalog().writing().advance(rows.catalog().state(), 1_000_000, "sha256:of-a-lost-record"));

        catalog.compareAgain();

        assertThat(catalog.newest(Catalog.FIRST, 1000)).isEqualTo(before);
        long leaves = store.read(rows -> rows.catalog().state().leaves());
        assertThat(leaves).isLessThan(1_000_000);
    }
}

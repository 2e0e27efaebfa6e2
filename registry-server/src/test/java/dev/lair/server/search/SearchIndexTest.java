package dev.lair.server.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.component.metadata.BinaryMetadata;
import dev.lair.component.metadata.MetadataSection;
import dev.lair.component.metadata.MetadataWriter;
import dev.lair.component.metadata.Producer;
import dev.lair.component.metadata.TextKind;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.SearchDocuments.Facet;
import dev.lair.registry.api.SearchDocuments.Hit;
import dev.lair.registry.api.SearchDocuments.Results;
import dev.lair.registry.api.SearchDocuments.Segment;
import dev.lair.server.Wits;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The index beside its ledger: what is found, what a crash leaves, what stays plain. */
class SearchIndexTest {

    private OpenSearch search;

    @BeforeEach
    void open() throws Exception {
        search = new OpenSearch();
    }

    @AfterEach
    void close() throws Exception {
        search.close();
    }

    private static byte[] described(byte[] component, String description, String license, String language) {
        return MetadataWriter.append(
                component,
                BinaryMetadata.Layer.COMPONENT,
                new MetadataSection.Producers(List.of(Producer.of(Producer.Role.LANGUAGE, language, "1"))),
                new MetadataSection.Text(TextKind.DESCRIPTION, description),
                new MetadataSection.Text(TextKind.LICENSES, license));
    }

    private static String plain(List<Segment> segments) {
        return segments.stream().map(Segment::text).collect(Collectors.joining());
    }

    private static List<String> marked(List<Segment> segments) {
        return segments.stream().filter(Segment::marked).map(Segment::text).toList();
    }

    /** Every package and every facet, as JSON. */
    private String everything() throws Exception {
        StringBuilder all = new StringBuilder();
        for (String query : List.of("yanked:yes", "http", "kind:component", "server", "imports:wasi:io")) {
            all.append(new String(ApiJson.write(search.search(query)), StandardCharsets.UTF_8))
                    .append('\n');
        }
        return all.toString();
    }

    private void fill() throws Exception {
        search.release("test:base", "1.0.0", Wits.packageOf("package test:base@1.0.0; interface http { f: func(); }"));
        search.release(
                "test:server",
                "1.0.0",
                described(Wits.exporting("wasi:http/incoming-handler@0.2.0"), "an http server", "MIT", "Rust"));
        search.release("test:client", "1.0.0", Wits.importing("wasi:io/streams@0.2.0", "test:base/http@1.0.0"));
    }

    @Test
    void theNewestReleaseThatIsNotYankedIsShown() throws Exception {
        search.release("test:a", "1.0.0", described(Wits.exporting("a:b/one@1.0.0"), "first words", "MIT", "Rust"));
        search.release("test:a", "2.0.0", described(Wits.exporting("a:b/two@1.0.0"), "second words", "MIT", "Rust"));
        search.release("test:a", "3.0.0-rc.1", Wits.exporting("a:b/three@1.0.0"));
        search.follow();
        assertThat(search.search("words").hits()).extracting(Hit::version).containsExactly("2.0.0");
        assertThat(search.names("exports:a:b/two@1")).containsExactly("test:a");
        assertThat(search.names("exports:a:b/one")).isEmpty();
        assertThat(search.names("one")).as("names of older tracks are found").containsExactly("test:a");

        search.yank("test:a", "2.0.0");
        search.follow();
        assertThat(search.search("words").hits()).extracting(Hit::version).containsExactly("1.0.0");
        assertThat(search.names("exports:a:b/one")).containsExactly("test:a");
    }

    @Test
    void aPackageOfWhichEverythingIsYankedIsShownToWhoAsksForThat() throws Exception {
        search.release("test:gone", "1.0.0", Wits.exporting("a:b/gone@1.0.0"));
        search.release("test:here", "1.0.0", Wits.exporting("a:b/gone@1.0.0"));
        search.yank("test:gone", "1.0.0");
        search.follow();
        assertThat(search.names("exports:a:b/gone")).containsExactly("test:here");
        assertThat(search.names("")).containsExactly("test:here");
        assertThat(search.names("-missing")).containsExactly("test:here");
        assertThat(search.names("yanked:yes gone")).containsExactly("test:gone", "test:here");
        assertThat(search.names("yanked:only")).containsExactly("test:gone");
        assertThat(search.search("yanked:only").hits().getFirst().yanked()).isTrue();
        assertThat(search.suggestions("go")).doesNotContain("package test:gone");
    }

    @Test
    void everyFilterNarrowsByWhatItsFacetCounts() throws Exception {
        fill();
        search.follow();
        Results all = search.search("");
        assertThat(all.facets())
                .extracting(Facet::name)
                .containsExactly("kind", "exports", "imports", "capability", "provenance", "license", "toolchain");
        for (Facet facet : all.facets()) {
            for (var value : facet.values()) {
                String query = facet.name() + ":\"" + value.value() + "\"";
                assertThat(search.search(query).total()).as(query).isEqualTo(value.count());
            }
        }
        assertThat(search.names("license:mit toolchain:rust")).containsExactly("test:server");
        assertThat(search.names("provenance:key namespace:test kind:wit-package"))
                .containsExactly("test:base");
        assertThat(search.names("interface:test:base/http")).containsExactly("test:base");
        assertThat(search.names("exports:wasi:http/incoming-handler@0.2")).containsExactly("test:server");
        assertThat(search.names("exports:incoming-handler")).containsExactly("test:server");
        assertThat(search.names("exports:wasi:http/incoming-handler@0.3")).isEmpty();
        assertThat(search.names("imports:wasi:io@0.2.0")).containsExactly("test:client");
        assertThat(search.names("-imports:wasi:io kind:component")).containsExactly("test:server");
    }

    @Test
    void dependantsDecideBetweenEqualsAndThenTheName() throws Exception {
        search.release(
                "test:aa-thing", "1.0.0", Wits.packageOf("package test:aa-thing@1.0.0; interface i { f: func(); }"));
        search.release(
                "test:bb-thing", "1.0.0", Wits.packageOf("package test:bb-thing@1.0.0; interface i { f: func(); }"));
        search.release(
                "test:cc-thing", "1.0.0", Wits.packageOf("package test:cc-thing@1.0.0; interface i { f: func(); }"));
        search.release("test:user", "1.0.0", Wits.importing("test:cc-thing/i@1.0.0"));
        search.follow();
        assertThat(search.names("thing")).startsWith("test:cc-thing", "test:aa-thing", "test:bb-thing");
        assertThat(search.search("cc-thing").hits().getFirst().dependants()).isEqualTo(1);
    }

    @Test
    void aCrashBetweenLedgerAndIndexLosesNothing() throws Exception {
        search.release("test:first", "1.0.0", Wits.exporting("a:b/http@1.0.0"));
        search.follow();
        search.index().commit();
        long committed = search.index().position().leaves();
        fill();
        search.follow();
        String before = everything();
        assertThat(search.index().position().leaves()).isEqualTo(committed + 3);

        search.crash();
        assertThat(search.index().position().leaves()).isEqualTo(committed);
        assertThat(search.names("")).containsExactly("test:first");
        search.follow();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void anIndexThatIsMadeAnewIsTheOneThatFollowed() throws Exception {
        search.release("test:server", "0.1.0", Wits.exporting("a:b/http@1.0.0"));
        search.follow();
        fill();
        search.follow();
        search.release("test:client", "2.0.0", Wits.importing("wasi:io/poll@0.2.0"));
        search.yank("test:base", "1.0.0");
        search.follow();
        String followed = everything();
        search.index().close();
        search.reopen(new ByteBuffersDirectory());
        search.follow();
        assertThat(everything()).isEqualTo(followed);
    }

    @Test
    void anIndexOfAnotherLedgerOrAheadOfItIsDropped() throws Exception {
        fill();
        search.follow();
        search.index().commit();
        ByteBuffersDirectory foreign = new ByteBuffersDirectory();
        for (String file : search.directory().listAll()) {
            if (!file.equals("write.lock")) {
                foreign.copyFrom(search.directory(), file, file, IOContext.DEFAULT);
            }
        }
        try (OpenSearch other = new OpenSearch()) {
            for (int i = 0; i < 5; i++) {
                other.release("other:p" + i, "1.0.0", Wits.exporting("a:b/http@1.0.0"));
            }
            other.index().close();
            other.reopen(foreign);
            assertThat(other.names("")).contains("test:server");
            other.follow();
            assertThat(other.names("")).containsExactly("other:p0", "other:p1", "other:p2", "other:p3", "other:p4");
        }
    }

    @Test
    void aDamagedIndexIsMadeAnew() throws Exception {
        fill();
        search.follow();
        search.index().commit();
        String before = everything();
        search.index().close();
        ByteBuffersDirectory damaged = new ByteBuffersDirectory();
        try (IndexOutput out = damaged.createOutput("segments_1", IOContext.DEFAULT)) {
            out.writeString("rubbish");
        }
        search.reopen(damaged);
        search.follow();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aReadmeThatComesBehindItsReleaseIsFoundOnceItsAttestationIsStated() throws Exception {
        search.release("test:late", "1.0.0", Wits.exporting("a:b/i@1.0.0"));
        search.follow();
        assertThat(search.names("marmalade")).isEmpty();
        byte[] readme = "# Late\n\nAll about marmalade.".getBytes(StandardCharsets.UTF_8);
        var record = search.ledger()
                .entryAt(search.ledger().committedSize() - 1)
                .orElseThrow()
                .recordId();
        search.registry.write(rows -> {
            rows.attestations().keepReadme(Digest.of(readme).toString(), readme, search.clock.instant());
            return rows.attestations()
                    .setReadme("test:late", "1.0.0", Digest.of(readme).toString());
        });
        search.ledger().attest(record, Digest.of(new byte[] {1})).get();
        search.follow();
        Hit hit = search.search("marmalade").hits().getFirst();
        assertThat(hit.name()).isEqualTo("test:late");
        assertThat(plain(hit.description())).as("stands for one").isEqualTo("All about marmalade.");
        assertThat(marked(hit.description())).containsExactly("marmalade");
    }

    @Test
    void whatAuthorsWriteStaysPlainText() throws Exception {
        String hostile = "<script>alert(1)</script> \"marmalade\" <b onclick=x>&amp;</b> ${7*7} {{x}}";
        search.release("test:hostile", "1.0.0", described(Wits.exporting("a:b/i@1.0.0"), hostile, "<i>MIT</i>", "<u>"));
        search.follow();
        Hit hit = search.search("marmalade").hits().getFirst();
        assertThat(plain(hit.description())).isEqualTo(hostile);
        assertThat(marked(hit.description())).containsExactly("marmalade");
        assertThat(hit.licenses()).isEqualTo("<i>MIT</i>");
        assertThat(hit.toolchain()).containsExactly("<u>");
        assertThat(plain(search.search("script").hits().getFirst().description()))
                .isEqualTo(hostile);
    }

    @Test
    void nearSpellingsAreTakenOnlyWhenNothingElseMatches() throws Exception {
        fill();
        search.release("test:sever", "1.0.0", Wits.exporting("a:b/i@1.0.0"));
        search.follow();
        assertThat(search.search("server").approximate()).isFalse();
        assertThat(search.names("server")).containsExactly("test:server");
        Results near = search.search("servar");
        assertThat(near.approximate()).isTrue();
        assertThat(near.hits()).extracting(Hit::name).contains("test:server");
        assertThat(search.search("zzzzzzzz").approximate()).isFalse();
    }

    @Test
    void aCursorLeadsThroughEveryHitOnce() throws Exception {
        for (int i = 0; i < 23; i++) {
            search.release("test:page-p" + i, "1.0.0", Wits.exporting("a:b/i@1.0.0"));
            search.follow();
        }
        List<String> walked = new ArrayList<>();
        String cursor = null;
        do {
            Results page = search.search(new SearchRequest("page", cursor, 5));
            assertThat(page.total()).isEqualTo(23);
            page.hits().forEach(hit -> walked.add(hit.name()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(walked).isEqualTo(search.names("page")).hasSize(23).doesNotHaveDuplicates();

        String other = search.search(new SearchRequest("page", null, 5)).next();
        assertThatThrownBy(() -> search.search(new SearchRequest("another", other, 5)))
                .isInstanceOf(QueryRefused.class)
                .hasMessageContaining("cursor");
        assertThatThrownBy(() -> search.search(new SearchRequest("page", "%%%", 5)))
                .isInstanceOf(QueryRefused.class);
    }

    @Test
    void suggestionsBeginWithThePrefixPackagesFirst() throws Exception {
        search.release(
                "test:http", "1.0.0", Wits.packageOf("package test:http@1.0.0; interface http-types { f: func(); }"));
        search.release("test:http-server", "1.0.0", Wits.exporting("a:b/i@1.0.0"));
        search.follow();
        assertThat(search.suggestions("htt"))
                .containsExactly("package test:http", "package test:http-server", "interface test:http/http-types");
        assertThat(search.suggestions("test:http"))
                .containsExactly("package test:http", "package test:http-server", "interface test:http/http-types");
        assertThat(search.suggestions("TEST:HTTP-S")).containsExactly("package test:http-server");
        assertThat(search.suggestions("\"<>")).isEmpty();
    }

    @Test
    void fiftySearchesAtOnceGoOnWhileTheIndexGrows() throws Exception {
        fill();
        search.follow();
        CountDownLatch begun = new CountDownLatch(50);
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            List<Future<Integer>> searches = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Callable<Integer> one = () -> {
                    begun.countDown();
                    for (int asked = 0; asked < 200; asked++) {
                        assertThat(search.names("http")).contains("test:server");
                    }
                    return search.search("namespace:test").total();
                };
                searches.add(threads.submit(one));
            }
            begun.await();
            for (int i = 0; i < 30; i++) {
                search.release("test:more-p" + i, "1.0.0", Wits.exporting("wasi:http/incoming-handler@0.2.0"));
                search.follow();
            }
            for (Future<Integer> each : searches) {
                assertThat(each.get()).isBetween(3, 33);
            }
        }
        assertThat(search.search("namespace:test").total()).isEqualTo(33);
    }
}

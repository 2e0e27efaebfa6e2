package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.metadata.BinaryMetadata;
import dev.lair.component.metadata.MetadataSection;
import dev.lair.component.metadata.MetadataWriter;
import dev.lair.component.metadata.Producer;
import dev.lair.component.metadata.TextKind;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** {@code /{ns}:{name}} and its tabs. */
class PackagePagesTest extends ReadingTest {

    static final List<String> TABS = List.of("", "/docs", "/versions", "/deps", "/used-by", "/security", "/files");

    private static byte[] wit(String name, String version) {
        return Wits.packageOf(
                "/// About " + name + ".\npackage " + name + "@" + version
                        + ";\n/// Says hello.\ninterface greet { hello: func(name: string) -> string; }\nworld w { export greet; }");
    }

    private void requireTabs(String path, String kind) {
        for (String tab : TABS) {
            Document page = page(path + tab);
            assertThat(page.select(".pkg-line .tag").get(0).text()).isEqualTo(kind);
            assertThat(page.select(".tabs a[aria-current=page]")).as(tab).hasSize(1);
            page.select(".tabs a").forEach(link -> assertThat(link.attr("href")).contains("@"));
        }
    }

    @Test
    void everyKindOfReleaseHasEveryTab() {
        release(Author.of("test:page-wit", clock), "1.0.0", wit("test:page-wit", "1.0.0"));
        release(Author.of("test:page-component", clock), "1.0.0", Wits.importing("wasi:filesystem/types@0.2.0"));
        release(Author.of("test:page-module", clock), "1.0.0", Wasm.coreModule("page"));
        requireTabs("/test:page-wit", "WIT package");
        requireTabs("/test:page-wit@1.0.0", "WIT package");
        requireTabs("/test:page-component@1.0.0", "component");
        requireTabs("/test:page-module@1.0.0", "core module");

        assertThat(page("/test:page-module/docs").select(".empty").text()).contains("core module");
        fetch("/test:page-module/wit").require(404);
        Document component = page("/test:page-component");
        assertThat(component.select(".caps summary").eachText()).containsExactly("filesystem");
        assertThat(component.select(".externs a").eachAttr("href")).containsExactly("/i/wasi:filesystem/types@0.2");
    }

    @Test
    void namesThatABinaryGivesAreInert() {
        String hostile = "\"><script>alert(1)</script>";
        byte[] content = MetadataWriter.append(
                Wits.importing("test:other/i"),
                BinaryMetadata.Layer.COMPONENT,
                new MetadataSection.Name(hostile),
                new MetadataSection.Producers(List.of(
                        Producer.of(Producer.Role.LANGUAGE, hostile, hostile),
                        Producer.of(Producer.Role.TOOL, "' onload='alert(1)", "{{x}}"))),
                new MetadataSection.Text(TextKind.DESCRIPTION, hostile + " ${x} $unsafe{x}"),
                new MetadataSection.Text(TextKind.AUTHORS, hostile),
                new MetadataSection.Text(TextKind.LICENSES, hostile),
                new MetadataSection.Text(TextKind.HOMEPAGE, "https://example.org/" + hostile),
                new MetadataSection.Text(TextKind.REVISION, "\u202e" + hostile));
        release(Author.of("test:page-hostile", clock), "1.0.0", content);
        for (String tab : TABS) {
            Document page = page("/test:page-hostile" + tab);
            assertThat(page.select(".lead").text()).startsWith("\"><script>");
        }
        assertThat(page("/test:page-hostile").select(".claims a")).isEmpty();
    }

    @Test
    void firstPageSaysWhatItIsHowToGetItAndHowItCame() {
        Author author = Author.of("test:page-first", clock);
        byte[] content = MetadataWriter.append(
                Wits.exporting("test:other/i@1.0.0"),
                BinaryMetadata.Layer.COMPONENT,
                new MetadataSection.Text(TextKind.DESCRIPTION, "Does one thing <b>well</b>."),
                new MetadataSection.Text(TextKind.LICENSES, "MIT"),
                new MetadataSection.Text(TextKind.HOMEPAGE, "https://example.org/a"),
                new MetadataSection.Text(TextKind.SOURCE, "javascript:alert(1)"));
        release(author, "0.3.1", content);

        Document page = page("/test:page-first");
        assertThat(page.title()).isEqualTo("test:page-first 0.3.1 · Lair");
        assertThat(page.select("h1").text().replace(" ", "")).isEqualTo("test:page-first");
        assertThat(page.select(".lead").text()).isEqualTo("Does one thing <b>well</b>.");
        assertThat(page.select(".get summary").eachText()).containsExactly("lair", "curl", "warg");
        assertThat(page.select(".get code").eachText())
                .anyMatch(text -> text.contains("lair pull test:page-first@0.3.1"));
        assertThat(page.select(".checked code").eachText())
                .contains(Digest.of(content).toString());
        assertThat(page.select(".checked").text()).contains("record").contains("valid");
        assertThat(page.select(".claims").text()).contains("MIT", "javascript:alert(1)");
        assertThat(page.select(".claims a").eachAttr("href")).containsExactly("https://example.org/a");
    }

    @Test
    void pageWithoutAVersionShowsTheLatestAndYankedOnesSaySo() {
        Author author = Author.of("test:page-yanked", clock);
        release(author, "1.0.0", Wasm.component("one"));
        release(author, "1.1.0", Wasm.component("two"));
        publish(author, author.yank("1.1.0"), new byte[0]);

        Document latest = page("/test:page-yanked");
        assertThat(latest.select(".pkg-line strong").text()).isEqualTo("1.0.0");
        assertThat(latest.select(".checked").text()).contains("the first of its version track");
        Document yanked = page("/test:page-yanked@1.1.0");
        assertThat(yanked.select(".note.bad").text()).contains("yanked").contains("1.0.0");
        assertThat(page("/test:page-yanked/versions").select("tbody .tag.bad").eachText())
                .containsExactly("yanked");
    }

    @Test
    void unknownNamesAreNotFoundAsPages() {
        release(Author.of("test:page-known", clock), "1.0.0", wit("test:page-known", "1.0.0"));
        for (String path : List.of(
                "/test:page-unknown",
                "/test:page-known@9.9.9",
                "/test:page-known@not-a-version",
                "/Test:Page",
                "/test:page-known:x",
                "/test:page-unknown/docs",
                "/test:%3Cscript%3E",
                "/test:page-known@1.0.0%22%3E")) {
            assertThat(page(path, 404).select("h1").text()).as(path).isNotBlank();
        }
        Document docs = page("/test:page-known/docs/no-such-item", 404);
        assertThat(docs.select("[role=alert]").text()).contains("no-such-item");
        assertThat(docs.select(".items a").eachText()).containsExactly("world w", "interface greet");
        fetch("/test:page-known/versions?below=x").require(404);
    }

    @Test
    void releaseThatLosesItsVerifiedIdentitySaysSo() {
        String token = session(account(unique("owner")));
        String namespace = namespaceOf(token);
        String name = namespace + ":proven";
        String job = trustedToken(List.of(namespace + ":*"));
        release(job, name, "1.0.0", Wasm.coreModule("proven"));
        Document first = page("/" + name);
        assertThat(first.select("[aria-labelledby=how]").text()).contains("identity verified", "acme/door");

        send("PUT", "api/v1/packages/" + namespace + "/proven/rules", token, "{\"trustedOnly\":false}")
                .require(204);
        release(token, name, "1.0.1", Wasm.coreModule("by hand"));
        assertThat(page("/" + name).select(".note.bad").text()).contains("1.0.0", "identity was verified");
        Document security = page("/" + name + "/security");
        assertThat(security.select(".worse th").eachText()).containsExactly("1.0.1");
        assertThat(security.select("#statement").text()).isNotBlank();
    }

    @Test
    void readmeIsShownAndHarmless() {
        // The door of uploads takes READMEs; the rendering itself has tests of its own.
        String token = session(account(unique("owner")));
        String name = namespaceOf(token) + ":readme";
        release(token, name, "1.0.0", Wasm.coreModule("readme"));
        byte[] readme =
                "# Hi\n<script>alert(1)</script>\n![x](https://evil.example/x.png)".getBytes(StandardCharsets.UTF_8);
        write(rows -> {
            rows.attestations().keepReadme(Digest.of(readme).toString(), readme, clock.instant());
            rows.attestations().setReadme(name, "1.0.0", Digest.of(readme).toString());
        });
        Document page = page("/" + name + "@1.0.0");
        assertThat(page.select(".prose h2").text()).isEqualTo("Hi");
        assertThat(page.select(".prose").text()).contains("<script>alert(1)</script>");
    }

    @Test
    void pageForEverybodyIsCompressedAndOneForSomebodyIsNot() throws Exception {
        release(Author.of("test:page-gzip", clock), "1.0.0", wit("test:page-gzip", "1.0.0"));
        byte[] plain = fetch("/test:page-gzip").require(200).response().body();

        Reply reply =
                send(request("test:page-gzip").header("accept", "text/html").header("accept-encoding", "br, gzip"));
        assertThat(reply.header("content-encoding")).contains("gzip");
        assertThat(reply.response().headers().allValues("vary")).contains("Accept-Encoding", "Cookie");
        assertThat(reply.response().body().length).isLessThan(plain.length / 2);
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(reply.response().body()))) {
            assertThat(in.readAllBytes()).isEqualTo(plain);
        }
        for (String refused : List.of("identity", "gzip;q=0", "br")) {
            assertThat(send(request("test:page-gzip").header("accept-encoding", refused))
                            .header("content-encoding"))
                    .as(refused)
                    .isEmpty();
        }
        String token = session(account(unique("reader")));
        Reply own = send(
                request("test:page-gzip").header("accept-encoding", "gzip").header("authorization", "Bearer " + token));
        assertThat(own.header("cache-control")).contains("private, no-store");
        assertThat(own.header("content-encoding")).isEmpty();
    }

    /** Named fixture: a package of 2,000 versions. */
    @Test
    void twoThousandVersionsComeInPages() {
        Author author = Author.of("test:page-many", clock);
        byte[] content = Wasm.coreModule("many");
        release(author, "0.0.0", content);
        int version = 1;
        while (version < 2_000) {
            List<PackageEntry> entries = new ArrayList<>();
            for (int i = 0; i < 100 && version < 2_000; i++, version++) {
                entries.add(new PackageEntry.Release(
                        SemVer.parse("1." + version / 100 + "." + version % 100), Digest.of(content)));
            }
            publish(author, author.write(entries.toArray(PackageEntry[]::new)), content);
        }
        String next = "/test:page-many/versions";
        List<String> seen = new ArrayList<>();
        int pages = 0;
        while (next != null) {
            Document page = page(next);
            seen.addAll(page.select("tbody th a").eachText());
            Element older = page.selectFirst(".steps a[rel=next]");
            next = older == null ? null : older.attr("href");
            pages++;
        }
        assertThat(pages).isEqualTo(2_000 / PackagePages.VERSIONS_A_PAGE);
        assertThat(seen)
                .hasSize(2_000)
                .doesNotHaveDuplicates()
                .startsWith("1.19.99")
                .endsWith("0.0.0");
        for (String tab : TABS) {
            page("/test:page-many" + tab);
        }
        assertThat(page("/test:page-many@1.3.7").select(".note").text()).contains("1.19.99");
    }
}

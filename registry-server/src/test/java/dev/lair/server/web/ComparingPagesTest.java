package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import java.util.List;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** Pages about more than one release: two versions side by side, interfaces, what depends on what. */
class ComparingPagesTest extends ReadingTest {

    @Test
    void diffSaysWhatChangedAndWhomItBreaks() {
        Author author = Author.of("test:diff-wit", clock);
        release(author, "1.0.0", Wits.packageOf("package test:diff-wit@1.0.0; interface i { f: func(a: u32); }"));
        release(
                author,
                "1.1.0",
                Wits.packageOf("package test:diff-wit@1.1.0; interface i { f: func(a: u32);"
                        + " @since(version = 1.1.0) g: func(); }"));
        release(author, "2.0.0", Wits.packageOf("package test:diff-wit@2.0.0; interface i { f: func(a: string); }"));

        Document added = page("/test:diff-wit/diff/1.0.0...1.1.0");
        assertThat(added.select(".note strong").text()).isEqualTo("compatible");
        assertThat(added.select(".breaks")).isEmpty();
        assertThat(added.select(".entry").text()).contains("interface i, g", "added");

        Document broken = page("/test:diff-wit/diff/1.1.0...2.0.0");
        assertThat(broken.select(".note strong").text()).isEqualTo("breaking");
        assertThat(broken.select(".note").text()).contains("on a new version track");
        assertThat(broken.select(".breaks").text()).contains("interface i, f", "was u32 and is string");

        assertThat(page("/test:diff-wit/diff/1.0.0...1.0.0")
                        .select(".note strong")
                        .text())
                .isEqualTo("unchanged");
        assertThat(page("/test:diff-wit/diff/1.1.0...1.0.0").select(".note").text())
                .contains("the older one");
        page("/test:diff-wit/diff/1.0.0...9.0.0", 404);
        page("/test:diff-wit/diff/1.0.0", 404);
        page("/test:diff-wit@1.0.0/diff/1.0.0...1.1.0", 404);
        page("/test:diff-unknown/diff/1.0.0...1.1.0", 404);
        assertThat(page("/test:diff-wit/versions")
                        .select("tbody a[href*=/diff/]")
                        .eachAttr("href"))
                .containsExactly("/test:diff-wit/diff/1.1.0...2.0.0", "/test:diff-wit/diff/1.0.0...1.1.0");
    }

    @Test
    void diffOfComponentsShowsWhatTheHostIsAskedFor() {
        Author author = Author.of("test:diff-comp", clock);
        release(author, "1.0.0", Wits.importing("wasi:cli/exit@0.2.0"));
        release(author, "2.0.0", Wits.importing("wasi:filesystem/types@0.2.0"));
        Document page = page("/test:diff-comp/diff/1.0.0...2.0.0");
        assertThat(page.select("ul li").eachText()).anyMatch(text -> text.startsWith("now filesystem"));
        assertThat(page.select("ul li").eachText()).anyMatch(text -> text.startsWith("no longer exit"));
        assertThat(page.select("tbody th").eachText()).contains("Size", "Published by", "Signed by key", "Digest");

        release(author, "3.0.0", Wasm.coreModule("another kind"));
        assertThat(page("/test:diff-comp/diff/2.0.0...3.0.0")
                        .select(".note strong")
                        .text())
                .isEqualTo("not compared");
    }

    @Test
    void interfacePageSaysWhoHasToDoWithIt() {
        release(
                Author.of("test:door", clock),
                "0.2.0",
                Wits.packageOf("package test:door@0.2.0; interface bell { ring: func(); }"));
        release(Author.of("test:door-in", clock), "1.0.0", Wits.importing("test:door/bell@0.2.1"));
        release(
                Author.of("test:door-out", clock),
                "1.0.0",
                Wits.exporting("test:door/bell@0.2.0", "test:door/bell@0.3.0"));

        Document page = page("/i/test:door/bell@0.2");
        assertThat(page.select("h1").text()).isEqualTo("test:door/bell");
        assertThat(page.select("[aria-labelledby=exports] a").eachText()).containsExactly("test:door-out 1.0.0");
        assertThat(page.select("[aria-labelledby=imports] a").eachText()).containsExactly("test:door-in 1.0.0");
        assertThat(page.select("[aria-labelledby=defines] a").eachAttr("href"))
                .containsExactly("/test:door@0.2.0/docs/bell");
        assertThat(page.select(".picker a").eachText()).containsExactlyInAnyOrder("0.2", "0.3");
        assertThat(page("/test:door/docs/bell").select(".item a[href^=/i/]").attr("href"))
                .isEqualTo("/i/test:door/bell@0.2");
        page("/i/test:door/bell");
        List<String> externs = page("/test:door-out").select(".externs a").eachAttr("href");
        assertThat(externs).contains("/i/test:door/bell@0.2", "/i/test:door/bell@0.3", "/i/a:base/i@-");
        externs.forEach(this::page);
        for (String path :
                List.of("/i/test:door/bell@9", "/i/test:door/knob", "/i/%3Cb%3E:x/y@1", "/i/test:door/b%22@1")) {
            page(path, 404);
        }
    }

    @Test
    void dependenciesAreAListAndADrawingThatSaysTheSame() {
        String base = "package test:graph-base@1.0.0; interface i { type t = u8; }";
        String middle = "package test:graph-middle@1.0.0; interface i { use test:graph-base/i@1.0.0.{t}; }";
        release(Author.of("test:graph-base", clock), "1.0.0", Wits.packageOf(base));
        release(Author.of("test:graph-middle", clock), "1.0.0", Wits.packageOf(middle, base));
        release(
                Author.of("test:graph-top", clock),
                "1.0.0",
                Wits.importing("test:graph-middle/i@1.0.0", "elsewhere:x/y@1.0.0"));

        Document page = page("/test:graph-top/deps");
        assertThat(page.select(".items").get(0).select("a").eachAttr("href"))
                .containsExactly("/test:graph-middle@1.0.0");
        assertThat(page.select(".items").text()).contains("elsewhere:x", "not in this registry");
        assertThat(page.select("svg title").text()).isEqualTo("Dependency graph");
        assertThat(page.select("svg text").eachText())
                .containsExactlyInAnyOrder(
                        "test:graph-top@1.0.0",
                        "test:graph-middle@1.0.0",
                        "test:graph-base@1.0.0",
                        "elsewhere:x@1.0.0");
        assertThat(page.select("svg path")).hasSize(3);
        assertThat(page.select("details li").eachText())
                .contains("test:graph-middle@1.0.0 depends on test:graph-base@1.0.0");

        Document used = page("/test:graph-base/used-by");
        assertThat(used.select(".items a").eachText()).containsExactly("test:graph-middle 1.0.0");
        assertThat(page("/test:graph-top/used-by").select(".empty")).hasSize(1);
    }
}

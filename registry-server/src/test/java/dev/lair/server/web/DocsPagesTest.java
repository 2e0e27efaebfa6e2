package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** {@code …/docs} and {@code …/wit}. */
class DocsPagesTest extends ReadingTest {

    private static final String BASE = """
            package test:doc-base@1.2.0;
            /// Points in *space*.
            interface points { record point { x: s32, y: s32 } }
            """;

    private static String user(String version, String more) {
        return """
                /// Draws.
                package test:doc-user@%s;
                /// Drawing things.
                interface draw {
                  use test:doc-base/points@1.2.0.{point};
                  /// A colour.
                  enum colour { /// like blood
                    red, green }
                  resource canvas {
                    constructor(size: point);
                    /// Draws a line.
                    line: func(start: point, end: point, paint: colour) -> result<_, string>;
                  }
                  open: func() -> canvas;
                  %s
                }
                world painter { import draw; export run: func(); }
                """.formatted(version, more);
    }

    private void drawing() {
        release(Author.of("test:doc-base", clock), "1.2.0", Wits.packageOf(BASE));
        Author author = Author.of("test:doc-user", clock);
        release(author, "1.0.0", Wits.packageOf(user("1.0.0", ""), BASE));
        release(
                author,
                "1.1.0",
                Wits.packageOf(user("1.1.0", "@since(version = 1.1.0) close: func(c: canvas);"), BASE));
    }

    @Test
    void itemHasItsTreeItsEntriesAndLinksToWhereTypesAreDefined() {
        drawing();
        Document index = page("/test:doc-user/docs");
        assertThat(index.select(".items a").eachText()).containsExactly("world painter", "interface draw");
        assertThat(index.select(".items p").eachText()).containsExactly("Drawing things.");

        Document page = page("/test:doc-user@1.1.0/docs/draw");
        assertThat(page.select(".tree a[aria-current=page]").text()).isEqualTo("interface draw");
        assertThat(page.select(".onpage a").eachAttr("href"))
                .containsExactly(
                        "#type-point",
                        "#type-colour",
                        "#type-canvas",
                        "#constructor-canvas",
                        "#method-canvas.line",
                        "#func-open",
                        "#func-close");
        page.select(".onpage a")
                .forEach(
                        link -> assertThat(page.getElementById(link.attr("href").substring(1)))
                                .isNotNull());
        Element line = Objects.requireNonNull(page.getElementById("method-canvas.line"));
        assertThat(line.select("pre").text())
                .isEqualTo("line: func(start: point, end: point, paint: colour) -> result<_, string>;");
        assertThat(line.select("pre a").eachAttr("href")).containsExactly("#type-point", "#type-point", "#type-colour");
        assertThat(line.select(".prose").text()).isEqualTo("Draws a line.");
        assertThat(page.select("#type-point pre a").eachAttr("href"))
                .containsExactly("/test:doc-base@1.2.0/docs/points", "/test:doc-base@1.2.0/docs/points#type-point");
        assertThat(page.select("#type-colour .parts dd").get(0).text()).isEqualTo("like blood");
        assertThat(page.select("#func-close .marks").text()).isEqualTo("since 1.1.0");

        Document there = page("/test:doc-base@1.2.0/docs/points");
        assertThat(there.getElementById("type-point")).isNotNull();
        assertThat(page("/test:doc-user@1.1.0/docs/painter")
                        .select(".entry pre a")
                        .eachAttr("href"))
                .containsExactly("/test:doc-base@1.2.0/docs/points", "/test:doc-user@1.1.0/docs/draw");
    }

    @Test
    void versionSwitchKeepsTheItem() {
        drawingOnce();
        Document page = page("/test:doc-switch@1.0.0/docs/b");
        assertThat(page.select(".switch a").eachAttr("href"))
                .containsExactly(
                        "/test:doc-switch@1.1.0/docs/b",
                        "/test:doc-switch@1.0.0/docs/b",
                        "/test:doc-switch@1.0.0/versions");
        assertThat(page("/test:doc-switch@1.1.0/docs/b").select(".item .name").text())
                .isEqualTo("interface test:doc-switch/b@1.1.0");
        assertThat(page("/test:doc-switch@1.0.0/docs/c", 404)
                        .select("[role=alert]")
                        .text())
                .contains("1.0.0", "c");
    }

    private void drawingOnce() {
        Author author = Author.of("test:doc-switch", clock);
        release(author, "1.0.0", Wits.packageOf("package test:doc-switch@1.0.0; interface a {} interface b {}"));
        release(
                author,
                "1.1.0",
                Wits.packageOf("package test:doc-switch@1.1.0; interface a {} interface b {}"
                        + " @since(version = 1.1.0) interface c {}"));
    }

    @Test
    void packageThatIsNotHereIsPlainText() {
        release(Author.of("test:doc-away", clock), "1.0.0", Wits.importing("elsewhere:things/thing@1.0.0"));
        Document page = page("/test:doc-away/docs/root");
        assertThat(page.select(".entry pre").text()).isEqualTo("import elsewhere:things/thing@1.0.0;");
        assertThat(page.select(".entry pre a")).isEmpty();
    }

    @Test
    void hostileCommentsAreInert() throws Exception {
        Path folder = Path.of(Objects.requireNonNull(DocsPagesTest.class.getResource("/docs/hostile"))
                .toURI());
        StringBuilder text = new StringBuilder("package test:doc-hostile@1.0.0;\ninterface i {\n");
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.sorted().toList();
        }
        int number = 0;
        for (Path file : files) {
            for (String line : lines(file)) {
                text.append("  /// ").append(line).append('\n');
            }
            text.append("  f").append(number++).append(": func();\n");
        }
        release(Author.of("test:doc-hostile", clock), "1.0.0", Wits.packageOf(text + "}\n"));

        Document page = page("/test:doc-hostile/docs/i");
        assertThat(page.select(".entry .prose")).hasSizeGreaterThan(4);
        assertThat(page.text()).contains("<script>alert(1)</script>");
        page("/test:doc-hostile");
        Document raw = page("/test:doc-hostile/wit");
        assertThat(raw.select("pre.wit").text()).contains("<script>alert(1)</script>");
    }

    /** As far as a WIT comment may say it. */
    private static List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readString(file).split("[\\n\\u2028]", -1)) {
            StringBuilder allowed = new StringBuilder();
            line.codePoints()
                    .filter(c -> c == '\t' || (!Character.isISOControl(c) && Character.getType(c) != Character.FORMAT))
                    .limit(3_000)
                    .forEach(allowed::appendCodePoint);
            lines.add(allowed.toString());
        }
        return lines;
    }

    /** Named fixture: an interface of 5,000 functions. */
    @Test
    void fiveThousandFunctionsAreReadAPageAtATime() {
        StringBuilder text =
                new StringBuilder("package test:doc-many@1.0.0;\ninterface many {\n  record last { x: u8 }\n");
        for (int i = 0; i < 5_000; i++) {
            text.append("  /// Does thing number ").append(i).append(", and *says* so.\n");
            text.append("  thing-n").append(i).append(": func(a: u32, b: last) -> result<string, last>;\n");
        }
        release(Author.of("test:doc-many", clock), "1.0.0", Wits.packageOf(text + "}\n"));

        List<String> seen = new ArrayList<>();
        String next = "/test:doc-many/docs/many";
        int pages = 0;
        while (next != null) {
            Document page = page(next);
            seen.addAll(page.select(".entry h4 a").eachText());
            Element on = page.selectFirst(".steps a[rel=next]");
            next = on == null ? null : on.attr("href");
            pages++;
        }
        assertThat(seen)
                .hasSize(5_001)
                .doesNotHaveDuplicates()
                .startsWith("last", "thing-n0")
                .endsWith("thing-n4999");
        assertThat(pages).isLessThan(80);
        Document second = page("/test:doc-many@1.0.0/docs/many?page=2");
        assertThat(second.select(".entry").getLast().select("pre a").get(0).attr("href"))
                .isEqualTo("/test:doc-many@1.0.0/docs/many#type-last");
        assertThat(second.select(".pages a")).hasSize(pages);
        page("/test:doc-many");
        page("/test:doc-many/docs");
        assertThat(page("/test:doc-many/docs/many?page=999999").select(".steps a[rel=next]"))
                .isEmpty();

        int raw = 0;
        next = "/test:doc-many/wit";
        while (next != null) {
            Document page = page(next);
            Element on = page.selectFirst(".steps a[rel=next]");
            next = on == null ? null : on.attr("href");
            raw++;
        }
        assertThat(raw).isBetween(2, 12);
    }

    @Test
    void coreModuleHasNoDocsAndSaysWhy() {
        release(Author.of("test:doc-module", clock), "1.0.0", Wasm.coreModule("docs"));
        assertThat(page("/test:doc-module/docs").select(".empty").text()).contains("core module");
        page("/test:doc-module/docs/anything", 404);
        page("/test:doc-module/wit", 404);
    }
}

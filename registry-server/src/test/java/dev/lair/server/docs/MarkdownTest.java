package dev.lair.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Markdown of strangers. Each file of {@code docs/hostile} is an attack: another one needs a file and no code. */
class MarkdownTest {

    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "id", Set.of("h2", "h3", "h4", "h5", "h6"),
            "href", Set.of("a"),
            "rel", Set.of("a"),
            "class", Set.of("code"),
            "start", Set.of("ol"));

    private static final Set<String> ELEMENTS = Set.of(
            "p",
            "br",
            "hr",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "em",
            "strong",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "a",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td");

    @TestFactory
    Stream<DynamicTest> hostileTextIsInert() throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(MarkdownTest.class.getResource("/docs/hostile"));
        List<Path> files;
        try (Stream<Path> found = Files.list(Path.of(folder.toURI()))) {
            files = found.sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(5);
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> {
                    String text = read(file);
                    requireInert(Markdown.readme(text));
                    requireInert(Markdown.comment(text));
                    String summary = Markdown.summary(text);
                    assertThat(summary.length()).isLessThanOrEqualTo(DocsLimits.SUMMARY_CHARACTERS);
                }));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireInert(String html) {
        Document document = Jsoup.parseBodyFragment(html);
        for (Element element : document.body().select("body > *, body > * *")) {
            assertThat(ELEMENTS).as(element.outerHtml()).contains(element.tagName());
            for (Attribute attribute : element.attributes()) {
                assertThat(ALLOWED.getOrDefault(attribute.getKey(), Set.of()))
                        .as(attribute.html())
                        .contains(element.tagName());
            }
            if (element.hasAttr("id")) {
                assertThat(element.id()).startsWith(Markdown.ID_PREFIX);
            }
            if (element.tagName().equals("a") && element.hasAttr("href")) {
                assertThat(element.attr("href")).matches("(https?://|mailto:|#" + Markdown.ID_PREFIX + ").*");
                assertThat(element.attr("rel")).contains("nofollow", "ugc");
            }
        }
        List<String> ids = document.select("[id]").eachAttr("id");
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void rawHtmlIsShownAsText() {
        assertThat(Markdown.readme("a <b>bold</b> word")).isEqualTo("<p>a &lt;b&gt;bold&lt;/b&gt; word</p>\n");
    }

    @Test
    void linksLeadOutWithoutVouchingOrInside() {
        Document html = Jsoup.parseBodyFragment(
                Markdown.readme("# First Step\n[out](https://example.org/a?b=c) [in](#first-step) [rel](x.md)"));
        assertThat(html.select("a").eachAttr("href")).containsExactly("https://example.org/a?b=c", "#user-first-step");
        assertThat(html.select("h2").eachAttr("id")).containsExactly("user-first-step");
        assertThat(html.select("a").get(0).attr("rel").split(" "))
                .containsExactlyInAnyOrder("nofollow", "ugc", "noopener", "noreferrer");
        assertThat(html.text()).contains("rel");
    }

    @Test
    void imageBecomesALinkToIt() {
        Document html = Jsoup.parseBodyFragment(Markdown.readme("![a map](https://example.org/map.png)"));
        assertThat(html.select("img")).isEmpty();
        assertThat(html.select("a").eachAttr("href")).containsExactly("https://example.org/map.png");
        assertThat(html.text()).isEqualTo("image: a map");
    }

    @Test
    void headingsStandBelowThoseOfThePage() {
        Document comment = Jsoup.parseBodyFragment(Markdown.comment("# a\n## b\n###### c\n[in](#a)"));
        assertThat(comment.select("h5,h6").eachText()).containsExactly("a", "b", "c");
        assertThat(comment.select("[id], a")).isEmpty();
    }

    @Test
    void tablesAndCodeAreKept() {
        String html = Markdown.readme("| a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\nfn main() {}\n```\n");
        assertThat(html).contains("<table>", "<td>1</td>", "<code class=\"language-rust\">fn main() {}");
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        String text = "x".repeat(DocsLimits.COMMENT_CHARACTERS - 1) + "\uD83D\uDE00 and more";
        assertThat(Markdown.comment(text)).endsWith("x</p>\n");
        assertThat(Markdown.isCut("x".repeat(DocsLimits.README_CHARACTERS + 1))).isTrue();
    }

    @Test
    void summaryIsTheFirstParagraphWithoutMarks() {
        assertThat(Markdown.summary("A *clock* of `u64`\nticks.\n\nMore."))
                .isEqualTo("A clock of “u64” ticks.".replace("“", "\"").replace("”", "\""));
        assertThat(Markdown.summary(null)).isEmpty();
    }
}

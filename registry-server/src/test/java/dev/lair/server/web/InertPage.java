package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** What holds for every page, whatever strangers wrote on it. */
final class InertPage {

    private static final Set<String> NEVER =
            Set.of("script", "style", "iframe", "object", "embed", "base", "frame", "video", "audio", "template");

    private static final Set<String> FETCHED =
            Set.of("src", "srcset", "poster", "action", "formaction", "data", "background");

    private InertPage() {}

    /** Nothing runs, nothing is fetched from elsewhere, no id is given twice, there is one first heading. */
    static void require(Document page) {
        for (Element element : page.getAllElements()) {
            assertThat(NEVER).as(element.outerHtml()).doesNotContain(element.tagName());
            for (Attribute attribute : element.attributes()) {
                String name = attribute.getKey().toLowerCase(Locale.ROOT);
                assertThat(name)
                        .as(attribute.html())
                        .doesNotStartWith("on")
                        .isNotEqualTo("style")
                        .isNotEqualTo("srcdoc");
                if (FETCHED.contains(name)
                        || (name.equals("href") && !element.tagName().equals("a"))) {
                    assertThat(attribute.getValue()).as(attribute.html()).matches("/[^/\\\\].*|/|#.*");
                } else if (name.equals("href")) {
                    requireLink(element);
                }
            }
        }
        List<String> ids = page.select("[id]").eachAttr("id");
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(page.select("h1")).hasSize(1);
        for (String reference : List.of("aria-labelledby", "aria-describedby")) {
            page.select("[" + reference + "]")
                    .forEach(element ->
                            assertThat(ids).contains(element.attr(reference).split(" ")));
        }
        page.select("meta")
                .forEach(meta -> assertThat(meta.hasAttr("http-equiv")).isFalse());
    }

    private static void requireLink(Element link) {
        String href = link.attr("href");
        if (href.startsWith("#") || href.matches("/[^/\\\\].*|/")) {
            return;
        }
        assertThat(href).matches("(https?://|mailto:).*");
        assertThat(URI.create(href).getScheme()).isIn("http", "https", "mailto");
        assertThat(link.attr("rel")).as(link.outerHtml()).contains("nofollow");
    }
}

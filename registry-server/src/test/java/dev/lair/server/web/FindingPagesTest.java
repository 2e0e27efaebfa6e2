package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.search.Search;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Home, search and the page of a namespace lead to packages. */
class FindingPagesTest extends ReadingTest {

    @Autowired
    Search search;

    private PackageName name = new PackageName(new Namespace("test"), "none");

    @BeforeEach
    void release() {
        Author author = Author.of("test:" + unique("found"), clock);
        name = author.name();
        release(author, "1.0.0", Wasm.coreModule(name.toString()));
        search.catchUp();
    }

    private static boolean links(Document page, String path) {
        return page.select("main a[href=" + path + "]").size() > 0;
    }

    @Test
    void homeShowsWhatWasPublishedLately() {
        assertThat(page("/").select("main a[href=/" + name + "]")).isNotEmpty();
    }

    @Test
    void namespaceListsItsPackages() {
        assertThat(page("/n/test").select("main a[href=/" + name + "]")).isNotEmpty();
    }

    @Test
    void namespaceWithoutPackagesIsNotFound() {
        page("/n/nobody-has-this", 404);
        page("/n/Not-A-Name", 404);
    }

    @Test
    void searchFindsAPackageByItsNameAndKeepsTheQuery() {
        Document found = page("/search?q=" + name.name());
        assertThat(found.select("main .hits a").attr("href")).isEqualTo("/" + name);
        assertThat(found.select("input[name=q]").attr("value")).isEqualTo(name.name());
        assertThat(found.select("main mark")).isNotEmpty();
    }

    @Test
    void facetLeadsToTheNarrowerSearch() {
        Document found = page("/search?q=" + name.name());
        String kind = found.select("section[aria-label=Kind] a").attr("href");
        assertThat(kind).contains("kind%3Acore-module");
        assertThat(links(page(kind.replace("%3A", ":")), "/" + name)).isTrue();
    }

    @Test
    void nothingFoundSaysHowToAsk() {
        assertThat(page("/search?q=zzzznothingzzzz").select(".empty").text()).contains("exports:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%22unclosed", "nosuchfilter:x", "%3Cscript%3Ealert(1)%3C/script%3E", "kind:"})
    void queryThatCannotBeReadIsToldAndKept(String query) {
        Document told = org.jsoup.Jsoup.parse(fetch("/search?q=" + query).text());
        assertThat(told.select("input[name=q]").attr("value"))
                .isEqualTo(java.net.URLDecoder.decode(query, java.nio.charset.StandardCharsets.UTF_8));
        assertThat(told.select("script")).isEmpty();
    }
}

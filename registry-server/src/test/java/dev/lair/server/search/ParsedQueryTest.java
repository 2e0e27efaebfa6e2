package dev.lair.server.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.Wits;
import dev.lair.server.search.ParsedQuery.Filter;
import dev.lair.server.search.ParsedQuery.Phrase;
import dev.lair.server.search.ParsedQuery.Word;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a query means, and that nothing anybody writes is more than a query. */
class ParsedQueryTest {

    @Test
    void wordsPhrasesFiltersAndWhatIsExcludedAreToldApart() throws Exception {
        assertThat(ParsedQuery.parse("  Http -echo \"Key  Value\" kind:component -License:\"Apache-2.0\" wasi:io ")
                        .terms())
                .containsExactly(
                        new Word("http", false),
                        new Word("echo", true),
                        new Phrase(List.of("key", "value"), false),
                        new Filter(Filters.KIND, "component", false),
                        new Filter(Filters.LICENSE, "apache-2.0", true),
                        new Word("wasi:io", false));
    }

    @Test
    void anEmptyQueryHasNoTerms() throws Exception {
        assertThat(ParsedQuery.parse(" \t ").terms()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "'http \"open', 5, 'no end'",
                "'kind:', 5, 'needs a value'",
                "'kind:banana', 5, 'one of component, wit-package, core-module'",
                "'a exports:wasi:http/x@0.2.x', 10, 'version track'",
                "'exports:wasi:http/x@0', 8, 'version track'",
                "'imports:<b>', 8, 'an interface as'",
                "'world:\"', 6, 'no end'",
                "'***', 0, 'no letter'",
                "'- -', 0, 'no letter'"
            })
    void whatCannotBeReadIsRefusedWithItsPlace(String query, int place, String reason) {
        assertThatThrownBy(() -> ParsedQuery.parse(query)).isInstanceOfSatisfying(QueryRefused.class, refused -> {
            assertThat(refused.place()).isEqualTo(place);
            assertThat(refused.words()).contains(reason);
        });
    }

    @Test
    void aQueryIsBoundedInCharactersAndTerms() throws Exception {
        assertThat(ParsedQuery.parse("a".repeat(256)).terms()).hasSize(1);
        assertThatThrownBy(() -> ParsedQuery.parse("a".repeat(257))).isInstanceOf(QueryRefused.class);
        assertThat(ParsedQuery.parse("a ".repeat(16)).terms()).hasSize(16);
        assertThatThrownBy(() -> ParsedQuery.parse("a ".repeat(17))).isInstanceOf(QueryRefused.class);
    }

    /** Whatever is asked is answered or refused: pieces of every grammar that a search might be mistaken for. */
    @Test
    void noQueryIsAFault() throws Exception {
        String[] pieces = {
            "http",
            "wasi:",
            "\"",
            "-",
            ":",
            "@",
            "/",
            "*",
            "?",
            "~",
            "^",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "+",
            "&&",
            "||",
            "!",
            "\\",
            "AND",
            "OR",
            "NOT",
            "TO",
            " ",
            "\u0000",
            "\n",
            "\ud800",
            "\udc00",
            "é",
            "漢字",
            "ひ",
            "😀",
            "kind:",
            "exports:",
            "component",
            "_",
            ".",
            "0.2",
            "x@1",
            "' OR 1=1 --",
            "<script>",
            "%",
            "{$ne:1}",
            "${x}",
            "\u202e",
            "ß",
            "İ",
            "yanked:yes",
            "ns:a",
            "a-b-c",
            "-".repeat(40),
            "a".repeat(70)
        };
        Random random = new Random(6);
        try (OpenSearch search = new OpenSearch()) {
            search.release(
                    "test:http-a", "1.0.0", Wits.packageOf("package test:http-a@1.0.0; interface i { f: func(); }"));
            search.follow();
            int answered = 0;
            for (int i = 0; i < 8_000; i++) {
                StringBuilder query = new StringBuilder();
                for (int n = random.nextInt(7); n >= 0; n--) {
                    query.append(pieces[random.nextInt(pieces.length)]);
                }
                try {
                    search.search(query.toString());
                    search.suggestions(query.toString());
                    answered++;
                } catch (QueryRefused refused) {
                    assertThat(refused.place()).isBetween(0, query.length());
                }
            }
            assertThat(answered).isGreaterThan(2_000);
        }
    }
}

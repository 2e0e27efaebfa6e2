package dev.lair.server.search;

import java.util.ArrayList;
import java.util.List;

/**
 * A query as it was written (docs/API.md, "Search"):
 *
 * <pre>
 * query   = term *( SPACE term )
 * term    = [ "-" ] ( phrase / filter / word )
 * phrase  = DQUOTE text DQUOTE
 * filter  = key ":" ( phrase / value )        ; key is one of {@link Filters}, in any case
 * word    = anything without spaces
 * </pre>
 *
 * A word may have colons, as {@code wasi:http} has, as long as it does not begin with the key of a filter. What is no letter
 * and no digit separates; there is nothing to escape.
 */
record ParsedQuery(List<Term> terms) {

    /** One term. */
    sealed interface Term {

        /** Whether packages that have it are left out. */
        boolean isExcluded();
    }

    /** In lower case. */
    record Word(String text, boolean isExcluded) implements Term {}

    /** Single words in lower case, one behind the other. */
    record Phrase(List<String> words, boolean isExcluded) implements Term {}

    /** The value in lower case. */
    record Filter(Filters filter, String value, boolean isExcluded) implements Term {}

    /** Reads a query. */
    static ParsedQuery parse(String text) throws QueryRefused {
        if (text.length() > SearchLimits.QUERY_CHARACTERS) {
            throw new QueryRefused(
                    SearchLimits.QUERY_CHARACTERS,
                    "a query has at most " + SearchLimits.QUERY_CHARACTERS + " characters, this one has "
                            + text.length());
        }
        return new Reader(text).query();
    }

    boolean hasWords() {
        return terms.stream().anyMatch(term -> !term.isExcluded() && !(term instanceof Filter));
    }

    private static final class Reader {

        private final String text;
        private final List<Term> terms = new ArrayList<>();
        private int at;

        Reader(String text) {
            this.text = text;
        }

        ParsedQuery query() throws QueryRefused {
            skipSpace();
            while (at < text.length()) {
                term();
                if (terms.size() > SearchLimits.QUERY_TERMS) {
                    throw new QueryRefused(
                            at, "a query has at most " + SearchLimits.QUERY_TERMS + " words, phrases and filters");
                }
                skipSpace();
            }
            if (terms.isEmpty() && !text.isBlank()) {
                throw new QueryRefused(0, "`" + text.strip() + "` has no letter and no digit to search for");
            }
            return new ParsedQuery(List.copyOf(terms));
        }

        private void skipSpace() {
            while (at < text.length() && isSpace(text.charAt(at))) {
                at++;
            }
        }

        private static boolean isSpace(char each) {
            return Character.isWhitespace(each) || Character.isISOControl(each) || Character.isSpaceChar(each);
        }

        private void term() throws QueryRefused {
            boolean isExcluded = text.charAt(at) == '-' && at + 1 < text.length() && !isSpace(text.charAt(at + 1));
            int start = isExcluded ? at + 1 : at;
            at = start;
            if (text.charAt(at) == '"') {
                phrase(quoted(), isExcluded);
                return;
            }
            int end = at;
            while (end < text.length() && !isSpace(text.charAt(end)) && text.charAt(end) != '"') {
                end++;
            }
            int colon = text.indexOf(':', at);
            if (colon > at && colon < end) {
                var filter = Filters.of(Cards.folded(text.substring(at, colon)));
                if (filter.isPresent()) {
                    filter(filter.get(), colon + 1, end, isExcluded);
                    return;
                }
            }
            at = end;
            String word = text.substring(start, end);
            if (!Words.runs(word).isEmpty()) {
                terms.add(new Word(Cards.folded(word), isExcluded));
            }
        }

        private void phrase(String quoted, boolean isExcluded) {
            List<String> words = Words.runs(quoted);
            if (!words.isEmpty()) {
                terms.add(new Phrase(words, isExcluded));
            }
        }

        private void filter(Filters filter, int start, int end, boolean isExcluded) throws QueryRefused {
            at = start;
            String value;
            if (at < text.length() && text.charAt(at) == '"') {
                value = quoted();
            } else {
                value = text.substring(start, end);
                at = end;
            }
            value = Cards.folded(value.strip());
            if (value.isEmpty()) {
                throw new QueryRefused(start, "filter `" + filter.key() + ":` needs a value behind the colon");
            }
            String objection = filter.objection(value);
            if (objection != null) {
                throw new QueryRefused(
                        start, "filter `" + filter.key() + ":` does not take `" + value + "`: " + objection);
            }
            terms.add(new Filter(filter, value, isExcluded));
        }

        /** What stands between the quote here and the next one. */
        private String quoted() throws QueryRefused {
            int start = at;
            int end = text.indexOf('"', at + 1);
            if (end < 0) {
                throw new QueryRefused(start, "the quotation that begins here has no end; write another \"");
            }
            at = end + 1;
            return text.substring(start + 1, end);
        }
    }
}

package dev.lair.server.search;

import dev.lair.registry.api.SearchDocuments.Match;
import dev.lair.registry.api.SearchDocuments.Segment;
import dev.lair.server.search.ParsedQuery.Filter;
import dev.lair.server.search.ParsedQuery.Phrase;
import dev.lair.server.search.ParsedQuery.Term;
import dev.lair.server.search.ParsedQuery.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Marks the words of a query in what is shown. Texts are cut into segments and never changed: nothing here is markup. */
final class Marks {

    private static final String CUT = "…";

    private final Set<String> stems = new HashSet<>();
    private String prefix = "";

    /** Characters of a text. */
    private record Found(int start, int end) {}

    private Marks() {}

    static Marks of(ParsedQuery query) {
        Marks marks = new Marks();
        for (Term term : query.terms()) {
            if (!term.isExcluded()) {
                List<String> runs =
                        switch (term) {
                            case Word word -> Words.runs(word.text());
                            case Phrase phrase -> phrase.words();
                            case Filter filter -> List.of();
                        };
                runs.forEach(run -> marks.stems.add(Words.stem(run)));
                marks.prefix = term instanceof Word && !runs.isEmpty() ? runs.getLast() : "";
            }
        }
        return marks;
    }

    /** Whether there is nothing to mark. */
    boolean isEmpty() {
        return stems.isEmpty();
    }

    /** The text in segments; together they are the text. */
    List<Segment> mark(String text) {
        List<Segment> segments = new ArrayList<>();
        int done = 0;
        for (Found each : found(text)) {
            if (each.start() > done) {
                segments.add(new Segment(text.substring(done, each.start()), false));
            }
            segments.add(new Segment(text.substring(each.start(), each.end()), true));
            done = each.end();
        }
        if (done < text.length()) {
            segments.add(new Segment(text.substring(done), false));
        }
        return segments;
    }

    /** What of the query does not stand in these texts. */
    Marks without(List<String> texts) {
        Marks left = new Marks();
        left.stems.addAll(stems);
        left.prefix = prefix;
        for (String text : texts) {
            for (Words.Word word : Words.of(text)) {
                if (!word.isWhole()) {
                    left.stems.remove(Words.stem(word.text()));
                    if (!left.prefix.isEmpty() && word.text().startsWith(left.prefix)) {
                        left.stems.remove(Words.stem(left.prefix));
                        left.prefix = "";
                    }
                }
            }
        }
        if (!left.stems.contains(Words.stem(left.prefix))) {
            left.prefix = "";
        }
        return left;
    }

    /** Names in which something of the query stands, the one with the most first. */
    void names(String where, List<String> names, int limit, List<Match> matches) {
        String bestName = "";
        int best = 0;
        for (String name : names) {
            int marked = found(name).size();
            if (marked > best) {
                best = marked;
                bestName = name;
            }
        }
        if (best > 0 && matches.size() < limit) {
            matches.add(new Match(where, mark(bestName)));
        }
    }

    /** The text around the first place where something of the query stands. */
    void text(String where, String text, int limit, List<Match> matches) {
        List<Found> found = found(text);
        if (found.isEmpty() || matches.size() >= limit) {
            return;
        }
        int at = found.getFirst().start();
        int start = wordStart(text, Math.max(0, at - SearchLimits.QUOTATION_CHARACTERS / 3), at);
        int end = wordEnd(
                text,
                Math.min(text.length(), start + SearchLimits.QUOTATION_CHARACTERS),
                found.getFirst().end());
        String quotation =
                text.substring(start, end).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        matches.add(new Match(where, mark((start > 0 ? CUT : "") + quotation + (end < text.length() ? CUT : ""))));
    }

    private static int wordStart(String text, int from, int until) {
        if (from == 0) {
            return 0;
        }
        int at = from;
        while (at < until && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int wordEnd(String text, int from, int until) {
        if (from == text.length()) {
            return from;
        }
        int at = from;
        while (at > until && !Character.isWhitespace(text.charAt(at))) {
            at--;
        }
        return Math.max(at, until);
    }

    private List<Found> found(String text) {
        List<Found> found = new ArrayList<>();
        for (Words.Word word : Words.of(text)) {
            if (!word.isWhole()) {
                if (stems.contains(Words.stem(word.text()))) {
                    found.add(new Found(word.start(), word.end()));
                } else if (!prefix.isEmpty() && word.text().startsWith(prefix)) {
                    found.add(new Found(word.start(), word.start() + prefix.length()));
                }
            }
        }
        return found;
    }
}

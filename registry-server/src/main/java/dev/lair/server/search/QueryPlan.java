package dev.lair.server.search;

import dev.lair.server.search.ParsedQuery.Filter;
import dev.lair.server.search.ParsedQuery.Phrase;
import dev.lair.server.search.ParsedQuery.Term;
import dev.lair.server.search.ParsedQuery.Word;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/**
 * Turns a query into one of Lucene, and so fixes the ranking (docs/API.md, "Search"). Each word has to be found somewhere; it
 * counts as much as the best place where it is found says. Words add up. Places count fixed numbers, not statistics: the order
 * can be foretold, and no package moves because of another.
 */
final class QueryPlan {

    /** Steps are so far apart that a few words in lower places do not outweigh one in a higher. */
    private static final float FULL_NAME = 4_000;

    private static final float NAME = 2_000;
    private static final float NAMES_TOGETHER = 1_000;
    private static final float NAME_PREFIX = 500;
    private static final float NAME_RUN = 400;
    private static final float NAMESPACE = 200;
    private static final float OFFER = 120;
    private static final float OFFER_RUN = 80;
    private static final float OLDER = 50;
    private static final float OLDER_RUN = 45;
    private static final float ITEM = 40;
    private static final float ITEM_RUN = 34;
    private static final float IMPORT = 28;
    private static final float IMPORT_RUN = 26;
    private static final float NAME_RUN_PREFIX = 24;
    private static final float OFFER_PREFIX = 23;
    private static final float ITEM_PREFIX = 22;
    private static final float DESCRIPTION = 20;
    private static final float DESCRIPTION_PREFIX = 8;
    private static final float TEXT = 6;

    private static final int SHORTEST_PREFIX = 2;
    private static final int SHORTEST_TEXT_PREFIX = 3;
    private static final int SHORTEST_NEAR = 4;
    private static final int LONG_NEAR = 8;

    private final boolean isNear;

    private QueryPlan(boolean isNear) {
        this.isNear = isNear;
    }

    /** The query as it was written. */
    static Query exact(ParsedQuery query) {
        return new QueryPlan(false).of(query);
    }

    /** The same with near spellings of its words. */
    static Query near(ParsedQuery query) {
        return new QueryPlan(true).of(query);
    }

    private Query of(ParsedQuery query) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        boolean showsYanked = false;
        boolean isNarrowed = false;
        List<Term> terms = query.terms();
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            Query one =
                    switch (term) {
                        case Word word -> word(word.text(), i == terms.size() - 1 && !word.isExcluded());
                        case Phrase phrase -> phrase(phrase.words());
                        case Filter filter -> filter(filter);
                    };
            if (term instanceof Filter filter && filter.filter() == Filters.YANKED && !filter.isExcluded()) {
                showsYanked = true;
                if (filter.value().equals("yes")) {
                    continue;
                }
            }
            if (term.isExcluded()) {
                all.add(one, Occur.MUST_NOT);
            } else {
                isNarrowed = true;
                all.add(one, term instanceof Filter ? Occur.FILTER : Occur.MUST);
            }
        }
        together(plainWords(terms), all);
        if (!isNarrowed) {
            all.add(new MatchAllDocsQuery(), Occur.FILTER);
        }
        if (!showsYanked) {
            all.add(term(Documents.FILTER, Documents.YANKED), Occur.MUST_NOT);
        }
        return all.build();
    }

    private static List<String> plainWords(List<Term> terms) {
        List<String> words = new ArrayList<>();
        for (Term term : terms) {
            if (!term.isExcluded() && term instanceof Word word) {
                words.add(word.text());
            }
        }
        return words;
    }

    /** People write {@code http server} and mean {@code http-server}, {@code wasi http} and mean {@code wasi:http}. */
    private static void together(List<String> words, BooleanQuery.Builder all) {
        if (words.size() < 2) {
            return;
        }
        String joined = String.join("-", words);
        all.add(counting(NAMES_TOGETHER, term(Documents.NAME, joined)), Occur.SHOULD);
        all.add(counting(OFFER, term(Documents.OFFER, joined)), Occur.SHOULD);
        all.add(counting(OLDER, term(Documents.OLDER, joined)), Occur.SHOULD);
        all.add(counting(ITEM, term(Documents.ITEM, joined)), Occur.SHOULD);
        all.add(counting(IMPORT, term(Documents.IMPORT, joined)), Occur.SHOULD);
        String name = String.join("-", words.subList(1, words.size()));
        all.add(counting(NAMES_TOGETHER, term(Documents.ID, words.getFirst() + ":" + name)), Occur.SHOULD);
        List<String> runs =
                words.stream().flatMap(word -> Words.runs(word).stream()).toList();
        all.add(new BoostQuery(prosePhrase(Documents.DESCRIPTION, runs), DESCRIPTION), Occur.SHOULD);
        all.add(new BoostQuery(prosePhrase(Documents.TEXT, runs), TEXT), Occur.SHOULD);
    }

    private static Query filter(Filter filter) {
        return term(Documents.FILTER, filter.filter().term(filter.value()));
    }

    private Query word(String word, boolean isLast) {
        List<Query> places = new ArrayList<>();
        String name = withoutVersion(word);
        List<String> runs = Words.runs(name);
        places.add(counting(FULL_NAME, term(Documents.ID, name)));
        places.add(counting(NAME, term(Documents.NAME, name)));
        places.add(counting(NAMESPACE, term(Documents.NAMESPACE, name)));
        places.add(counting(OFFER, term(Documents.OFFER, word)));
        places.add(counting(OLDER, term(Documents.OLDER, word)));
        places.add(counting(ITEM, term(Documents.ITEM, word)));
        places.add(counting(IMPORT, term(Documents.IMPORT, word)));
        places.add(counting(NAME_RUN, every(Documents.NAME_RUN, runs)));
        places.add(counting(OFFER_RUN, every(Documents.OFFER_RUN, runs)));
        places.add(counting(OLDER_RUN, every(Documents.OLDER_RUN, runs)));
        places.add(counting(ITEM_RUN, every(Documents.ITEM_RUN, runs)));
        places.add(counting(IMPORT_RUN, every(Documents.IMPORT_RUN, runs)));
        places.add(new BoostQuery(prose(Documents.DESCRIPTION, runs), DESCRIPTION));
        places.add(new BoostQuery(prose(Documents.TEXT, runs), TEXT));
        if (isLast) {
            prefixes(name, runs, places);
        }
        if (isNear) {
            near(name, runs, places);
        }
        return new DisjunctionMaxQuery(places, 0);
    }

    private static void prefixes(String name, List<String> runs, List<Query> places) {
        places.add(counting(NAME_PREFIX, prefix(Documents.NAME, name)));
        if (name.indexOf(':') > 0) {
            places.add(counting(NAME_PREFIX, prefix(Documents.ID, name)));
            places.add(counting(OFFER_PREFIX, prefix(Documents.OFFER, name)));
        }
        if (name.length() < SHORTEST_PREFIX) {
            return;
        }
        places.add(counting(NAME_RUN_PREFIX, prefixOfLast(Documents.NAME_RUN, runs)));
        places.add(counting(OFFER_PREFIX, prefixOfLast(Documents.OFFER_RUN, runs)));
        places.add(counting(ITEM_PREFIX, prefixOfLast(Documents.ITEM_RUN, runs)));
        // Not in README and docs: whoever types http does not want every page with a link.
        if (runs.size() == 1 && name.length() >= SHORTEST_TEXT_PREFIX) {
            places.add(counting(DESCRIPTION_PREFIX, prefixOfLast(Documents.DESCRIPTION, runs)));
        }
    }

    private static void near(String name, List<String> runs, List<Query> places) {
        places.add(counting(NAME_PREFIX, nearTerm(Documents.NAME, name)));
        places.add(counting(NAME_RUN, everyNear(Documents.NAME_RUN, runs)));
        places.add(counting(OFFER_RUN, everyNear(Documents.OFFER_RUN, runs)));
        places.add(counting(OLDER_RUN, everyNear(Documents.OLDER_RUN, runs)));
        places.add(counting(ITEM_RUN, everyNear(Documents.ITEM_RUN, runs)));
        places.add(counting(DESCRIPTION, everyNear(Documents.DESCRIPTION, runs)));
    }

    /** Names that begin so: a name that is exactly this counts most, one that begins with it more than a run of it. */
    static Query suggesting(String field, String prefix) {
        float weight =
                switch (field) {
                    case Documents.NAME -> NAME_PREFIX;
                    case Documents.ID -> NAME_RUN;
                    default -> NAME_RUN_PREFIX;
                };
        return new DisjunctionMaxQuery(
                List.of(counting(weight, prefix(field, prefix)), counting(FULL_NAME, term(field, prefix))), 0);
    }

    private static Query phrase(List<String> words) {
        List<Query> places = new ArrayList<>();
        String joined = String.join("-", words);
        places.add(counting(NAME, term(Documents.NAME, joined)));
        places.add(counting(OFFER, term(Documents.OFFER, joined)));
        places.add(counting(OLDER, term(Documents.OLDER, joined)));
        places.add(counting(ITEM, term(Documents.ITEM, joined)));
        places.add(counting(IMPORT, term(Documents.IMPORT, joined)));
        if (words.size() == 1) {
            places.add(counting(NAME_RUN, every(Documents.NAME_RUN, words)));
            places.add(counting(OFFER_RUN, every(Documents.OFFER_RUN, words)));
            places.add(counting(ITEM_RUN, every(Documents.ITEM_RUN, words)));
        }
        places.add(new BoostQuery(prosePhrase(Documents.DESCRIPTION, words), DESCRIPTION));
        places.add(new BoostQuery(prosePhrase(Documents.TEXT, words), TEXT));
        return new DisjunctionMaxQuery(places, 0);
    }

    private static String withoutVersion(String word) {
        int at = word.indexOf('@');
        return at <= 0 ? word : word.substring(0, at);
    }

    private static Query counting(float weight, Query query) {
        return new BoostQuery(new ConstantScoreQuery(query), weight);
    }

    private static Query term(String field, String text) {
        return new TermQuery(new org.apache.lucene.index.Term(field, text));
    }

    private static Query prefix(String field, String text) {
        return new PrefixQuery(new org.apache.lucene.index.Term(field, text));
    }

    private static Query every(String field, List<String> runs) {
        return runs.size() == 1
                ? term(field, runs.getFirst())
                : all(runs.stream().map(run -> term(field, run)).toList());
    }

    private static Query prefixOfLast(String field, List<String> runs) {
        List<Query> each = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            each.add(i == runs.size() - 1 ? prefix(field, runs.get(i)) : term(field, runs.get(i)));
        }
        return all(each);
    }

    private static Query everyNear(String field, List<String> runs) {
        return all(runs.stream().map(run -> nearTerm(field, run)).toList());
    }

    private static Query nearTerm(String field, String run) {
        if (run.length() < SHORTEST_NEAR) {
            return term(field, run);
        }
        int edits = run.length() < LONG_NEAR ? 1 : 2;
        return new FuzzyQuery(new org.apache.lucene.index.Term(field, run), edits, 1, SearchLimits.EXPANSIONS, true);
    }

    private static Query all(List<Query> queries) {
        if (queries.size() == 1) {
            return queries.getFirst();
        }
        BooleanQuery.Builder every = new BooleanQuery.Builder();
        queries.forEach(query -> every.add(query, Occur.MUST));
        return every.build();
    }

    /** One word as it is; what falls into several has to stand together. */
    private static Query prose(String field, List<String> runs) {
        return runs.size() == 1 ? term(field, Words.stem(runs.getFirst())) : prosePhrase(field, runs);
    }

    private static Query prosePhrase(String field, List<String> words) {
        PhraseQuery.Builder phrase = new PhraseQuery.Builder();
        words.forEach(word -> phrase.add(new org.apache.lucene.index.Term(field, Words.stem(word))));
        return phrase.build();
    }
}

package dev.lair.server.search;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.SearchDocuments.Hit;
import dev.lair.registry.api.SearchDocuments.Match;
import dev.lair.registry.api.SearchDocuments.Results;
import dev.lair.registry.api.SearchDocuments.Suggestion;
import dev.lair.registry.api.SearchDocuments.Suggestions;
import dev.lair.server.search.HitCollector.Ranked;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Answers questions from one view of the index. */
final class Searching {

    private static final Set<String> FIELDS = Set.of(Documents.SHOWN, Documents.QUOTED);

    private final View view;

    Searching(View view) {
        this.view = view;
    }

    Results results(SearchRequest request) throws QueryRefused, IOException {
        ParsedQuery query = ParsedQuery.parse(request.query());
        String cursor = request.cursor();
        Ranked after = cursor == null ? null : SearchCursor.parse(request.query(), cursor);
        // One more than is shown: whether there is another page.
        HitCollector found = collect(QueryPlan.exact(query), request.limit() + 1, after);
        boolean isApproximate = false;
        if (found.total() == 0 && query.hasWords()) {
            found = collect(QueryPlan.near(query), request.limit() + 1, after);
            isApproximate = found.total() > 0;
        }
        List<Ranked> ranked = found.best();
        List<Ranked> best = ranked.subList(0, Math.min(request.limit(), ranked.size()));
        Marks marks = Marks.of(query);
        StoredFields stored = view.reader().storedFields();
        List<Hit> hits = new ArrayList<>();
        for (Ranked each : best) {
            hits.add(hit(each, stored.document(each.document(), FIELDS), marks));
        }
        return new Results(
                request.query(),
                found.total(),
                isApproximate,
                view.treeSize(),
                hits,
                found.facets(),
                ranked.size() == best.size() ? null : SearchCursor.format(request.query(), best.getLast()));
    }

    private HitCollector collect(Query query, int limit, @Nullable Ranked after) throws IOException {
        return view.searcher().search(query, new HitCollector(view, limit, after).manager());
    }

    private static Hit hit(Ranked ranked, Document stored, Marks marks) throws IOException {
        Documents.Shown shown = ApiJson.readCompressed(bytes(stored, Documents.SHOWN), Documents.Shown.class);
        return new Hit(
                ranked.name(),
                shown.version(),
                shown.kind(),
                shown.yanked(),
                marks.mark(ranked.name()),
                marks.mark(shown.description()),
                matches(ranked.name(), shown, stored, marks),
                shown.capabilities(),
                shown.licenses(),
                shown.toolchain(),
                shown.provenance(),
                shown.releasedAt(),
                ranked.dependants());
    }

    /** Where those words stand that neither the name nor the description has. */
    private static List<Match> matches(String name, Documents.Shown shown, Document stored, Marks marks)
            throws IOException {
        Marks left = marks.without(List.of(name, shown.description()));
        if (left.isEmpty()) {
            return List.of();
        }
        Documents.Quoted quoted = ApiJson.readCompressed(bytes(stored, Documents.QUOTED), Documents.Quoted.class);
        List<Match> matches = new ArrayList<>();
        left.names("interface", quoted.interfaces(), SearchLimits.MATCHES, matches);
        left.names("world", quoted.worlds(), SearchLimits.MATCHES, matches);
        left.names("item", quoted.items(), SearchLimits.MATCHES, matches);
        left.names("import", quoted.imports(), SearchLimits.MATCHES, matches);
        left.text("text", quoted.text(), SearchLimits.MATCHES, matches);
        return matches;
    }

    private static byte[] bytes(Document stored, String field) {
        BytesRef value = Objects.requireNonNull(stored.getBinaryValue(field), field);
        return BytesRef.deepCopyOf(value).bytes;
    }

    /** Packages first, then interfaces and worlds, each in the order of names. */
    Suggestions suggestions(String query, int limit) throws IOException {
        String prefix = query.strip().toLowerCase(Locale.ROOT);
        Map<String, Suggestion> found = new LinkedHashMap<>();
        if (!prefix.isEmpty() && prefix.length() <= SearchLimits.QUERY_CHARACTERS) {
            for (String name : packages(prefix, limit)) {
                found.put(name, new Suggestion(name, "package"));
            }
            names(Documents.SUGGEST_INTERFACE, prefix, "interface", limit, found);
            names(Documents.SUGGEST_WORLD, prefix, "world", limit, found);
        }
        return new Suggestions(query, found.values().stream().limit(limit).toList());
    }

    private List<String> packages(String prefix, int limit) throws IOException {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (String field : List.of(Documents.ID, Documents.NAME, Documents.NAME_RUN)) {
            any.add(QueryPlan.suggesting(field, prefix), Occur.SHOULD);
        }
        BooleanQuery query = new BooleanQuery.Builder()
                .add(any.build(), Occur.MUST)
                .add(new TermQuery(new Term(Documents.FILTER, Documents.YANKED)), Occur.MUST_NOT)
                .build();
        return collect(query, limit, null).best().stream().map(Ranked::name).toList();
    }

    /** Names without their versions, whose path or item begins so. */
    private void names(String field, String prefix, String kind, int limit, Map<String, Suggestion> found)
            throws IOException {
        Terms terms = MultiTerms.getTerms(view.reader(), field);
        if (terms == null) {
            return;
        }
        TermsEnum each = terms.iterator();
        if (each.seekCeil(new BytesRef(prefix)) == TermsEnum.SeekStatus.END) {
            return;
        }
        for (int looked = 0; looked < SearchLimits.SUGGESTED_FROM && found.size() < limit; looked++) {
            String term = each.term().utf8ToString();
            if (!term.startsWith(prefix)) {
                return;
            }
            String name = term.substring(term.indexOf(' ') + 1);
            found.putIfAbsent(name, new Suggestion(name, kind));
            if (each.next() == null) {
                return;
            }
        }
    }
}

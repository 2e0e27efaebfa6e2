package dev.lair.server.search;

import dev.lair.registry.api.SearchDocuments.Facet;
import dev.lair.registry.api.SearchDocuments.FacetValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.jspecify.annotations.Nullable;

/** Sees every match once: counts it, counts its facets, and keeps it while it is among the best behind the cursor. */
final class HitCollector extends SimpleCollector {

    /** Facets in the order in which they are shown. */
    private static final List<Filters> SHOWN = List.of(
            Filters.KIND,
            Filters.EXPORTS,
            Filters.IMPORTS,
            Filters.CAPABILITY,
            Filters.PROVENANCE,
            Filters.LICENSE,
            Filters.TOOLCHAIN);

    /** A match and its place among others: by score, then by dependants, then by name. */
    record Ranked(float score, int dependants, String name, int document) {

        static final Comparator<Ranked> BEST_FIRST = Comparator.comparing(Ranked::score, Comparator.reverseOrder())
                .thenComparing(Ranked::dependants, Comparator.reverseOrder())
                .thenComparing(Ranked::name);
    }

    private final View view;
    private final int limit;
    private final @Nullable Ranked after;
    private final PriorityQueue<Ranked> best = new PriorityQueue<>(Ranked.BEST_FIRST.reversed());
    private final Map<String, Integer> facets = new HashMap<>();
    private int total;

    private @Nullable Scorable scorer;
    private int base;
    private String[] names = {};
    private int[] dependants = {};
    private LeafColumns.Column column = new LeafColumns.Column(new String[0], new int[0], new int[0]);
    private int[] counts = {};

    /**
     * A collector of one search.
     *
     * @param after the last hit of the page before
     */
    HitCollector(View view, int limit, @Nullable Ranked after) {
        this.view = view;
        this.limit = limit;
        this.after = after;
    }

    /** Hands this one out: a view is searched by one thread. */
    CollectorManager<HitCollector, HitCollector> manager() {
        return new CollectorManager<>() {
            @Override
            public HitCollector newCollector() {
                return HitCollector.this;
            }

            @Override
            public HitCollector reduce(Collection<HitCollector> collectors) {
                finishLeaf();
                return HitCollector.this;
            }
        };
    }

    @Override
    protected void doSetNextReader(LeafReaderContext leaf) {
        finishLeaf();
        base = leaf.docBase;
        LeafColumns columns = view.columns(leaf);
        names = columns.names();
        dependants = view.dependants(leaf);
        column = columns.facets();
        counts = new int[column.values().length];
    }

    @Override
    public void setScorer(Scorable scorer) {
        this.scorer = scorer;
    }

    @Override
    public void collect(int document) throws IOException {
        total++;
        for (int i = column.starts()[document]; i < column.starts()[document + 1]; i++) {
            counts[column.places()[i]]++;
        }
        float score = scorer == null ? 0 : scorer.score();
        Ranked worst = best.size() < limit ? null : best.peek();
        if (worst != null
                && (score < worst.score() || (score == worst.score() && dependants[document] < worst.dependants()))) {
            return;
        }
        Ranked match = new Ranked(score, dependants[document], names[document], base + document);
        if (after != null && Ranked.BEST_FIRST.compare(match, after) <= 0) {
            return;
        }
        best.add(match);
        if (best.size() > limit) {
            best.remove();
        }
    }

    private void finishLeaf() {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                facets.merge(column.values()[i], counts[i], Integer::sum);
            }
        }
        counts = new int[0];
    }

    @Override
    public ScoreMode scoreMode() {
        return ScoreMode.COMPLETE;
    }

    int total() {
        return total;
    }

    List<Ranked> best() {
        return best.stream().sorted(Ranked.BEST_FIRST).toList();
    }

    /** The facets that have values. */
    List<Facet> facets() {
        Map<String, List<FacetValue>> byKey = new HashMap<>();
        facets.forEach((term, count) -> {
            int colon = term.indexOf(':');
            byKey.computeIfAbsent(term.substring(0, colon), key -> new ArrayList<>())
                    .add(new FacetValue(term.substring(colon + 1), count));
        });
        Comparator<FacetValue> frequentFirst = Comparator.comparing(FacetValue::count, Comparator.reverseOrder())
                .thenComparing(FacetValue::value);
        return SHOWN.stream()
                .flatMap(filter -> {
                    List<FacetValue> values = byKey.get(filter.key());
                    return values == null
                            ? Stream.empty()
                            : Stream.of(new Facet(
                                    filter.key(),
                                    values.stream()
                                            .sorted(frequentFirst)
                                            .limit(SearchLimits.FACET_VALUES)
                                            .toList()));
                })
                .toList();
    }
}

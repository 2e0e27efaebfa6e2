package dev.lair.server.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.Bits;

/** The index as it was at one moment. Many may read it; it is closed when the last of them, and the index, let go of it. */
final class View {

    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private final long treeSize;
    private final List<LeafColumns> columns;
    private final int[][] dependants;

    private View(DirectoryReader reader, long treeSize, List<LeafColumns> columns) {
        this.reader = reader;
        this.searcher = new IndexSearcher(reader);
        this.searcher.setSimilarity(SearchIndex.SIMILARITY);
        // Queries differ more than they repeat; what repeats is remembered as the answer.
        this.searcher.setQueryCache(null);
        this.treeSize = treeSize;
        this.columns = columns;
        this.dependants = dependants();
    }

    /** Columns of segments that are open, each by its key. */
    static final class Known {

        private final Map<IndexReader.CacheKey, LeafColumns> columns = new ConcurrentHashMap<>();

        /** Takes a reader over. */
        View view(DirectoryReader reader, long treeSize) {
            List<LeafColumns> all = reader.leaves().stream()
                    .map(LeafReaderContext::reader)
                    .map(this::of)
                    .toList();
            return new View(reader, treeSize, all);
        }

        private LeafColumns of(LeafReader leaf) {
            IndexReader.CacheHelper segment = leaf.getCoreCacheHelper();
            LeafColumns known = columns.get(segment.getKey());
            if (known == null) {
                known = LeafColumns.read(leaf);
                columns.put(segment.getKey(), known);
                try {
                    segment.addClosedListener(columns::remove);
                } catch (RuntimeException closed) {
                    columns.remove(segment.getKey());
                    throw closed;
                }
            }
            return known;
        }
    }

    /** How many packages refer to the package of each document. */
    private int[][] dependants() {
        Map<String, Integer> counts = new HashMap<>();
        for (LeafReaderContext leaf : reader.leaves()) {
            LeafColumns.Column column = columns.get(leaf.ord).dependencies();
            int[] count = new int[column.values().length];
            Bits live = leaf.reader().getLiveDocs();
            for (int document = 0; document < leaf.reader().maxDoc(); document++) {
                if (live == null || live.get(document)) {
                    for (int i = column.starts()[document]; i < column.starts()[document + 1]; i++) {
                        count[column.places()[i]]++;
                    }
                }
            }
            for (int i = 0; i < count.length; i++) {
                if (count[i] > 0) {
                    counts.merge(column.values()[i], count[i], Integer::sum);
                }
            }
        }
        int[][] all = new int[columns.size()][];
        for (int leaf = 0; leaf < all.length; leaf++) {
            String[] names = columns.get(leaf).names();
            all[leaf] = new int[names.length];
            for (int document = 0; document < names.length; document++) {
                all[leaf][document] = counts.getOrDefault(names[document], 0);
            }
        }
        return all;
    }

    DirectoryReader reader() {
        return reader;
    }

    IndexSearcher searcher() {
        return searcher;
    }

    /** Leaves of the ledger that it knows of. */
    long treeSize() {
        return treeSize;
    }

    LeafColumns columns(LeafReaderContext leaf) {
        return columns.get(leaf.ord);
    }

    int[] dependants(LeafReaderContext leaf) {
        return dependants[leaf.ord];
    }

    /** Whether it could be held; a view that was let go by the index cannot. */
    boolean hold() {
        return reader.tryIncRef();
    }

    void release() {
        try {
            reader.decRef();
        } catch (IOException e) {
            throw new UncheckedIOException("the search index cannot be closed", e);
        }
    }
}

package dev.lair.server.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SortedSetDocValues;

/**
 * What is looked at for each match of a segment, as arrays: names, facets, dependencies. A segment never changes, so that they
 * are read once; about two hundred bytes a package.
 *
 * @param names of the package of each document
 * @param facets {@code key:value} of each
 * @param dependencies {@code ns:name} of each
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record LeafColumns(String[] names, Column facets, Column dependencies) {

    /**
     * Some values for each document.
     *
     * @param values sorted
     * @param starts where the places of a document begin; those of the last end at the last start
     * @param places in {@code values}
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared; reading them is what costs.
    record Column(String[] values, int[] starts, int[] places) {

        static Column read(LeafReader leaf, String field) throws IOException {
            SortedSetDocValues stored = DocValues.getSortedSet(leaf, field);
            String[] values = new String[(int) stored.getValueCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = stored.lookupOrd(i).utf8ToString();
            }
            int[] starts = new int[leaf.maxDoc() + 1];
            int[] places = new int[16];
            int filled = 0;
            for (int document = 0; document < leaf.maxDoc(); document++) {
                starts[document] = filled;
                if (stored.advanceExact(document)) {
                    int count = stored.docValueCount();
                    if (filled + count > places.length) {
                        places = Arrays.copyOf(places, Math.max(filled + count, 2 * places.length));
                    }
                    for (int i = 0; i < count; i++) {
                        places[filled++] = (int) stored.nextOrd();
                    }
                }
            }
            starts[leaf.maxDoc()] = filled;
            return new Column(values, starts, Arrays.copyOf(places, filled));
        }
    }

    static LeafColumns read(LeafReader leaf) {
        try {
            String[] names = new String[leaf.maxDoc()];
            BinaryDocValues stored = DocValues.getBinary(leaf, Documents.ID);
            for (int document = 0; document < names.length; document++) {
                names[document] =
                        stored.advanceExact(document) ? stored.binaryValue().utf8ToString() : "";
            }
            return new LeafColumns(names, Column.read(leaf, Documents.FACET), Column.read(leaf, Documents.DEPENDENCY));
        } catch (IOException e) {
            throw new UncheckedIOException("the search index cannot be read", e);
        }
    }
}

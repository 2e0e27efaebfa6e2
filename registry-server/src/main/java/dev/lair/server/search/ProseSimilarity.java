package dev.lair.server.search;

import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.util.SmallFloat;

/**
 * How well prose fits a word: from half to the whole of the field's weight, more the oftener the word stands in it and the
 * shorter it is. It looks at nothing but the one document, so that an index that followed the ledger ranks as one that was made
 * anew, and no package moves because another one was published.
 */
final class ProseSimilarity extends Similarity {

    private static final float LONG = 100;

    @Override
    public SimScorer scorer(float boost, CollectionStatistics collection, TermStatistics... terms) {
        return new SimScorer() {
            @Override
            public float score(float frequency, long norm) {
                float length = SmallFloat.byte4ToInt((byte) norm);
                return boost * (0.5f + 0.5f * frequency / (frequency + 1 + length / LONG));
            }
        };
    }
}

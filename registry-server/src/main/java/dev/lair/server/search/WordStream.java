package dev.lair.server.search;

import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

/** Words that were found already, as Lucene takes them; no text is looked at twice. */
final class WordStream extends TokenStream {

    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final PositionIncrementAttribute step = addAttribute(PositionIncrementAttribute.class);
    private final List<String> words;
    private int next;

    /** Each word at a place of its own, so that phrases are found. */
    WordStream(List<String> words) {
        this.words = words;
    }

    @Override
    public boolean incrementToken() {
        if (next >= words.size()) {
            return false;
        }
        clearAttributes();
        term.append(words.get(next));
        step.setPositionIncrement(1);
        next++;
        return true;
    }

    @Override
    public void reset() {
        next = 0;
    }
}

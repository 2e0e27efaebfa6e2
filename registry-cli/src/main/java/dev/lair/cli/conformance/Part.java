package dev.lair.cli.conformance;

import java.util.List;

/**
 * What came out for one part of a corpus.
 *
 * @param cases cases on which a verdict was asked for
 * @param agree those on which ours is the corpus's
 * @param differ the others that we judge, with both verdicts
 * @param notChecked cases on which we give no verdict, with the reason
 */
public record Part(String name, int cases, int agree, List<Case> differ, List<Case> notChecked) {
    /** A case by its path in the corpus, and what is to say about it. */
    public record Case(String name, String how) {}

    public Part {
        differ = List.copyOf(differ);
        notChecked = List.copyOf(notChecked);
    }
}

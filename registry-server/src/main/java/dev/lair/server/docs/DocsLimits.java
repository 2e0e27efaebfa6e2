package dev.lair.server.docs;

/** Every number of this feature, and why it is what it is. */
final class DocsLimits {

    /** Entries on one page: as many as anybody scrolls through, in about 15 kB of compressed HTML. */
    static final int ENTRIES_A_PAGE = 200;

    /** Characters of text and signatures on one page, so that few long entries fill one too. */
    static final int CHARACTERS_A_PAGE = 60_000;

    /** Fields or cases that one entry shows; what is beyond them goes on in another entry. */
    static final int PARTS_AN_ENTRY = 200;

    /** What an entry weighs besides its text: tags, anchors and its line in the list beside it. */
    static final int ENTRY_CHARACTERS = 250;

    /** The same for a field or case. */
    static final int PART_CHARACTERS = 90;

    /** Characters of one comment that are shown; a page of 40 kB has to hold it beside others. */
    static final int COMMENT_CHARACTERS = 20_000;

    /** Characters of a README that are shown. */
    static final int README_CHARACTERS = 100_000;

    /** Blocks within blocks, and marks within marks: prose needs few, and renderers recurse. */
    static final int MARKDOWN_NESTING = 24;

    /** Characters of a summary in a list. */
    static final int SUMMARY_CHARACTERS = 160;

    /** Lines of raw WIT on one page. */
    static final int RAW_LINES_A_PAGE = 1_500;

    /** Characters of raw WIT on one page: lines have no bound of their own. */
    static final int RAW_CHARACTERS_A_PAGE = 80_000;

    private DocsLimits() {}
}

package dev.lair.server.search;

import java.time.Duration;

/** Every number of this feature that is no setting, and why it is what it is. */
final class SearchLimits {

    /** Characters of a query: a long sentence, and far below what a URL may have. */
    static final int QUERY_CHARACTERS = 256;

    /** Words, phrases and filters of a query: each is looked up in a dozen fields. */
    static final int QUERY_TERMS = 16;

    /** Hits on a page, unless the request says how many. */
    static final int PAGE = 20;

    static final int MAX_PAGE = 100;

    static final int SUGGESTIONS = 10;

    /** Names that are looked at for suggestions before the best are taken. */
    static final int SUGGESTED_FROM = 2_000;

    /** Values of one facet. */
    static final int FACET_VALUES = 20;

    /** Values of one facet that one package counts under: a package with thousands of imports is not found by all of them. */
    static final int FACET_VALUES_OF_PACKAGE = 200;

    /** A word with more characters is no word. */
    static final int WORD_CHARACTERS = 64;

    /** Names of interfaces, types and functions that are indexed of one package, each. */
    static final int NAMES_OF_PACKAGE = 20_000;

    /** Characters of README and docs that are indexed of one package. */
    static final int TEXT_CHARACTERS = 256 * 1024;

    /** Characters of README and docs that are kept to quote from. */
    static final int QUOTED_CHARACTERS = 8 * 1024;

    /** Characters of a description or licence that are kept: these are lines. */
    static final int LINE_CHARACTERS = 500;

    /** Characters of a quotation. */
    static final int QUOTATION_CHARACTERS = 160;

    /** Interfaces, items and imports that are kept of a package to say where a word was found. */
    static final int QUOTED_NAMES = 500;

    /** Places besides the name and the description that a hit names. */
    static final int MATCHES = 3;

    /** Version tracks of a package besides that of its newest release whose names are found too. */
    static final int OLDER_TRACKS = 3;

    /** Terms that a prefix or a near spelling may stand for; the most of them in a registry of 20,000 packages are fewer. */
    static final int EXPANSIONS = 200;

    /** Leaves whose packages are indexed in one step; what a crash between two steps does again. */
    static final int STEP_LEAVES = 100_000;

    /** Ids and records that are read at once. */
    static final int PAGE_OF_LEDGER = 1_000;

    /** Memory of the writer before it makes a segment. */
    static final double WRITER_MB = 32;

    /** How often a node looks whether its own ledger has grown: memory only. */
    static final Duration LOOK = Duration.ofMillis(200);

    /** The same where the database has to be asked. */
    static final Duration LOOK_SHARED = Duration.ofMillis(800);

    /** How long nothing is tried after a failure. */
    static final Duration AFTER_FAILURE = Duration.ofSeconds(15);

    /** The index is made durable this often while it grows; a crash indexes again what came since. */
    static final Duration COMMIT = Duration.ofSeconds(5);

    /** Answers that are remembered, in bytes, as long as the index does not change. */
    static final long REMEMBERED_BYTES = 16L << 20;

    private SearchLimits() {}
}

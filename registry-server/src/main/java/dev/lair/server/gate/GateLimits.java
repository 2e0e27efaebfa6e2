package dev.lair.server.gate;

/** Every number of this feature that is no setting, and why it is what it is. */
final class GateLimits {

    /** Verdicts that are remembered, each of some hundred bytes; with types as {@link #REMEMBERED_WORK} allows. */
    static final long REMEMBERED_VERDICTS = 10_000;

    /**
     * Types that are remembered to compare neighbours with, by the steps that they took to check: real components take under
     * 20,000, and each step may have left a hundred bytes.
     */
    static final long REMEMBERED_WORK = 400_000;

    /** Steps that everything costs that is remembered, so that many small ones are bounded too. */
    static final long LEAST_WORK = 100;

    /**
     * Bytes of the facts of one content as JSON, which each question for them writes: WIT, then everything inside, is left out
     * of what would be larger. WASI's http with all that it refers to takes under a tenth of it.
     */
    static final int FACTS_BYTES = 8 << 20;

    /** Differences with a neighbour that are kept: who broke a hundred items looks at the texts. */
    static final int DIFFERENCES = 100;

    /** Characters of a reason that a record's rejection quotes. */
    static final int REASON_CHARACTERS = 1_000;

    /** Dependencies that are named when they are unknown. */
    static final int NAMED_DEPENDENCIES = 5;

    /** Verdicts about releases that wait to be kept; one that finds the queue full is derived when somebody asks. */
    static final int WAITING_VERDICTS = 1_000;

    /** About 100 MiB with ordinary version texts, if ever so many packages are asked for. */
    static final long KEPT_RELEASES = 500_000;

    private GateLimits() {}
}

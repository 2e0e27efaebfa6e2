package dev.lair.server.gate;

import dev.lair.registry.api.ContentFacts;
import java.time.Duration;

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

    /** Bytes of the facts of one content as JSON. */
    static final int FACTS_BYTES = ContentFacts.MAX_BYTES;

    /**
     * Facts that are read from what is kept, or written as JSON, together: two contents that say as much as they may. Each is
     * held several times meanwhile, as bytes, as records and as the answer.
     */
    static final long TOLD_WORK_BYTES = 2L * FACTS_BYTES;

    /** Answers that are remembered, as they are held: compressed. */
    static final long TOLD_REMEMBERED_BYTES = 32L << 20;

    /** What an answer costs to remember besides its bytes. */
    static final int TOLD_ENTRY_BYTES = 300;

    /** Long answers that are on their way together, compressed, which slow readers hold as long as they like. */
    static final long TOLD_SENDING_BYTES = 64L << 20;

    /** Answers up to here are sent whatever else is on its way: they cost hardly more than their connection. */
    static final int TOLD_SMALL_BYTES = 64 << 10;

    /** How long a reader waits for room. */
    static final Duration TOLD_WAIT = Duration.ofSeconds(5);

    /** How long a released content that is not stored is not looked for again. */
    static final Duration TOLD_LOST = Duration.ofSeconds(10);

    /** Contents that are remembered not to be stored. */
    static final int TOLD_LOST_CONTENTS = 10_000;

    /** How long another node's rebuilding of facts may go unseen. */
    static final Duration TOLD_GENERATION = Duration.ofMinutes(1);

    /** Differences with a neighbour that are kept: who broke a hundred items looks at the texts. */
    static final int DIFFERENCES = 100;

    /** Neighbours on each side that a verdict names: those that could not be compared with, and the one behind them. */
    static final int NAMED_NEIGHBOURS = 10;

    /**
     * Neighbours on each side that are passed at a price: those whose types take too many steps to compare, about a second
     * each, and those that are not here, which the store is asked for. A hundred records of a hundred releases may wait for
     * their contents, and each of these must not ask for all the others.
     */
    static final int DEAR_NEIGHBOURS = 3;

    /** Characters of a reason that a record's rejection quotes. */
    static final int REASON_CHARACTERS = 1_000;

    /** Dependencies that are named when they are unknown. */
    static final int NAMED_DEPENDENCIES = 5;

    /**
     * Differences and verdicts of records that are judged and not committed yet, each some hundred bytes. What finds no room
     * is derived when somebody asks.
     */
    static final long PENDING_VERDICTS = 50_000;

    /** Verdicts about releases that wait to be kept; one that finds the queue full is derived when somebody asks. */
    static final int WAITING_VERDICTS = 1_000;

    /** About 100 MiB with ordinary version texts, if ever so many packages are asked for. */
    static final long KEPT_RELEASES = 500_000;

    /** Facts that are remembered as objects, about: WASI's http takes a hundredth. */
    static final long READ_REMEMBERED_BYTES = 48L << 20;

    /** Differences that are remembered, each of some hundred bytes. */
    static final long READ_DIFFERENCES = 50_000;

    private GateLimits() {}
}

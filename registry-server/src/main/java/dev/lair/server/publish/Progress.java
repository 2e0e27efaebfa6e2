package dev.lair.server.publish;

import dev.lair.server.ledger.Appended;
import dev.lair.transparency.Digest;
import java.util.Set;

/** What became of a record when it was taken, or when content arrived for it. */
sealed interface Progress {

    /** It is stored and waits for these contents; for its turn only, when there are none. */
    record Waits(Set<Digest> missing) implements Progress {}

    /** The ledger has it in hand. */
    record OnItsWay(Appended promise) implements Progress {}

    /** Not taken: its log is in another state than the one in which it was judged. */
    record Moved() implements Progress {}

    /** Somebody else moved it on meanwhile, or ended it: its status says how it stands. */
    record Overtaken() implements Progress {}
}

package dev.lair.server.ledger;

import dev.lair.transparency.LogLeaf;
import java.util.List;

/** Who has to know what the sequencer did. Called on its thread, so these only take notes. */
interface CommitListener {

    /** These records of ours are durable, the first at {@code firstIndex}. */
    void appended(long firstIndex, List<Appended> promises);

    /** The committed state moved, by us or by another node. */
    void moved(Committed now);

    /** Another node appended these. */
    void foreign(List<LogLeaf> leaves);
}

package dev.lair.server.content;

import dev.lair.transparency.Digest;
import java.util.Collection;
import java.util.Set;

/** Somebody who still needs content that no record in the ledger names. The collector asks all of them. */
public interface ContentReferences {

    /** Those of {@code contents} that must be kept. */
    Set<Digest> referenced(Collection<Digest> contents);
}

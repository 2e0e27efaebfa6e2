package dev.lair.server.tree;

import dev.lair.server.ledger.Ledger;
import dev.lair.signing.EnvelopeCodec;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Publication;
import dev.lair.transparency.InclusionProof;
import dev.lair.transparency.TlogProof;
import org.springframework.stereotype.Component;

/** Proofs that a record is in the log, as files. */
@Component
final class ReleaseProofs {

    private final Ledger ledger;

    ReleaseProofs(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * The proof of a record that this publication covers. The record itself is the proof's extra data: its content hashes to
     * the record id in the leaf. A record of almost 48 KiB and more is left out, since foreign readers refuse so long a line;
     * {@code records/} has it.
     */
    TlogProof of(LedgerEntry entry, Publication publication) {
        long size = publication.treeSize();
        return TlogProof.of(
                        InclusionProof.build(ledger.nodes(size), entry.leafIndex(), size),
                        publication.notes().log())
                .withPortableExtra(EnvelopeCodec.format(entry.record()));
    }
}

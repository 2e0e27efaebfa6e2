package dev.lair.server.ledger;

import dev.lair.signing.Signer;
import java.util.Optional;

/** Whose key signs checkpoints now. The operator log decides; the ledger only asks. */
public interface CheckpointSigner {

    /** A signer whose key holds {@code commit} in the operator log; empty before there is an operator log. */
    Optional<Signer> current();
}

package dev.lair.transparency;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A proof does not show what it should: its bytes are malformed, its shape does not fit the tree, or it leads to another
 * root. The message names the rule that failed.
 */
public final class ProofRejected extends Exception {

    private static final long serialVersionUID = 1L;

    @Nullable
    private final transient RootHash expected;

    @Nullable
    private final transient RootHash found;

    ProofRejected(String reason) {
        this(reason, null, null, null);
    }

    ProofRejected(String reason, Throwable cause) {
        this(reason, cause, null, null);
    }

    private ProofRejected(
            String reason, @Nullable Throwable cause, @Nullable RootHash expected, @Nullable RootHash found) {
        super(reason, cause);
        this.expected = expected;
        this.found = found;
    }

    /** The proof is well formed but leads to another root; {@code what} names the tree. */
    static ProofRejected rootMismatch(String what, RootHash expected, RootHash found) {
        return new ProofRejected(
                "the proof leads to " + what + " " + found + ", not to " + expected, null, expected, found);
    }

    /** The root that the proof should have led to, when the refusal is about a root. */
    public Optional<RootHash> expected() {
        return Optional.ofNullable(expected);
    }

    /** The root that the proof leads to, when the refusal is about a root. */
    public Optional<RootHash> found() {
        return Optional.ofNullable(found);
    }
}

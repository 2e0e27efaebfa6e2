package dev.lair.server.problem;

import dev.lair.registry.api.Problem;

/** Ends a request of the Lair API with this problem. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Problem.Kind kind;

    /** {@code detail} says what is wrong with this request; what to do next is the kind's. */
    public ProblemException(Problem.Kind kind, String detail) {
        super(detail);
        this.kind = kind;
    }

    Problem.Kind kind() {
        return kind;
    }
}

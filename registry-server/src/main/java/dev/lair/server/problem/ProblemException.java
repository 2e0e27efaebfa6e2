package dev.lair.server.problem;

import dev.lair.registry.api.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends a request with this problem; at doors that have no problems, with its status and words in their form. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Problem.Kind kind;
    private final transient Map<String, String> headers;
    private final transient Problem.@Nullable Difference difference;

    /** {@code detail} says what is wrong with this request; what to do next is the kind's. */
    public ProblemException(Problem.Kind kind, String detail) {
        this(kind, detail, Map.of());
    }

    /** The same, with headers beside it. */
    public ProblemException(Problem.Kind kind, String detail, Map<String, String> headers) {
        this(kind, detail, headers, null);
    }

    /** The same, with what is not as demanded. */
    public ProblemException(
            Problem.Kind kind, String detail, Map<String, String> headers, Problem.@Nullable Difference difference) {
        super(detail);
        this.kind = kind;
        this.headers = Map.copyOf(headers);
        this.difference = difference;
    }

    Problem.@Nullable Difference difference() {
        return difference;
    }

    /** What the reply has beside its body. */
    public Map<String, String> headers() {
        return headers;
    }

    public Problem.Kind kind() {
        return kind;
    }
}

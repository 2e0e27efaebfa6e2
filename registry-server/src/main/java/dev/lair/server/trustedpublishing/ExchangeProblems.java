package dev.lair.server.trustedpublishing;

import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import java.time.Duration;
import java.util.Map;

/** Refusals of an identity as problems of the API: each {@link Code} is the kind of the same name. */
final class ExchangeProblems {

    private ExchangeProblems() {}

    static ProblemException of(ExchangeRefused refused) {
        Map<String, String> headers = refused.retryAfter()
                .map(Duration::toSeconds)
                .map(seconds -> Map.of("Retry-After", Long.toString(seconds)))
                .orElse(Map.of());
        return new ProblemException(
                kind(refused.code()),
                refused.getMessage(),
                headers,
                refused.difference()
                        .map(found -> new Problem.Difference(found.claim(), found.expected(), found.actual()))
                        .orElse(null));
    }

    static Problem.Kind kind(Code code) {
        return Problem.Kind.valueOf(code.name());
    }
}

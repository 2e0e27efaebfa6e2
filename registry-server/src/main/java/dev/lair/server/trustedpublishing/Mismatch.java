package dev.lair.server.trustedpublishing;

import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import dev.lair.server.trustedpublishing.ExchangeRefused.Difference;

/**
 * The first claim in which a token differs from a publisher.
 *
 * @param step how far it got
 * @param code the problem's
 * @param difference claim, expected and actual value
 * @param message for people: what differs, and what to do
 */
record Mismatch(Step step, Code code, Difference difference, String message) {

    /** The steps in their order; who came further is nearer. */
    enum Step {
        ISSUER,
        EVENT,
        RUNNER,
        REPOSITORY,
        REPOSITORY_ID,
        OWNER_ID,
        WORKFLOW,
        REUSABLE_WORKFLOW,
        ENVIRONMENT,
        REF,
        SCHEDULE,
        STATUS
    }

    ExchangeRefused refused() {
        return ExchangeRefused.differs(code, difference, message);
    }
}

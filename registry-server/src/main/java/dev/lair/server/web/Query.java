package dev.lair.server.web;

import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import java.util.List;

/** What the address of a reading page says behind its question mark. */
final class Query {

    private Query() {}

    /** A number that is not negative; {@code otherwise} when it is not there. */
    static long number(Visit visit, String parameter, long otherwise) {
        List<String> said = visit.prefilled().all(parameter);
        if (said.isEmpty()) {
            return otherwise;
        }
        if (said.size() > 1 || !said.getFirst().matches("[0-9]{1,18}")) {
            throw new ProblemException(
                    Problem.Kind.NOT_FOUND, "`" + parameter + "` is one number, as in the links of the page before");
        }
        return Long.parseLong(said.getFirst());
    }

    /** A page from 1; what is no page is the first. */
    static int page(Visit visit) {
        return (int) Math.max(1, Math.min(1_000_000, number(visit, "page", 1)));
    }
}

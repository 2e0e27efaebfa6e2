package dev.lair.cli;

import dev.lair.cli.report.Console;
import dev.lair.registry.api.PeopleDocuments.ToReview;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trusted publishers that somebody created who manages their namespace no more. */
final class PublishersToReview {

    private PublishersToReview() {}

    static void print(Console console, @Nullable List<ToReview> publishers) {
        ApiLists.of(publishers)
                .forEach(one -> console.result("look at publisher " + one.id() + "  " + one.namespace() + "  "
                        + String.join(" ", ApiLists.of(one.packages())) + "  " + one.status()));
    }
}

package dev.lair.server.access;

import dev.lair.registry.api.PeopleDocuments;
import dev.lair.storage.registry.PublisherRows;
import java.util.List;
import java.util.Locale;

/** Publishers that somebody should look at, as answers name them. */
public final class ToReview {

    private ToReview() {}

    public static List<PeopleDocuments.ToReview> documents(List<PublisherRows.Publisher> publishers) {
        return publishers.stream()
                .map(publisher -> new PeopleDocuments.ToReview(
                        publisher.id(),
                        publisher.namespace(),
                        publisher.packages(),
                        publisher.status().name().toLowerCase(Locale.ROOT)))
                .toList();
    }
}

package dev.lair.server.account;

import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.Role;
import java.util.List;

/**
 * What somebody leaves behind who manages a namespace no more (trusted publishing, section 3, "offboarding"): publishers that
 * they created go on releasing. They are named to who shows the person out, and are marked in the list of publishers.
 */
public final class Departures {

    private Departures() {}

    /** Publishers that the account created where it manages nothing any more, oldest first. */
    public static List<PublisherRows.Publisher> toReview(RegistryRows rows, String accountId) {
        return rows.publishers().createdBy(accountId).stream()
                .filter(publisher -> rows.namespaces()
                        .role(publisher.namespace(), accountId)
                        .filter(role -> role.covers(Role.MAINTAINER))
                        .isEmpty())
                .toList();
    }

    /** The same of one namespace. */
    public static List<PublisherRows.Publisher> toReview(RegistryRows rows, String accountId, String namespace) {
        return toReview(rows, accountId).stream()
                .filter(publisher -> publisher.namespace().equals(namespace))
                .toList();
    }
}

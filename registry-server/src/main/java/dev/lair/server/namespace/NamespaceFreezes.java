package dev.lair.server.namespace;

import dev.lair.registry.Namespace;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Act;
import dev.lair.server.access.Rights;
import dev.lair.server.access.Target;
import dev.lair.server.account.ApiTokens;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AttestationRows;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;

/**
 * What is done when something is wrong in a namespace. One act stops it: no record is added to a log of it at any door,
 * whoever signs; no identity is exchanged for it; every token that was made for it ends and does not come back. What was
 * released stays readable. And when its owners are lost, an administrator gives it another, with all that the owners of before
 * arranged for machines gone, as when it is handed on.
 */
@Service
public final class NamespaceFreezes {

    private static final int MAX_REASON = 1000;
    private static final int MAX_RELEASES = 1000;

    private final RegistryStore store;
    private final NamespaceOwners owners;
    private final OwnedNamespaces known;
    private final Rights rights;
    private final Clock clock;

    NamespaceFreezes(RegistryStore store, NamespaceOwners owners, OwnedNamespaces known, Rights rights, Clock clock) {
        this.store = store;
        this.owners = owners;
        this.known = known;
        this.rights = rights;
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    /**
     * A namespace that stands still.
     *
     * @param tokens how many were revoked
     * @param publishers all of it, to be looked at before it goes on
     * @param releases that the registry signed since the date that was asked for
     */
    public record Frozen(
            Instant at, int tokens, List<PublisherRows.Publisher> publishers, List<AttestationRows.Signed> releases) {

        public Frozen {
            publishers = List.copyOf(publishers);
            releases = List.copyOf(releases);
        }
    }

    /** Stops all writes. Again, it revokes what was made since and lists anew. */
    public Frozen freeze(Requester requester, Namespace namespace, String reason, Instant since) {
        requireReason(reason);
        String name = namespace.value();
        Instant now = clock.instant();
        Frozen frozen = store.write(rows -> {
            rights.require(rows, requester.caller(), Act.FREEZE_NAMESPACE, Target.of(namespace));
            requireThere(rows, name);
            boolean fresh = rows.namespaces().freeze(name, reason, now);
            List<String> tokens = new ArrayList<>(ApiTokens.revokeBoundTo(rows, name, now));
            int minted = rows.trustedTokens().revokeIn(name, now);
            if (fresh || minted > 0 || !tokens.isEmpty()) {
                rows.audit()
                        .add(requester.act(
                                now,
                                "namespace-frozen",
                                name,
                                name,
                                Map.of("reason", reason, "tokens", tokens, "trustedTokens", minted)));
            }
            return new Frozen(
                    rows.namespaces().frozen(name).orElseThrow().at(),
                    tokens.size() + minted,
                    rows.publishers().ofNamespace(name),
                    rows.attestations().signedSince(name, since, MAX_RELEASES));
        });
        known.lookAgain();
        return frozen;
    }

    /** Lets writes go on. Tokens that were revoked stay revoked. */
    public NamespaceOwners.Known unfreeze(Requester requester, Namespace namespace) {
        String name = namespace.value();
        Instant now = clock.instant();
        store.write(rows -> {
            rights.require(rows, requester.caller(), Act.UNFREEZE_NAMESPACE, Target.of(namespace));
            requireThere(rows, name);
            if (!rows.namespaces().unfreeze(name)) {
                throw new ProblemException(Problem.Kind.CONFLICT, "the namespace `" + name + "` is not frozen");
            }
            rows.audit().add(requester.act(now, "namespace-unfrozen", name, name, Map.of()));
            return name;
        });
        known.lookAgain();
        return owners.find(namespace);
    }

    /** Makes somebody an owner of a namespace whose owners are lost; roles of others stay, for the new owner to look at. */
    public NamespaceOwners.Known recover(Requester requester, Namespace namespace, String login, String reason) {
        requireReason(reason);
        String name = namespace.value();
        Instant now = clock.instant();
        store.write(rows -> {
            rights.require(rows, requester.caller(), Act.RECOVER, Target.of(namespace));
            requireThere(rows, name);
            Account to = rows.accounts()
                    .byLogin(login)
                    .filter(found -> found.state() == AccountRows.State.ACTIVE)
                    .orElseThrow(() ->
                            new ProblemException(Problem.Kind.NO_SUCH_ACCOUNT, "there is no account `" + login + "`"));
            rows.namespaces().setRole(name, to.id(), Role.OWNER, now);
            int publishers = rows.namespaces().dropPublishers(name, now);
            List<String> tokens = ApiTokens.revokeBoundTo(rows, name, now);
            rows.audit()
                    .add(requester.act(
                            now,
                            "namespace-recovered",
                            name,
                            name,
                            Map.of("to", login, "reason", reason, "publishers", publishers, "tokens", tokens)));
            return name;
        });
        return owners.find(namespace);
    }

    private static void requireThere(RegistryRows rows, String name) {
        boolean there = rows.namespaces()
                .find(name)
                .filter(found -> found.state() != NamespaceRows.State.REJECTED)
                .isPresent();
        if (!there) {
            throw new ProblemException(
                    Problem.Kind.NO_SUCH_NAMESPACE, "no account owns a namespace `" + name + "` here");
        }
    }

    private static void requireReason(String reason) {
        if (reason.isBlank() || reason.length() > MAX_REASON) {
            throw new ProblemException(
                    Problem.Kind.INVALID, "`reason` has 1 to " + MAX_REASON + " characters; owners read it");
        }
    }
}

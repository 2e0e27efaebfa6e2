package dev.lair.server.trustedpublishing;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.PackagePattern;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.PublisherDocuments;
import dev.lair.server.access.Act;
import dev.lair.server.access.Rights;
import dev.lair.server.access.Target;
import dev.lair.server.account.Caller;
import dev.lair.server.account.RandomIds;
import dev.lair.server.account.Requester;
import dev.lair.server.issuer.StrictJson;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.trustedpublishing.TrustedPublisher.Action;
import dev.lair.server.trustedpublishing.TrustedPublisher.Status;
import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/**
 * The trusted publishers of a namespace: who manages it says which CI jobs may release in it. Every change is one
 * transaction, in which the right to it is asked again and the audit log gets its row.
 */
@Service
public final class Publishers {

    private final TrustedIssuers issuers;
    private final IdentityTokenVerifier verifier;
    private final PackageState packages;
    private final Rights rights;
    private final RegistryStore store;
    private final RandomIds ids;
    private final Clock clock;

    Publishers(
            TrustedIssuers issuers,
            IdentityTokenVerifier verifier,
            PackageState packages,
            Rights rights,
            RegistryStore store,
            RandomIds ids,
            Clock clock) {
        this.issuers = issuers;
        this.verifier = verifier;
        this.packages = packages;
        this.rights = rights;
        this.store = store;
        this.ids = ids;
        // As the tables keep it: what is answered at once is what is read later.
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    /**
     * Whose identities this registry exchanges.
     *
     * @param kind {@code github}, {@code gitlab} or {@code generic}
     */
    public record Issuer(String url, String kind) {}

    /** In the order in which the operator configured them. */
    public List<Issuer> issuers() {
        return issuers.all().stream()
                .map(issuer -> new Issuer(issuer.url(), StoredPublishers.word(issuer.kind())))
                .toList();
    }

    /** All of a namespace, oldest first. */
    public List<PublisherDocuments.Publisher> list(Namespace namespace) {
        return store.read(rows -> rows.publishers().ofNamespace(namespace.value()).stream()
                .map(row -> document(rows, row))
                .toList());
    }

    /**
     * Adds a publisher; one for a package that does not exist yet is pending until its first use, for 30 days. That reserves
     * nothing and needs nothing to be reserved: the namespace is somebody's already.
     */
    public PublisherDocuments.Publisher add(
            Requester requester, Namespace namespace, PublisherDocuments.NewPublisher asked) {
        Caller.Person person = requester.person();
        TrustedIssuer issuer = issuers.named(asked.issuer())
                .orElseThrow(() -> invalid("`issuer` is one that this registry exchanges identities of: "
                        + issuers.all() + "; its operator configures others"));
        if (asked.kind() != null && !asked.kind().equals(StoredPublishers.word(issuer.kind()))) {
            throw invalid("`kind` is `" + StoredPublishers.word(issuer.kind())
                    + "` for this issuer; leave it out, or ask" + " the registry's operator");
        }
        List<PackagePattern> patterns = patterns(namespace, asked.packages());
        requirePublish(asked.actions());
        TrustedPublisher publisher = made(ids.next("pub"), issuer, patterns, asked);
        boolean pending = publisher.status() == Status.PENDING;
        Instant now = clock.instant();
        PublisherRows.Publisher row = StoredPublishers.row(
                publisher,
                namespace.value(),
                person.accountId(),
                now,
                pending ? Optional.of(now.plus(Limits.PENDING_LASTS)) : Optional.empty());
        return store.write(rows -> {
            rights.require(rows, requester.caller(), Act.MANAGE_PUBLISHERS, Target.of(namespace));
            if (!StoredPublishers.mayServe(rows, issuer, namespace.value())) {
                throw invalid("`issuer` is bound to the organisation `" + StoredPublishers.organisation(issuer)
                        + "`, which does not own the namespace `" + namespace + "`");
            }
            requireRoom(rows.publishers().ofNamespace(namespace.value()), row);
            rows.publishers().add(row);
            rows.audit().add(requester.act(now, "publisher-added", namespace.value(), row.id(), detail(row)));
            return document(rows, row);
        });
    }

    private static void requirePublish(@Nullable List<String> actions) {
        if (actions != null && !actions.equals(List.of(StoredPublishers.word(Action.PUBLISH)))) {
            throw invalid("`actions` is [\"publish\"]; this registry has no other yet");
        }
    }

    private static List<PackagePattern> patterns(Namespace namespace, List<String> packages) {
        if (packages.isEmpty() || packages.size() > Limits.PACKAGES) {
            throw invalid("`packages` names 1 to " + Limits.PACKAGES + " packages, like `" + namespace + ":http`, or `"
                    + namespace + ":*`");
        }
        List<PackagePattern> patterns = new ArrayList<>();
        for (String text : packages) {
            try {
                PackagePattern pattern = PackagePattern.parse(String.valueOf(text));
                if (!pattern.namespace().equals(namespace)) {
                    throw invalid(
                            "`packages` has `" + pattern + "`, which is not of the namespace `" + namespace + "`");
                }
                if (!patterns.contains(pattern)) {
                    patterns.add(pattern);
                }
            } catch (MalformedNameException e) {
                throw invalid("`packages`: " + e.getMessage());
            }
        }
        return patterns;
    }

    private TrustedPublisher made(
            String id, TrustedIssuer issuer, List<PackagePattern> patterns, PublisherDocuments.NewPublisher asked) {
        boolean pending = patterns.stream().anyMatch(this::isToCome);
        Map<String, String> claims = new TreeMap<>(asked.claims() == null ? Map.of() : asked.claims());
        if (claims.containsValue(null)) {
            throw invalid("`claims` has a claim without a value");
        }
        try {
            return new TrustedPublisher(
                    id,
                    issuer.url(),
                    issuer.kind(),
                    patterns,
                    given(asked.owner()),
                    given(asked.ownerId()),
                    given(asked.repository()),
                    given(asked.repositoryId()),
                    given(asked.workflow()),
                    given(asked.reusableWorkflow()),
                    given(asked.environment()),
                    ref(given(asked.refPattern())),
                    claims,
                    Boolean.TRUE.equals(asked.schedule()),
                    Set.of(Action.PUBLISH),
                    pending ? Status.PENDING : Status.ACTIVE);
        } catch (MalformedPublisherException e) {
            throw new ProblemException(
                    Problem.Kind.INVALID,
                    String.valueOf(e.getMessage()),
                    Map.of(),
                    new Problem.Difference(e.field(), null, null));
        }
    }

    /** A package that has not begun. All of a namespace is never to come: it is there. */
    private boolean isToCome(PackagePattern pattern) {
        String name = pattern.name();
        return name != null && !packages.isBegun(new PackageName(pattern.namespace(), name));
    }

    /** Forms send empty texts for what was not filled in. */
    private static @Nullable String given(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    private static @Nullable RefPattern ref(@Nullable String text) {
        return text == null
                ? null
                : RefPattern.parse(text)
                        .orElseThrow(() -> new MalformedPublisherException(
                                "refPattern",
                                text,
                                "`refs/tags/v*`, `refs/heads/main`, `protected`, or `protected refs/tags/v*`"));
    }

    private static void requireRoom(List<PublisherRows.Publisher> others, PublisherRows.Publisher added) {
        for (PublisherRows.Publisher other : others) {
            if (same(other, added)) {
                throw new ProblemException(
                        Problem.Kind.CONFLICT, "the publisher `" + other.id() + "` says the same already");
            }
        }
        for (String pattern : added.packages()) {
            long count = others.stream()
                    .filter(other -> other.packages().contains(pattern))
                    .count();
            if (count >= Limits.PUBLISHERS_PER_PACKAGE) {
                throw new ProblemException(
                        Problem.Kind.CONFLICT,
                        "`" + pattern + "` has " + count + " publishers, and " + Limits.PUBLISHERS_PER_PACKAGE
                                + " is the most; remove one that is not needed");
            }
        }
    }

    /** Whether both let the same in; what was pinned since does not count. */
    private static boolean same(PublisherRows.Publisher one, PublisherRows.Publisher other) {
        return detail(one).equals(detail(other));
    }

    /** What a publisher says, without secrets: it has none. */
    private static Map<String, Object> detail(PublisherRows.Publisher row) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("packages", row.packages());
        detail.put("issuer", row.issuer());
        detail.put("owner", row.owner());
        detail.put("repository", row.repository());
        detail.put("workflow", row.workflow());
        detail.put("reusableWorkflow", row.reusableWorkflow());
        detail.put("environment", row.environment());
        detail.put("refPattern", row.refPattern());
        detail.put("events", row.events());
        detail.put("claims", StoredPublishers.texts(row.claims()));
        return detail;
    }

    /** Removes a publisher; its tokens end. */
    public void remove(Requester requester, Namespace namespace, String id) {
        change(requester, namespace, id, "publisher-removed", (rows, row, now) -> {
            rows.publishers().remove(id);
            rows.trustedTokens().revokeOf(id, now);
        });
    }

    /** Stops a publisher; its tokens end, and do not come back. */
    public PublisherDocuments.Publisher freeze(Requester requester, Namespace namespace, String id) {
        return change(requester, namespace, id, "publisher-frozen", (rows, row, now) -> {
            requireMoved(
                    rows.publishers().move(id, row.status(), PublisherRows.Status.FROZEN)
                            && row.status() != PublisherRows.Status.FROZEN,
                    row);
            rows.trustedTokens().revokeOf(id, now);
        });
    }

    /** Lets a publisher go on as it was before. */
    public PublisherDocuments.Publisher unfreeze(Requester requester, Namespace namespace, String id) {
        return change(
                requester,
                namespace,
                id,
                "publisher-unfrozen",
                (rows, row, now) -> requireMoved(
                        rows.publishers()
                                .move(
                                        id,
                                        PublisherRows.Status.FROZEN,
                                        row.expiresAt().isPresent()
                                                ? PublisherRows.Status.PENDING
                                                : PublisherRows.Status.ACTIVE),
                        row));
    }

    private static void requireMoved(boolean moved, PublisherRows.Publisher row) {
        if (!moved) {
            throw new ProblemException(
                    Problem.Kind.CONFLICT,
                    "the publisher `" + row.id() + "` is " + StoredPublishers.word(row.status()) + " already");
        }
    }

    private interface Change {
        void make(RegistryRows rows, PublisherRows.Publisher row, Instant now);
    }

    private PublisherDocuments.Publisher change(
            Requester requester, Namespace namespace, String id, String act, Change change) {
        Instant now = clock.instant();
        return store.write(rows -> {
            rights.require(rows, requester.caller(), Act.MANAGE_PUBLISHERS, Target.of(namespace));
            PublisherRows.Publisher row = rows.publishers()
                    .find(id)
                    .filter(found -> found.namespace().equals(namespace.value()))
                    .orElseThrow(() -> new ProblemException(
                            Problem.Kind.NOT_FOUND, "the namespace `" + namespace + "` has no publisher of this id"));
            change.make(rows, row, now);
            rows.audit().add(requester.act(now, act, namespace.value(), id, detail(row)));
            return document(rows, rows.publishers().find(id).orElse(row));
        });
    }

    /** Holds an identity against every publisher of a namespace. Nothing is used up, and nothing is written. */
    public PublisherDocuments.Tested test(Namespace namespace, PublisherDocuments.Test asked) {
        try {
            String token = asked.token();
            if (token != null) {
                VerifiedToken identity = verifier.verify(token);
                return tested(namespace, identity.issuer(), identity.claims());
            }
            Map<String, Object> claims = asked.claims() == null ? Map.of() : asked.claims();
            TrustedIssuer issuer = issuers.named(
                            claims.get("iss") instanceof String named ? named : onlyIssuer(namespace))
                    .orElseThrow(() -> invalid("`claims.iss` is one of " + issuers.all()));
            ObjectNode object = StrictJson.object(ApiJson.write(claims))
                    .orElseThrow(() -> invalid("`claims` is no object that a token could have"));
            return tested(namespace, issuer, IdentityClaims.read(issuer.kind(), object));
        } catch (ExchangeRefused e) {
            throw ExchangeProblems.of(e);
        }
    }

    /** That of all publishers, where they have one; empty otherwise. */
    private String onlyIssuer(Namespace namespace) {
        List<String> found = store.read(rows -> rows.publishers().ofNamespace(namespace.value()).stream()
                .map(PublisherRows.Publisher::issuer)
                .distinct()
                .toList());
        return found.size() == 1 ? found.getFirst() : "";
    }

    private PublisherDocuments.Tested tested(Namespace namespace, TrustedIssuer issuer, IdentityClaims claims) {
        Instant now = clock.instant();
        List<PublisherDocuments.Result> results = store.read(rows -> {
            boolean served = StoredPublishers.mayServe(rows, issuer, namespace.value());
            return rows.publishers().ofNamespace(namespace.value()).stream()
                    .filter(row ->
                            row.expiresAt().filter(end -> !now.isBefore(end)).isEmpty())
                    .map(StoredPublishers::read)
                    .map(publisher -> result(publisher, served, PublisherMatch.mismatch(issuer, claims, publisher)))
                    .toList();
        });
        return new PublisherDocuments.Tested(results.stream().anyMatch(PublisherDocuments.Result::matches), results);
    }

    private static PublisherDocuments.Result result(
            TrustedPublisher publisher, boolean served, Optional<Mismatch> mismatch) {
        if (mismatch.isPresent()) {
            Mismatch found = mismatch.get();
            return new PublisherDocuments.Result(
                    publisher.id(),
                    false,
                    found.code().text().replace('_', '-'),
                    found.difference().claim(),
                    found.difference().expected(),
                    found.difference().actual(),
                    found.message());
        }
        return served
                ? new PublisherDocuments.Result(publisher.id(), true, null, null, null, null, null)
                : new PublisherDocuments.Result(
                        publisher.id(),
                        false,
                        "no-publisher",
                        "iss",
                        null,
                        publisher.issuer(),
                        "the issuer is bound to an organisation that does not own this namespace");
    }

    private static PublisherDocuments.Publisher document(RegistryRows rows, PublisherRows.Publisher row) {
        Map<String, String> claims = StoredPublishers.texts(row.claims());
        Optional<AccountRows.Account> creator = rows.accounts().find(row.createdBy());
        boolean manages = creator.filter(account -> account.state() == AccountRows.State.ACTIVE)
                .flatMap(account -> rows.namespaces().role(row.namespace(), account.id()))
                .filter(role -> role.covers(Role.MAINTAINER))
                .isPresent();
        return new PublisherDocuments.Publisher(
                row.id(),
                row.issuer(),
                row.kind(),
                row.packages(),
                StoredPublishers.orNull(row.owner()),
                StoredPublishers.orNull(row.ownerId()),
                StoredPublishers.orNull(row.repository()),
                StoredPublishers.orNull(row.repositoryId()),
                StoredPublishers.orNull(row.workflow()),
                StoredPublishers.orNull(row.reusableWorkflow()),
                StoredPublishers.orNull(row.environment()),
                StoredPublishers.orNull(row.refPattern()),
                claims.isEmpty() ? null : new TreeMap<>(claims),
                row.events().contains(ForgeClaims.SCHEDULE),
                row.actions(),
                StoredPublishers.word(row.status()),
                creator.map(AccountRows.Account::login).orElse(row.createdBy()),
                row.createdAt().toString(),
                !manages,
                row.expiresAt().map(Instant::toString).orElse(null),
                row.lastUsedAt().map(Instant::toString).orElse(null));
    }

    private static ProblemException invalid(String rule) {
        return new ProblemException(Problem.Kind.INVALID, rule);
    }
}

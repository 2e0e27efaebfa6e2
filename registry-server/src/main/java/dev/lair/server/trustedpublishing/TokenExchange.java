package dev.lair.server.trustedpublishing;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.PackageName;
import dev.lair.registry.PackagePattern;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.PublisherDocuments;
import dev.lair.registry.api.TokenText;
import dev.lair.registry.attestation.MalformedAttestationException;
import dev.lair.registry.attestation.PublisherIdentity;
import dev.lair.server.account.Caller;
import dev.lair.server.account.RandomIds;
import dev.lair.server.account.Requester;
import dev.lair.server.account.TrustedTokens;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import dev.lair.server.trustedpublishing.ExchangeRefused.Difference;
import dev.lair.server.trustedpublishing.PublisherMatch.Matched;
import dev.lair.server.trustedpublishing.PublisherMatch.Nearest;
import dev.lair.server.trustedpublishing.TrustedPublisher.Action;
import dev.lair.server.trustedpublishing.TrustedPublisher.Status;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.TrustedTokenRows;
import dev.lair.transparency.Digest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * An identity token for a token of this registry (trusted publishing, section 4). Verified outside; decided in one
 * transaction: which publisher it is, by the tables as they are then, that nobody used the identity before, what the first use
 * pins, the token, and the row of the audit log. Either all of it is there behind a crash, or the identity can be shown again.
 *
 * <p>The token is good for minutes, for what was asked and no more. It is good no longer than its publisher: who freezes or
 * removes one, or hands the namespace on, ends its tokens.
 */
@Service
final class TokenExchange implements TrustedTokens {

    private final IdentityTokenVerifier verifier;
    private final PackageState packages;
    private final RegistryStore store;
    private final RandomIds ids;
    private final SecureRandom random;
    private final Clock clock;
    private final boolean enabled;

    TokenExchange(
            IdentityTokenVerifier verifier,
            PackageState packages,
            RegistryStore store,
            RandomIds ids,
            SecureRandom random,
            Clock clock,
            LairSettings settings) {
        this.verifier = verifier;
        this.packages = packages;
        this.store = store;
        this.ids = ids;
        this.random = random;
        // As the tables keep it: what is answered at once is what is read later.
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
        this.enabled = settings.trustedPublishing().enabled();
    }

    /** What is asked for. */
    private record Wanted(List<PackagePattern> packages, List<String> contents) {

        boolean isWithin(TrustedPublisher publisher) {
            return packages.stream()
                    .allMatch(wanted -> publisher.packages().stream()
                            .anyMatch(pattern -> pattern.namespace().equals(wanted.namespace())
                                    && (pattern.isWholeNamespace() || pattern.equals(wanted))));
        }
    }

    /** A problem {@code disabled} where the operator wants no trusted publishing. */
    void requireEnabled() {
        if (!enabled) {
            throw ExchangeProblems.of(ExchangeRefused.of(
                    Code.DISABLED, "this registry exchanges no identities (lair.trusted-publishing.enabled=false)"));
        }
    }

    /** Exchanges an identity token; the request's other credentials do not matter. */
    PublisherDocuments.Granted exchange(Requester requester, PublisherDocuments.Exchange asked) {
        requireEnabled();
        requirePublish(asked.action());
        List<PackagePattern> patterns = patterns(asked.packages());
        List<String> contents = contents(asked.content());
        VerifiedToken identity;
        Wanted wanted;
        try {
            identity = verifier.verify(asked.token());
            wanted = new Wanted(patterns, bound(identity.content(), contents));
        } catch (ExchangeRefused e) {
            throw ExchangeProblems.of(e);
        }
        TokenText text = TokenText.generate(TokenText.Kind.TP, random);
        String id = ids.next("tpt");
        return store.write(rows -> {
            Instant now = clock.instant();
            if (!now.isBefore(identity.rememberUntil())) {
                // Whoever used it before may be forgotten already.
                throw ExchangeProblems.of(ExchangeRefused.of(
                        Code.TOKEN_EXPIRED, "the identity token expired while it was looked at; send a new one"));
            }
            TrustedPublisher publisher = publisher(rows, identity, wanted, now);
            List<PackagePattern> granted = wanted.packages().isEmpty() ? publisher.packages() : wanted.packages();
            requireNotFrozen(rows, granted.getFirst().namespace().value());
            requireStillFree(publisher, granted);
            return mint(rows, requester, identity, publisher, new Wanted(granted, wanted.contents()), id, text, now);
        });
    }

    private static void requirePublish(@Nullable String action) {
        if (action != null && !action.equals(StoredPublishers.word(Action.PUBLISH))) {
            throw new ProblemException(Problem.Kind.INVALID, "`action` is `publish`; this registry has no other yet");
        }
    }

    private static List<PackagePattern> patterns(@Nullable List<String> packages) {
        if (packages == null) {
            return List.of();
        }
        if (packages.isEmpty() || packages.size() > Limits.PACKAGES) {
            throw new ProblemException(
                    Problem.Kind.INVALID,
                    "`packages` names 1 to " + Limits.PACKAGES
                            + " packages; leave it out for a token for all that the publisher may");
        }
        try {
            return packages.stream()
                    .map(text -> PackagePattern.parse(String.valueOf(text)))
                    .distinct()
                    .toList();
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.INVALID, "`packages`: " + e.getMessage());
        }
    }

    private static List<String> contents(@Nullable List<String> contents) {
        if (contents == null) {
            return List.of();
        }
        if (contents.isEmpty() || contents.size() > Limits.CONTENTS) {
            // None at all would bind to nothing what somebody meant to bind.
            throw new ProblemException(
                    Problem.Kind.INVALID,
                    "`content` names 1 to " + Limits.CONTENTS + " digests; leave it out for a token that is not bound");
        }
        try {
            return contents.stream()
                    .map(text -> Digest.parse(String.valueOf(text)).toString())
                    .distinct()
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.Kind.INVALID, "`content` has something else than `sha256:` and 64 hex digits");
        }
    }

    /**
     * What an identity for one content asks for: that, and nothing beside it, whatever else the request names; a job may not
     * widen what its forge signed.
     */
    private static List<String> bound(@Nullable Digest only, List<String> asked) throws ExchangeRefused {
        if (only == null) {
            return asked;
        }
        if (!asked.isEmpty() && !asked.contains(only.toString())) {
            throw ExchangeRefused.differs(
                    Code.WRONG_AUDIENCE,
                    new Difference("aud", asked.getFirst(), only.toString()),
                    "the identity token is for the content " + only
                            + " alone, and `content` of the request names others");
        }
        return List.of(only.toString());
    }

    /** Which publisher it is, among those that may be of the issuer now. */
    private TrustedPublisher publisher(RegistryRows rows, VerifiedToken identity, Wanted wanted, Instant now) {
        List<PublisherRows.Publisher> found = identity.claims() instanceof ForgeClaims forge
                ? rows.publishers()
                        .ofRepository(
                                identity.issuer().url(), forge.repositoryId(), AsciiCase.folded(forge.repository()))
                : rows.publishers().ofIssuer(identity.issuer().url());
        List<TrustedPublisher> all = found.stream()
                .filter(row -> row.expiresAt().filter(end -> !now.isBefore(end)).isEmpty())
                .filter(row -> StoredPublishers.isLive(rows, row.namespace()))
                .filter(row -> StoredPublishers.mayServe(rows, identity.issuer(), row.namespace()))
                .map(StoredPublishers::read)
                .toList();
        List<TrustedPublisher> fitting = all.stream().filter(wanted::isWithin).toList();
        PublisherMatch match = PublisherMatch.find(identity.issuer(), identity.claims(), fitting);
        return switch (match) {
            case Matched matched -> matched.publisher();
            case Nearest nearest -> throw ExchangeProblems.of(refusal(identity, wanted, all, nearest));
        };
    }

    private static ExchangeRefused refusal(
            VerifiedToken identity, Wanted wanted, List<TrustedPublisher> all, Nearest nearest) {
        if (nearest.nearest() != null) {
            return nearest.mismatch().refused();
        }
        return switch (PublisherMatch.find(identity.issuer(), identity.claims(), all)) {
            case Nearest ofOthers -> ofOthers.mismatch().refused();
            case Matched ofOthers -> {
                TreeSet<String> covered = new TreeSet<>();
                ofOthers.all().forEach(publisher -> publisher.packages().forEach(each -> covered.add(each.toString())));
                yield ExchangeRefused.differs(
                        Code.NO_PUBLISHER,
                        new Difference("packages", String.join(", ", covered), shown(wanted.packages())),
                        "this identity is a publisher of " + String.join(", ", covered) + ", and of no one for all of "
                                + shown(wanted.packages()) + "; an owner of the namespace adds one");
            }
        };
    }

    private static String shown(List<PackagePattern> packages) {
        return String.join(", ", packages.stream().map(PackagePattern::toString).toList());
    }

    private static void requireNotFrozen(RegistryRows rows, String namespace) {
        if (rows.namespaces().frozen(namespace).isPresent()) {
            throw ExchangeProblems.of(ExchangeRefused.of(
                    Code.DISABLED,
                    "the namespace `" + namespace + "` is frozen; an owner or an administrator lets it go on"));
        }
    }

    /** A publisher that waits for a package's first release must not meet what somebody else began under that name. */
    private void requireStillFree(TrustedPublisher publisher, List<PackagePattern> granted) {
        if (publisher.status() != Status.PENDING) {
            return;
        }
        for (PackagePattern pattern : granted) {
            String name = pattern.name();
            if (name != null && packages.isClosed(new PackageName(pattern.namespace(), name))) {
                throw ExchangeProblems.of(ExchangeRefused.differs(
                        Code.PENDING_NAME_TAKEN,
                        new Difference("packages", null, pattern.toString()),
                        "the package `" + pattern + "` was begun by its author's own key while the publisher "
                                + publisher.id() + " waited for it"));
            }
        }
    }

    private PublisherDocuments.Granted mint(
            RegistryRows rows,
            Requester requester,
            VerifiedToken identity,
            TrustedPublisher publisher,
            Wanted granted,
            String id,
            TokenText text,
            Instant now) {
        String issuer = identity.issuer().url();
        if (!rows.usedIdentities().add(issuer, identity.tokenId(), identity.rememberUntil())) {
            throw ExchangeProblems.of(
                    ExchangeRefused.of(Code.TOKEN_REUSED, "this identity token was exchanged before; each works once"));
        }
        Map<String, String> used = used(identity, publisher, id);
        TrustedPublisher pinned = publisher.pinnedTo(identity.claims());
        rows.publishers()
                .used(
                        publisher.id(),
                        StoredPublishers.text(pinned.ownerId()),
                        StoredPublishers.text(pinned.repositoryId()),
                        now);
        List<String> names =
                granted.packages().stream().map(PackagePattern::toString).toList();
        String namespace = granted.packages().getFirst().namespace().value();
        TrustedTokenRows.Token token = new TrustedTokenRows.Token(
                id,
                text.digest(),
                publisher.id(),
                namespace,
                names,
                StoredPublishers.word(Action.PUBLISH),
                granted.contents(),
                issuer,
                StoredPublishers.json(used),
                now,
                now.plus(Limits.MINTED_LASTS),
                Optional.empty());
        rows.trustedTokens().add(token);
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("issuer", issuer);
        detail.put("identity", identity.tokenId());
        detail.put("packages", names);
        detail.put("contents", granted.contents());
        detail.put("claims", used);
        detail.put("pinned", !pinned.equals(publisher));
        detail.put("firstUse", publisher.status() == Status.PENDING);
        rows.audit()
                .add(new AuditRows.Act(
                        now,
                        publisher.id(),
                        "trusted-token-minted",
                        namespace,
                        id,
                        StoredPublishers.json(detail),
                        requester.requestId()));
        return new PublisherDocuments.Granted(
                text.secret(), token.expiresAt().toString(), names, token.action(), token.contents(), publisher.id());
    }

    /**
     * The claims that attestations will tell: of forges all that are read, of others those that the publisher demands. One
     * that no attestation can hold is refused here, where nothing has happened yet; behind a release it would be too late.
     */
    private static Map<String, String> used(VerifiedToken identity, TrustedPublisher publisher, String id) {
        Map<String, String> used = new TreeMap<>(identity.claims().shown());
        if (identity.claims() instanceof GenericClaims) {
            used.keySet()
                    .removeIf(
                            claim -> !claim.equals("sub") && !publisher.claims().containsKey(claim));
        }
        try {
            new PublisherIdentity(
                    PublisherIdentity.Kind.TRUSTED,
                    Optional.of(identity.issuer().url()),
                    used,
                    Optional.of(id));
        } catch (MalformedAttestationException e) {
            throw ExchangeProblems.of(
                    ExchangeRefused.malformed("no attestation could name its claims: " + e.getMessage()));
        }
        return used;
    }

    @Override
    public Optional<Caller.Trusted> find(TokenText token) {
        if (!enabled) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return store.read(rows -> rows.trustedTokens().alive(token.digest(), now))
                .map(TokenExchange::caller);
    }

    private static Caller.Trusted caller(TrustedTokenRows.Token token) {
        return new Caller.Trusted(
                token.id(),
                token.publisherId(),
                token.issuer(),
                token.packages().stream().map(PackagePattern::parse).toList(),
                token.action(),
                token.contents().stream().map(Digest::parse).toList(),
                StoredPublishers.texts(token.claims()),
                token.expiresAt());
    }

    /** The job gives its token up, so that nobody finds it alive. */
    void giveUp(Requester requester) {
        if (!(requester.caller() instanceof Caller.Trusted trusted)) {
            throw new ProblemException(Problem.Kind.FORBIDDEN, "this is for tokens of trusted publishers");
        }
        Instant now = clock.instant();
        store.write(rows -> {
            if (rows.trustedTokens().revoke(trusted.tokenId(), now)) {
                rows.audit()
                        .add(requester.act(
                                now,
                                "trusted-token-given-up",
                                trusted.packages().getFirst().namespace().value(),
                                trusted.tokenId(),
                                Map.of()));
            }
            return trusted;
        });
    }
}

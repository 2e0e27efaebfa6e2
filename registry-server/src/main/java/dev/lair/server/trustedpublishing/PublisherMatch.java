package dev.lair.server.trustedpublishing;

import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import dev.lair.server.trustedpublishing.ExchangeRefused.Difference;
import dev.lair.server.trustedpublishing.Mismatch.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which publisher an identity is, or why none (section 4). Pure: the exchange decides with it, and so does the test of
 * claims that owners have, so both say the same.
 */
sealed interface PublisherMatch {

    /**
     * The identity is a publisher.
     *
     * @param publisher the one to use: bound to an environment before one that is not, then the first by id
     * @param all every publisher that it is, in that order: a repository may publish several packages
     */
    record Matched(TrustedPublisher publisher, List<TrustedPublisher> all) implements PublisherMatch {}

    /**
     * The identity is none.
     *
     * @param nearest the publisher that agrees in most steps; null when none is for this repository
     * @param mismatch what differs
     */
    record Nearest(@Nullable TrustedPublisher nearest, Mismatch mismatch) implements PublisherMatch {}

    /** Environment-bound ones say more about who may. */
    Comparator<TrustedPublisher> PREFERRED = Comparator.comparing(
                    (TrustedPublisher publisher) -> publisher.environment() == null)
            .thenComparing(TrustedPublisher::id);

    /** Looks through these publishers, which may be of any issuer. */
    static PublisherMatch find(TrustedIssuer issuer, IdentityClaims claims, Collection<TrustedPublisher> publishers) {
        // What began the job, and where it runs, are the same for all.
        Optional<Mismatch> job = PublisherRules.job(issuer, claims);
        if (job.isPresent()) {
            return new Nearest(null, job.get());
        }
        List<TrustedPublisher> matched = new ArrayList<>();
        Nearest nearest = new Nearest(null, noPublisher(issuer, claims));
        for (TrustedPublisher publisher : publishers.stream().sorted(PREFERRED).toList()) {
            Optional<Mismatch> mismatch = mismatch(issuer, claims, publisher);
            if (mismatch.isEmpty()) {
                matched.add(publisher);
            } else if (mismatch.get().step().compareTo(Step.REPOSITORY) > 0
                    && mismatch.get().step().compareTo(nearest.mismatch().step()) > 0) {
                nearest = new Nearest(publisher, mismatch.get());
            }
        }
        return matched.isEmpty() ? nearest : new Matched(matched.getFirst(), List.copyOf(matched));
    }

    /** The first claim in which the identity differs from this publisher; empty when it is this publisher. */
    static Optional<Mismatch> mismatch(TrustedIssuer issuer, IdentityClaims claims, TrustedPublisher publisher) {
        // The issuer first: who runs one can issue claims of any repository in the world.
        if (!publisher.issuer().equals(issuer.url()) || publisher.kind() != claims.kind()) {
            return Optional.of(new Mismatch(
                    Step.ISSUER,
                    Code.NO_PUBLISHER,
                    new Difference("iss", publisher.issuer(), issuer.url()),
                    "the publisher is for identities of `" + publisher.issuer() + "`, this one is of `" + issuer
                            + "`"));
        }
        return PublisherRules.job(issuer, claims).or(() -> switch (claims) {
            case ForgeClaims forge -> PublisherRules.forge(forge, publisher);
            case GenericClaims generic -> PublisherRules.generic(generic, publisher);
        });
    }

    private static Mismatch noPublisher(TrustedIssuer issuer, IdentityClaims claims) {
        Difference who =
                switch (claims) {
                    case ForgeClaims forge -> new Difference(forge.names().repository(), null, forge.repository());
                    case GenericClaims generic ->
                        new Difference("sub", null, generic.shown().get("sub"));
                };
        return new Mismatch(
                Step.REPOSITORY,
                Code.NO_PUBLISHER,
                who,
                "no publisher is for the " + who.claim() + " `" + who.actual() + "` of `" + issuer
                        + "`; an owner of the namespace adds one, with `lair publisher add` or on its page");
    }
}

package dev.lair.registry.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bodies about trusted publishing. Times are RFC 3339. What has a secret in it does not show it in {@code toString}.
 */
public final class PublisherDocuments {

    private PublisherDocuments() {}

    /** {@code GET /api/v1/trusted-publishing/audience}: what identity tokens for this registry have as {@code aud}. */
    public record Audience(String audience) {}

    /**
     * {@code POST /api/v1/trusted-publishing/token}.
     *
     * @param token of the job's forge, as it gave it
     * @param packages {@code ns:name} or {@code ns:*} of one namespace; none for what the publisher may
     * @param action {@code publish}, which is also what none stands for
     * @param content {@code sha256:…} of the bytes that will be sent; none binds the token to nothing
     */
    public record Exchange(
            String token,
            @Nullable List<String> packages,
            @Nullable String action,
            @Nullable List<String> content) {

        public Exchange {
            AccountDocuments.require(token, "token");
        }

        @Override
        public String toString() {
            return "Exchange[for " + packages + "]";
        }
    }

    /**
     * The answer.
     *
     * @param token {@code lair_tp_…}, told this once
     * @param contents the only digests that it releases; none for any
     * @param publisher id of the publisher that the job is
     */
    public record Granted(
            String token,
            String expiresAt,
            List<String> packages,
            String action,
            List<String> contents,
            String publisher) {

        @Override
        public String toString() {
            return "Granted[to " + publisher + ", until " + expiresAt + "]";
        }
    }

    /**
     * {@code POST /api/v1/namespaces/{namespace}/publishers}. Which members there must be depends on the kind of the issuer;
     * docs/API.md has the table.
     *
     * @param issuer one that the registry is configured for, as its tokens have it in {@code iss}
     * @param kind of the issuer, for who wants to be told when the registry knows it as another
     * @param packages {@code ns:name} or {@code ns:*}, of this namespace
     * @param ownerId the forge's number, where it is known already; otherwise the first use pins it
     * @param repositoryId the same of the repository
     * @param claims what a generic issuer's token must say
     * @param schedule true to take runs that a timer began
     * @param actions {@code publish}, which is also what none stands for
     */
    public record NewPublisher(
            String issuer,
            @Nullable String kind,
            List<String> packages,
            @Nullable String owner,
            @Nullable String ownerId,
            @Nullable String repository,
            @Nullable String repositoryId,
            @Nullable String workflow,
            @Nullable String reusableWorkflow,
            @Nullable String environment,
            @Nullable String refPattern,
            @Nullable Map<String, String> claims,
            @Nullable Boolean schedule,
            @Nullable List<String> actions) {

        public NewPublisher {
            AccountDocuments.require(issuer, "issuer");
            AccountDocuments.require(packages, "packages");
        }
    }

    /**
     * A publisher.
     *
     * @param kind of its issuer: {@code github}, {@code gitlab} or {@code generic}
     * @param ownerId which the first use pins
     * @param repositoryId the same
     * @param status {@code pending} while a package of it does not exist yet, {@code active} or {@code frozen}
     * @param createdBy login
     * @param needsReview true when who created it manages the namespace no more: an owner looks whether it shall stay
     * @param expiresAt of one that is pending: when it is removed unless it was used
     */
    public record Publisher(
            String id,
            String issuer,
            String kind,
            List<String> packages,
            @Nullable String owner,
            @Nullable String ownerId,
            @Nullable String repository,
            @Nullable String repositoryId,
            @Nullable String workflow,
            @Nullable String reusableWorkflow,
            @Nullable String environment,
            @Nullable String refPattern,
            @Nullable Map<String, String> claims,
            boolean schedule,
            List<String> actions,
            String status,
            String createdBy,
            String createdAt,
            boolean needsReview,
            @Nullable String expiresAt,
            @Nullable String lastUsedAt) {}

    /** {@code GET /api/v1/namespaces/{namespace}/publishers}: oldest first. */
    public record Publishers(List<Publisher> publishers) {}

    /**
     * {@code POST /api/v1/namespaces/{namespace}/publishers/test}: one of the two.
     *
     * @param token an identity token, which is verified and not used up
     * @param claims as a token would have them; without {@code iss} of the one issuer that the publishers have
     */
    public record Test(@Nullable String token, @Nullable Map<String, Object> claims) {

        public Test {
            if ((token == null) == (claims == null)) {
                throw new IllegalArgumentException("the body has either `token` or `claims`");
            }
        }

        @Override
        public String toString() {
            return "Test[of " + (token == null ? "claims" : "a token") + "]";
        }
    }

    /**
     * The answer.
     *
     * @param matched whether a token would be given for it
     */
    public record Tested(boolean matched, List<Result> results) {}

    /**
     * How one publisher and the identity compare.
     *
     * @param id of the publisher
     * @param code of the problem that an exchange would answer, as {@code workflow-mismatch}; none when it matches
     * @param field the first claim that differs
     * @param expected what the publisher demands
     * @param actual what the identity has; none when it lacks the claim
     * @param detail for people
     */
    public record Result(
            String id,
            boolean matches,
            @Nullable String code,
            @Nullable String field,
            @Nullable String expected,
            @Nullable String actual,
            @Nullable String detail) {}
}

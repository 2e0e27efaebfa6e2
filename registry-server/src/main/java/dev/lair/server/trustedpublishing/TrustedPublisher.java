package dev.lair.server.trustedpublishing;

import dev.lair.registry.PackagePattern;
import dev.lair.server.settings.LairSettings.IssuerKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An identity that may release without a stored secret (section 4; rules of the fields: section 1). Texts are ASCII where a
 * forge's are, and 255 characters at most.
 *
 * @param id {@code pub_…}
 * @param issuer its {@code iss}: the same repository of another issuer is another one
 * @param kind of the issuer
 * @param packages what it may publish
 * @param owner of GitHub the account; of GitLab the path of the group, {@code group/subgroup}; null of others
 * @param ownerId what the owner keeps when it is renamed; null until the first use pins it
 * @param repository the repository's or project's own name; null of generic issuers
 * @param repositoryId the same of the repository
 * @param workflow of GitHub the bare name of the file in {@code .github/workflows}; of GitLab the path of the file that
 *     begins the pipeline; null of others
 * @param reusableWorkflow of GitHub: the only file that the publishing job may be in,
 *     {@code owner/repository/.github/workflows/file.yml}, with {@code @ref} or {@code @commit} also at which state
 * @param environment the job's deployment environment, compared without regard to case; null for any
 * @param refPattern which refs may publish; null for all
 * @param claims what a generic issuer's token must say, letter by letter; empty of others
 * @param schedule whether runs that a timer began may publish
 * @param actions what it may do
 * @param status see {@link Status}
 */
record TrustedPublisher(
        String id,
        String issuer,
        IssuerKind kind,
        List<PackagePattern> packages,
        @Nullable String owner,
        @Nullable String ownerId,
        @Nullable String repository,
        @Nullable String repositoryId,
        @Nullable String workflow,
        @Nullable String reusableWorkflow,
        @Nullable String environment,
        @Nullable RefPattern refPattern,
        Map<String, String> claims,
        boolean schedule,
        Set<Action> actions,
        Status status) {

    /** What a publisher may do. */
    enum Action {
        PUBLISH,
        /** A person approves what was uploaded. */
        STAGE
    }

    /** Where a publisher stands. */
    enum Status {
        /** For a package that does not exist yet. */
        PENDING,
        ACTIVE,
        /** Stopped by an owner; it stays to be seen and does nothing. */
        FROZEN
    }

    private static final Pattern GITHUB_OWNER = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9-]*");
    private static final Pattern GITLAB_OWNER =
            Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]*(/[a-zA-Z0-9_][a-zA-Z0-9_.-]*)*");
    private static final Pattern REPOSITORY = Pattern.compile("[a-zA-Z0-9-_.]+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}");
    private static final Pattern FILE = Pattern.compile("[\\x20-\\x7e&&[^/\\\\@]]+\\.ya?ml");
    private static final Pattern PATH =
            Pattern.compile("[\\x20-\\x7e&&[^/\\\\@]]+(/[\\x20-\\x7e&&[^/\\\\@]]+)*\\.ya?ml");
    private static final Pattern REUSABLE = Pattern.compile(
            "[a-zA-Z0-9][a-zA-Z0-9-]*/[a-zA-Z0-9-_.]+/\\.github/workflows/[\\x20-\\x7e&&[^/\\\\@]]+\\.ya?ml(@[\\x21-\\x7e]+)?");
    private static final Pattern ENVIRONMENT = Pattern.compile("[^\\p{Cc}'\"`,;\\\\]+");
    private static final Pattern CLAIM_NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,100}");

    /**
     * @throws MalformedPublisherException when a field breaks its rule, or is missing, or is of another kind of issuer
     */
    TrustedPublisher {
        packages = List.copyOf(packages);
        claims = Map.copyOf(claims);
        actions = Set.copyOf(actions);
        if (packages.isEmpty()) {
            throw new MalformedPublisherException("packages", "", "name at least one, like `acme:http` or `acme:*`");
        }
        if (actions.isEmpty()) {
            throw new MalformedPublisherException("actions", "", "name at least one, like `publish`");
        }
        switch (kind) {
            case GITHUB -> {
                needed("owner", owner, GITHUB_OWNER, "letters, digits and hyphens, like `octo-org`");
                needed("repository", repository, REPOSITORY, "the bare name, like `widgets`");
                needed("workflow", workflow, FILE, "the bare name of a file in .github/workflows, like `release.yml`");
                optional(
                        "reusableWorkflow",
                        reusableWorkflow,
                        REUSABLE,
                        "owner/repository/.github/workflows/file.yml, with `@ref` or `@commit` if you like");
            }
            case GITLAB -> {
                needed("owner", owner, GITLAB_OWNER, "the path of a group or user, like `group/subgroup`");
                needed("repository", repository, REPOSITORY, "the bare name of the project, like `widgets`");
                needed("workflow", workflow, PATH, "the path of the pipeline's file, like `.gitlab-ci.yml`");
                none("reusableWorkflow", reusableWorkflow, kind);
            }
            case GENERIC -> {
                none("owner", owner, kind);
                none("ownerId", ownerId, kind);
                none("repository", repository, kind);
                none("repositoryId", repositoryId, kind);
                none("workflow", workflow, kind);
                none("reusableWorkflow", reusableWorkflow, kind);
                none("environment", environment, kind);
                none("refPattern", refPattern == null ? null : refPattern.toString(), kind);
            }
        }
        optional("ownerId", ownerId, NUMBER, "the number that the forge gives, like `65`");
        optional("repositoryId", repositoryId, NUMBER, "the number that the forge gives, like `74`");
        optional("environment", environment, ENVIRONMENT, "no control characters and none of '\"`,;\\");
        optional("refPattern", refPattern == null ? null : refPattern.toString(), Pattern.compile(".+"), "");
        requireClaims(kind, claims);
    }

    private static void requireClaims(IssuerKind kind, Map<String, String> claims) {
        if (kind != IssuerKind.GENERIC) {
            if (!claims.isEmpty()) {
                throw new MalformedPublisherException("claims", claims.toString(), "only generic issuers have them");
            }
            return;
        }
        // Either alone says who; any other claim may be every customer's of that issuer.
        if (!claims.containsKey("sub") && !claims.containsKey("email")) {
            throw new MalformedPublisherException("claims", claims.toString(), "they must name `sub` or `email`");
        }
        if (claims.size() > Limits.DEMANDED_CLAIMS) {
            throw new MalformedPublisherException(
                    "claims", claims.keySet().toString(), "there may be " + Limits.DEMANDED_CLAIMS + " at most");
        }
        claims.forEach((name, value) -> {
            if (!isClaimName(name) || GenericClaims.ABOUT_THE_TOKEN.contains(name)) {
                throw new MalformedPublisherException("claims", name, "it is no claim about who shows the token");
            }
            if (value.isEmpty() || value.length() > Limits.CLAIM_CHARACTERS) {
                throw new MalformedPublisherException(
                        "claims", value, name + " must have 1 to " + Limits.CLAIM_CHARACTERS + " characters");
            }
        });
    }

    static boolean isClaimName(String name) {
        return CLAIM_NAME.matcher(name).matches();
    }

    private static void needed(String field, @Nullable String value, Pattern form, String rule) {
        if (value == null) {
            throw new MalformedPublisherException(field, "", "it is needed: " + rule);
        }
        optional(field, value, form, rule);
    }

    private static void optional(String field, @Nullable String value, Pattern form, String rule) {
        if (value == null) {
            return;
        }
        if (value.length() > Limits.FIELD_CHARACTERS) {
            throw new MalformedPublisherException(
                    field, value, "it may have " + Limits.FIELD_CHARACTERS + " characters at most");
        }
        if (!form.matcher(value).matches()) {
            throw new MalformedPublisherException(field, value, rule);
        }
    }

    private static void none(String field, @Nullable String value, IssuerKind kind) {
        if (value != null) {
            throw new MalformedPublisherException(
                    field, value, "an issuer of kind " + kind + " has none; leave it out");
        }
    }

    /** {@code owner/repository}; empty of generic issuers. */
    String fullName() {
        return owner == null || repository == null ? "" : owner + "/" + repository;
    }

    /**
     * The same with the ids of a job that matched, where none were known: from its first use on, whoever takes the names
     * over is somebody else.
     */
    TrustedPublisher pinnedTo(IdentityClaims matched) {
        if (!(matched instanceof ForgeClaims job)) {
            return this;
        }
        return new TrustedPublisher(
                id,
                issuer,
                kind,
                packages,
                owner,
                ownerId == null ? job.ownerId() : ownerId,
                repository,
                repositoryId == null ? job.repositoryId() : repositoryId,
                workflow,
                reusableWorkflow,
                environment,
                refPattern,
                claims,
                schedule,
                actions,
                status);
    }
}

package dev.lair.registry.api;

import org.jspecify.annotations.Nullable;

/**
 * An error of the Lair API (RFC 9457). {@code type} is what programs compare; docs/API.md lists all.
 *
 * @param type {@code urn:lair:problem:…}, stable
 * @param title the same for all of a type
 * @param status of HTTP, once more
 * @param detail about this one
 * @param hint what to do next
 * @param requestId stands in the server's log too
 * @param field what is not as demanded, where one can be named: a claim of an identity
 * @param expected what is demanded of it
 * @param actual what it is; none when it is missing
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String hint,
        String requestId,
        @Nullable String field,
        @Nullable String expected,
        @Nullable String actual) {

    /**
     * What is not as demanded.
     *
     * @param field its name
     * @param expected what is demanded, where one value can be named
     * @param actual what it is; null when it is missing
     */
    public record Difference(
            String field,
            @Nullable String expected,
            @Nullable String actual) {}

    /** A problem that names no field. */
    public Problem(String type, String title, int status, String detail, String hint, String requestId) {
        this(type, title, status, detail, hint, requestId, null, null, null);
    }

    /** The same problem, with what is not as demanded. */
    public Problem with(Difference difference) {
        return new Problem(
                type,
                title,
                status,
                detail,
                hint,
                requestId,
                difference.field(),
                difference.expected(),
                difference.actual());
    }

    /** Kinds of problems. */
    public enum Kind {
        NO_SUCH_RELEASE(
                "no-such-release",
                "No such release",
                404,
                "look at the spelling; a version is written in full, as 1.2.3; a release is shown once a checkpoint covers it"),
        NO_WIT(
                "no-wit",
                "The release has no WIT",
                404,
                "core modules have none, and some components cannot be said in WIT; `gaps` of the version says why"),
        UNAUTHORIZED(
                "unauthorized",
                "A credential is needed",
                401,
                "log in, or send a token that is alive as `Authorization: Bearer lair_…`"),
        WRONG_CREDENTIALS("wrong-credentials", "Login or password is wrong", 401, "look at the spelling of both"),
        FORBIDDEN(
                "forbidden",
                "Not allowed",
                403,
                "an owner of the namespace gives roles; a token can be made with more scopes"),
        STEP_UP_REQUIRED(
                "step-up-required",
                "A fresh login is needed",
                403,
                "log in again; a login allows sensitive acts for 15 minutes, an API token only by its scopes"),
        CONFLICT("conflict", "It is otherwise by now", 409, "look at how it is now, and decide again"),
        INVALID("invalid", "The request asks for what cannot be", 422, "the detail names the value and its rule"),
        NO_SUCH_ACCOUNT("no-such-account", "No such account", 404, "look at the spelling of the login"),
        NO_SUCH_NAMESPACE(
                "no-such-namespace", "No such namespace", 404, "look at the spelling, or create the namespace first"),
        LOCKED("locked", "Too many failed logins", 429, "wait as long as Retry-After says"),
        TOO_MANY_REQUESTS("too-many-requests", "Too many requests", 429, "wait as long as Retry-After says"),
        QUOTA_EXCEEDED(
                "quota-exceeded",
                "More than there is room for",
                403,
                "the detail names the quota and when it begins anew; an administrator can allow a namespace more"),
        AUTHORIZATION_PENDING(
                "authorization-pending",
                "Nobody approved it yet",
                400,
                "ask again after the interval that you were told"),
        SLOW_DOWN("slow-down", "Asked too soon", 400, "wait five seconds longer between two questions"),
        EXPIRED_CODE("expired-code", "The code is over", 400, "begin the login again"),
        ACCESS_DENIED("access-denied", "The login was denied", 400, "ask who denied it, or begin the login again"),
        VERSION_EXISTS(
                "version-exists",
                "The version is released already",
                409,
                "a release never changes; choose another version"),
        NOT_IN_CUSTODY(
                "not-in-custody",
                "The registry holds no key for this",
                409,
                "the package's author grants the registry's key what it needs, or signs with the own key"),
        CONTENT_REFUSED(
                "content-refused", "The content is refused", 422, "mend what the detail names, and publish again"),
        KEY_REUSED(
                "key-reused", "The Idempotency-Key stands for another request", 422, "use a new key for a new request"),
        DIGEST_NEEDED(
                "digest-needed",
                "The digest of the body is needed",
                400,
                "send `Content-Digest: sha-256=:BASE64:` (RFC 9530) of the bytes that you send"),
        WRONG_DIGEST("wrong-digest", "The body has another digest", 400, "send the bytes again, and their own digest"),
        TOO_LARGE("too-large", "The body is too large", 413, "the detail says how much is taken"),
        UNSUPPORTED_TYPE(
                "unsupported-type",
                "The type of the body is not read here",
                415,
                "send application/wasm, or WIT texts as application/x-tar or application/zip"),
        MALFORMED_TOKEN(
                "malformed-token",
                "It is no identity token",
                400,
                "send the token as the forge gave it; docs/API.md says which claims it must have"),
        UNKNOWN_ISSUER(
                "unknown-issuer",
                "The identity's issuer is unknown",
                400,
                "the operator configures issuers (lair.trusted-publishing.issuers)"),
        ISSUER_UNAVAILABLE(
                "issuer-unavailable",
                "The issuer's keys cannot be had now",
                503,
                "try again after the seconds that Retry-After says, with a new identity token"),
        PROVIDER_UNAVAILABLE(
                "provider-unavailable",
                "The identity provider does not answer",
                503,
                "try again after the seconds that Retry-After says, or log in in another way"),
        INVALID_SIGNATURE(
                "invalid-signature", "The identity is not signed by its issuer", 400, "ask the forge for a new token"),
        TOKEN_EXPIRED(
                "token-expired",
                "Now is not the identity's time",
                400,
                "ask the forge for a token just before its use"),
        WRONG_AUDIENCE(
                "wrong-audience",
                "The identity is for somebody else",
                400,
                "ask the forge for a token with the audience that GET /api/v1/trusted-publishing/audience tells"),
        TOKEN_REUSED(
                "token-reused",
                "The identity was used before",
                400,
                "ask the forge for a new token; if nobody of yours used this one, look at the audit log"),
        EVENT_NOT_ALLOWED(
                "event-not-allowed",
                "What began the job may not publish",
                403,
                "publish from a push, a release or by hand; not from pull requests or what follows them"),
        NO_PUBLISHER(
                "no-publisher",
                "No publisher is this identity",
                403,
                "`lair publisher list` shows the publishers, `lair publisher test` what differs"),
        OWNER_ID_MISMATCH(
                "owner-id-mismatch", "The repository's owner is another", 403, "remove the publisher and add it anew"),
        REPOSITORY_ID_MISMATCH(
                "repository-id-mismatch",
                "The repository is another of the same name",
                403,
                "remove the publisher and add it anew"),
        WORKFLOW_MISMATCH(
                "workflow-mismatch",
                "Another workflow than the publisher's",
                403,
                "publish from the workflow that the publisher names, or change the publisher"),
        ENVIRONMENT_MISMATCH(
                "environment-mismatch",
                "Another environment than the publisher's",
                403,
                "run the job in the environment that the publisher names, or change the publisher"),
        REF_MISMATCH(
                "ref-mismatch",
                "Another ref than the publisher's",
                403,
                "publish from a ref that the publisher allows, or change the publisher"),
        PENDING_NAME_TAKEN(
                "pending-name-taken",
                "The package has begun in the meantime",
                409,
                "let its author grant the registry's key, or remove the publisher"),
        MALFORMED_QUERY(
                "malformed-query",
                "The search cannot be read",
                400,
                "mend the query at the place that the detail names; docs/API.md has its grammar"),
        DISABLED("disabled", "Stopped", 403, "the detail says who can let it go on"),
        NOT_FOUND("not-found", "Nothing there", 404, "docs/API.md lists the paths of this API"),
        BAD_REQUEST("bad-request", "The request cannot be read", 400, "docs/API.md says what a request may have"),
        METHOD_NOT_ALLOWED("method-not-allowed", "Another method is needed", 405, "the header Allow names it"),
        BUSY("busy", "Busy", 503, "try again after the seconds that Retry-After says"),
        UNAVAILABLE("unavailable", "Not available now", 503, "try again later; the operator's log says what failed"),
        INTERNAL("internal", "Internal fault", 500, "report it with the request id; the server's log has the details");

        private final String code;
        private final String title;
        private final int status;
        private final String hint;

        Kind(String code, String title, int status, String hint) {
            this.code = code;
            this.title = title;
            this.status = status;
            this.hint = hint;
        }

        /** The stable type. */
        public String type() {
            return "urn:lair:problem:" + code;
        }

        public int status() {
            return status;
        }

        /** A problem of this kind. */
        public Problem problem(String detail, String requestId) {
            return new Problem(type(), title, status, detail, hint, requestId);
        }

        /** The same with the status that HTTP has, for kinds that stand for several. */
        public Problem problem(int otherStatus, String detail, String requestId) {
            return new Problem(type(), title, otherStatus, detail, hint, requestId);
        }
    }
}

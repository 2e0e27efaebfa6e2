package dev.lair.registry.api;

/**
 * An error of the Lair API (RFC 9457). {@code type} is what programs compare; docs/API.md lists all.
 *
 * @param type {@code urn:lair:problem:…}, stable
 * @param title the same for all of a type
 * @param status of HTTP, once more
 * @param detail about this one
 * @param hint what to do next
 * @param requestId stands in the server's log too
 */
public record Problem(String type, String title, int status, String detail, String hint, String requestId) {

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
        AUTHORIZATION_PENDING(
                "authorization-pending",
                "Nobody approved it yet",
                400,
                "ask again after the interval that you were told"),
        SLOW_DOWN("slow-down", "Asked too soon", 400, "wait five seconds longer between two questions"),
        EXPIRED_CODE("expired-code", "The code is over", 400, "begin the login again"),
        ACCESS_DENIED("access-denied", "The login was denied", 400, "ask who denied it, or begin the login again"),
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

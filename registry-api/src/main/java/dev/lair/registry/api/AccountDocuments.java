package dev.lair.registry.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bodies about who one is: login, session, tokens, audit. Times are RFC 3339. What has a secret in it does not show it in
 * {@code toString}.
 */
public final class AccountDocuments {

    private AccountDocuments() {}

    /** {@code POST /api/v1/login}. */
    public record Login(String login, String password) {

        public Login {
            require(login, "login");
            require(password, "password");
        }

        @Override
        public String toString() {
            return "Login[" + login + "]";
        }
    }

    /**
     * A new session.
     *
     * @param token {@code lair_pat_…}, told this once
     * @param steppedUpUntil until when sensitive acts need no new login
     */
    public record Session(String token, String expiresAt, String steppedUpUntil, Account account) {

        @Override
        public String toString() {
            return "Session[of " + account.login() + ", until " + expiresAt + "]";
        }
    }

    /** An account as others see it. */
    public record Account(String id, String login, String displayName, String kind, boolean administrator) {}

    /** {@code POST /api/v1/accounts}: an administrator makes a local account. */
    public record NewAccount(String login, @Nullable String displayName, String password) {

        public NewAccount {
            require(login, "login");
            require(password, "password");
        }

        @Override
        public String toString() {
            return "NewAccount[" + login + "]";
        }
    }

    /**
     * {@code POST /api/v1/login/device}: the answer.
     *
     * @param deviceCode {@code lair_dev_…}, which the device polls with
     * @param userCode {@code ABCD-EFGH}, which a person types
     * @param expiresIn seconds
     * @param interval seconds between two polls, at least
     */
    public record DeviceLogin(String deviceCode, String userCode, String verificationUri, int expiresIn, int interval) {

        @Override
        public String toString() {
            return "DeviceLogin[" + verificationUri + "]";
        }
    }

    /** {@code POST /api/v1/login/device/token}. */
    public record DevicePoll(String deviceCode) {

        public DevicePoll {
            require(deviceCode, "deviceCode");
        }

        @Override
        public String toString() {
            return "DevicePoll[]";
        }
    }

    /**
     * {@code POST /api/v1/login/device/approve}.
     *
     * @param deny true to refuse it
     */
    public record DeviceDecision(String userCode, @Nullable Boolean deny) {

        public DeviceDecision {
            require(userCode, "userCode");
        }
    }

    /**
     * {@code GET /api/v1/account}: who is asking.
     *
     * @param kind {@code session}, {@code token} or {@code trusted}
     * @param account of a session or token
     * @param expiresAt of the credential
     * @param steppedUpUntil of a session
     * @param scopes of a token; a session has all
     * @param packages patterns that a token or trusted publisher may touch; empty for all that the account may
     * @param namespaces of which the account is something
     */
    public record WhoAmI(
            String kind,
            @Nullable Account account,
            @Nullable String expiresAt,
            @Nullable String steppedUpUntil,
            List<String> scopes,
            List<String> packages,
            List<NamespaceDocuments.Mine> namespaces) {}

    /**
     * {@code POST /api/v1/tokens}.
     *
     * @param packages {@code ns:name} or {@code ns:*}; none for all that the account may touch
     * @param expiresInDays 1 to 90
     */
    public record NewToken(
            String label, List<String> scopes, @Nullable List<String> packages, Integer expiresInDays) {

        public NewToken {
            require(label, "label");
            require(scopes, "scopes");
            require(expiresInDays, "expiresInDays");
        }
    }

    /**
     * An API token.
     *
     * @param token {@code lair_pat_…}: only in the answer that made it
     * @param lastUsedAt to the hour
     */
    public record Token(
            String id,
            @Nullable String token,
            String label,
            List<String> scopes,
            List<String> packages,
            String createdAt,
            String expiresAt,
            @Nullable String lastUsedAt) {

        @Override
        public String toString() {
            return "Token[" + id + "]";
        }
    }

    /** {@code GET /api/v1/tokens}. */
    public record Tokens(List<Token> tokens) {}

    /**
     * {@code GET /api/v1/audit}: newest first.
     *
     * @param before to ask for the next page with; absent on the last
     */
    public record Audit(List<Act> acts, @Nullable Long before) {}

    /**
     * One act.
     *
     * @param actor account, token or publisher id; {@code registry} for its own
     * @param detail an object that depends on the act
     */
    public record Act(
            long id,
            String at,
            String actor,
            String act,
            String namespace,
            String subject,
            Object detail,
            String requestId) {}

    static void require(@Nullable Object member, String name) {
        if (member == null) {
            throw new IllegalArgumentException("the member `" + name + "` is missing");
        }
    }
}

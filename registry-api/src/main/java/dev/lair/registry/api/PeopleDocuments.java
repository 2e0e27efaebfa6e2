package dev.lair.registry.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies about people: how they log in, in which organisations they are, and how they are stopped. Times are RFC 3339. */
public final class PeopleDocuments {

    private PeopleDocuments() {}

    /** {@code GET /api/v1/login/providers}: each is begun at {@code /login/with/NAME}. */
    public record Providers(List<Provider> providers) {}

    /** A provider. */
    public record Provider(String name, String label) {}

    /**
     * {@code GET /api/v1/account/identities}.
     *
     * @param password whether the account has one, which is another way in
     */
    public record Identities(List<Identity> identities, boolean password) {}

    /**
     * By whom an account is known elsewhere.
     *
     * @param provider name of a provider that is configured; absent when none of this issuer is, so that it is no way in
     * @param shown how the issuer calls them; for eyes only
     */
    public record Identity(String id, @Nullable String provider, String issuer, String shown, String linkedAt) {}

    /** {@code POST /api/v1/organisations}. */
    public record NewOrganisation(String login, @Nullable String displayName) {

        public NewOrganisation {
            AccountDocuments.require(login, "login");
        }
    }

    /** {@code GET /api/v1/organisations}: those that the asking account is in. */
    public record Organisations(List<Belonging> organisations) {}

    /** An organisation, and what the asking account is in it: {@code owner} or {@code member}. */
    public record Belonging(String login, String displayName, String role) {}

    /** An organisation and who is in it. */
    public record Organisation(String login, String displayName, List<OrganisationMember> members) {}

    /** Somebody in an organisation: {@code owner} or {@code member}. */
    public record OrganisationMember(String login, String role, String addedAt) {}

    /**
     * What somebody left behind who manages a namespace no more.
     *
     * @param publishers that they created, which go on releasing until somebody freezes or removes them
     */
    public record Departure(List<ToReview> publishers) {}

    /** A trusted publisher to look at. */
    public record ToReview(String id, String namespace, List<String> packages, String status) {}

    /**
     * {@code GET /api/v1/accounts}, by login.
     *
     * @param after to ask for the next page with; absent on the last
     */
    public record Accounts(
            List<ListedAccount> accounts, @Nullable String after) {}

    /** An account as administrators see it; {@code state} is {@code active} or {@code frozen}. */
    public record ListedAccount(
            String id,
            String login,
            String displayName,
            String kind,
            boolean administrator,
            String state,
            String createdAt) {}

    /** {@code POST /api/v1/accounts/{login}/freeze}. */
    public record AccountFreeze(String reason) {

        public AccountFreeze {
            AccountDocuments.require(reason, "reason");
        }
    }

    /**
     * What was done to an account.
     *
     * @param sessions that ended
     * @param tokens that were revoked
     * @param publishers that it created, and that stand still until an owner lets them go on
     */
    public record FrozenAccount(String login, String state, int sessions, int tokens, List<ToReview> publishers) {}

    /**
     * {@code POST /api/v1/namespaces/{namespace}/freeze}.
     *
     * @param since RFC 3339: releases since then are listed; without it those of the last 30 days
     */
    public record NamespaceFreeze(String reason, @Nullable String since) {

        public NamespaceFreeze {
            AccountDocuments.require(reason, "reason");
        }
    }

    /**
     * A namespace that was frozen.
     *
     * @param tokens that were revoked, of people and of publishers
     * @param publishers that may not release until the namespace goes on; to be looked at before
     * @param releases that the registry signed since {@code since}, the oldest first, 1000 at most
     */
    public record FrozenNamespace(
            String name,
            String frozenAt,
            int tokens,
            List<ToReview> publishers,
            String since,
            List<SignedRelease> releases) {}

    /** A release that the registry signed with its key. */
    public record SignedRelease(String packageName, String version, String releasedAt) {}

    /**
     * {@code POST /api/v1/namespaces/{namespace}/recover}.
     *
     * @param to login of who becomes an owner
     * @param reason that the audit log keeps
     */
    public record Recovery(String to, String reason) {

        public Recovery {
            AccountDocuments.require(to, "to");
            AccountDocuments.require(reason, "reason");
        }
    }
}

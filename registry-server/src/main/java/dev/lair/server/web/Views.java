package dev.lair.server.web;

import dev.lair.registry.api.PublisherDocuments;
import dev.lair.server.access.Form;
import dev.lair.server.account.DeviceLogins;
import dev.lair.server.account.Scope;
import dev.lair.server.account.Sessions;
import dev.lair.server.namespace.NamespaceOwners;
import dev.lair.server.trustedpublishing.Publishers;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.TokenRows;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each page shows, one record a template. Texts are as they are: templates escape them. {@code form} is what stands in the
 * fields of a page's forms, and {@code failed} names the form that was refused, where a page has several.
 */
public final class Views {

    private Views() {}

    /**
     * A provider by which somebody logs in, or confirms that it is they.
     *
     * @param name as people call it
     * @param path of ours that begins it, with its query; begins with a slash
     */
    public record ProviderLink(String name, String path) {}

    /** {@code login.jte}. */
    public record Login(String login, String next, List<ProviderLink> providers) {}

    /**
     * {@code again.jte}.
     *
     * @param password whether the account has one
     * @param kept whether the form to come back to is filled in again
     */
    public record Again(String login, boolean password, String next, boolean kept, List<ProviderLink> providers) {}

    /**
     * {@code device.jte}.
     *
     * @param waiting the login that the code is of; null before it was found
     */
    public record Device(Form form, DeviceLogins.@Nullable Waiting waiting) {}

    /** {@code settings/profile.jte}; {@code password} says whether the account has one. */
    public record Profile(
            String login,
            boolean administrator,
            boolean password,
            List<Sessions.Seen> sessions,
            List<Linked> identities,
            List<ProviderLink> links) {}

    /** An identity by which the account logs in. */
    public record Linked(String id, String shown, String issuer, Instant linkedAt) {}

    /** A scope to tick. */
    public record Choice(Scope scope, String words, boolean ticked) {}

    /**
     * {@code settings/tokens.jte}.
     *
     * @param created the text of a token that was just made, which no page shows again; null otherwise
     */
    public record Tokens(
            List<TokenRows.Token> tokens,
            List<Choice> scopes,
            Form form,
            @Nullable String created) {}

    /** {@code settings/namespaces.jte}. */
    public record Namespaces(List<NamespaceOwners.Mine> mine, Form form) {}

    /**
     * {@code settings/namespace.jte}.
     *
     * @param owns whether who looks gives roles and hands the namespace on
     * @param audits whether who looks reads its audit log
     * @param publishes whether who looks sees its publishers
     */
    public record Namespace(
            NamespaceRows.Namespace namespace,
            List<NamespaceRows.Member> members,
            boolean owns,
            boolean audits,
            boolean publishes,
            Form form,
            String failed) {}

    /** {@code settings/publishers.jte}: the namespaces to choose from. */
    public record PublisherChoice(List<NamespaceOwners.Mine> mine) {}

    /**
     * {@code settings/publishers-of.jte}.
     *
     * @param manages whether who looks adds and removes
     * @param issuer that the form is for; null when none is configured
     * @param tested how an identity compares with each publisher; null before one was tested
     */
    public record PublishersOf(
            String namespace,
            boolean manages,
            List<PublisherDocuments.Publisher> publishers,
            List<Publishers.Issuer> issuers,
            Publishers.@Nullable Issuer issuer,
            PublisherDocuments.@Nullable Tested tested,
            Form form,
            String failed) {}

    /** {@code settings/audit.jte}: whose log there is to read. */
    public record AuditChoice(List<String> namespaces) {}

    /**
     * {@code settings/audit-of.jte}.
     *
     * @param namespace of which the acts are; empty for all of the registry
     * @param logins of the accounts that acted, by id
     * @param next the query that leads to older ones; null when there are none
     */
    public record Audit(
            String namespace,
            List<AuditRows.Row> rows,
            Map<String, String> logins,
            @Nullable String next) {

        /** Who did it, as people call them. */
        public String actor(AuditRows.Row row) {
            return logins.getOrDefault(row.act().actor(), row.act().actor());
        }
    }

    /** {@code approvals.jte}. */
    public record Approvals(List<NamespaceOwners.Known> waiting) {}
}

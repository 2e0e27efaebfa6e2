package dev.lair.storage.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Trusted publishers: identities of CI jobs that may release. What a field may be is not known here. */
public final class PublisherRows {

    /** Where a publisher stands. */
    public enum Status {
        /** For a package that does not exist yet; over at {@link Publisher#expiresAt}. */
        PENDING,
        ACTIVE,
        /** Stopped; it stays to be seen. */
        FROZEN
    }

    /**
     * A publisher. Fields of the forge that it has not are empty texts, as are ids until the first use pins them.
     *
     * @param id {@code pub_…}
     * @param namespace of all its packages
     * @param packages {@code ns:name} or {@code ns:*}
     * @param kind of the issuer, a word
     * @param events what may begin a run beyond the default
     * @param claims a JSON object of what a generic issuer's token must say
     * @param actions what it may do
     * @param createdBy account
     * @param expiresAt of one that was never used for its package; empty for never
     */
    public record Publisher(
            String id,
            String namespace,
            List<String> packages,
            String issuer,
            String kind,
            String owner,
            String ownerId,
            String repository,
            String repositoryId,
            String workflow,
            String reusableWorkflow,
            String environment,
            String refPattern,
            List<String> events,
            String claims,
            List<String> actions,
            Status status,
            String createdBy,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> lastUsedAt) {

        public Publisher {
            packages = List.copyOf(packages);
            events = List.copyOf(events);
            actions = List.copyOf(actions);
        }
    }

    private static final String COLUMNS = "id, namespace, packages, issuer, kind, owner, owner_id, repository,"
            + " repository_id, workflow, reusable_workflow, environment, ref_pattern, events, claims, actions, status,"
            + " created_by, created_at, expires_at, last_used_at";

    private static final String SELECT = "SELECT " + COLUMNS + " FROM publisher WHERE ";

    private final Sql sql;

    PublisherRows(Sql sql) {
        this.sql = sql;
    }

    public void add(Publisher publisher) {
        sql.change(
                "INSERT INTO publisher (" + COLUMNS
                        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                publisher.id(),
                publisher.namespace(),
                Sql.joined(publisher.packages()),
                publisher.issuer(),
                publisher.kind(),
                publisher.owner(),
                publisher.ownerId(),
                publisher.repository(),
                publisher.repositoryId(),
                publisher.workflow(),
                publisher.reusableWorkflow(),
                publisher.environment(),
                publisher.refPattern(),
                Sql.joined(publisher.events()),
                publisher.claims(),
                Sql.joined(publisher.actions()),
                publisher.status(),
                publisher.createdBy(),
                publisher.createdAt(),
                Sql.millisOrZero(publisher.expiresAt()),
                Sql.millisOrZero(publisher.lastUsedAt()));
    }

    public Optional<Publisher> find(String id) {
        return sql.first(SELECT + "id = ?", PublisherRows::publisher, id);
    }

    /** Those of a namespace, oldest first. */
    public List<Publisher> ofNamespace(String namespace) {
        return sql.all(SELECT + "namespace = ? ORDER BY created_at, id", PublisherRows::publisher, namespace);
    }

    /** Those that an account created, in whatever namespace, oldest first. */
    public List<Publisher> createdBy(String accountId) {
        return sql.all(SELECT + "created_by = ? ORDER BY created_at, id", PublisherRows::publisher, accountId);
    }

    /**
     * Those of an issuer that a repository might be: the ones that have its id, and the ones that have its name, whatever id
     * they have.
     *
     * @param fullName {@code owner/repository}, its letters A to Z made small
     */
    public List<Publisher> ofRepository(String issuer, String repositoryId, String fullName) {
        return sql.all(
                SELECT + "issuer = ? AND ((repository_id = ? AND repository_id <> '')"
                        + " OR lower(owner || '/' || repository) = ?) ORDER BY id",
                PublisherRows::publisher,
                issuer,
                repositoryId,
                fullName);
    }

    /** All of an issuer. */
    public List<Publisher> ofIssuer(String issuer) {
        return sql.all(SELECT + "issuer = ? ORDER BY id", PublisherRows::publisher, issuer);
    }

    /** Notes a use: what is empty of the ids is as given from now on, and who was pending is not any more. */
    public void used(String id, String ownerId, String repositoryId, Instant now) {
        sql.change(
                "UPDATE publisher SET owner_id = CASE WHEN owner_id = '' THEN ? ELSE owner_id END,"
                        + " repository_id = CASE WHEN repository_id = '' THEN ? ELSE repository_id END,"
                        + " status = CASE WHEN status = 'pending' THEN 'active' ELSE status END,"
                        + " expires_at = 0, last_used_at = ? WHERE id = ?",
                ownerId,
                repositoryId,
                now,
                id);
    }

    /** Moves a publisher from one status to another; false when it is not in the first. */
    public boolean move(String id, Status from, Status to) {
        return sql.change("UPDATE publisher SET status = ? WHERE id = ? AND status = ?", to, id, from) == 1;
    }

    /** Removes a publisher; false when there is none. */
    public boolean remove(String id) {
        return sql.change("DELETE FROM publisher WHERE id = ?", id) == 1;
    }

    /** Those that were never used for their package in time. */
    public List<Publisher> expired(Instant now, int limit) {
        return sql.all(
                SELECT + "expires_at > 0 AND expires_at <= ? ORDER BY expires_at, id LIMIT ?",
                PublisherRows::publisher,
                now,
                limit);
    }

    private static Publisher publisher(ResultSet row) throws SQLException {
        return new Publisher(
                row.getString("id"),
                row.getString("namespace"),
                Sql.words(row, "packages"),
                row.getString("issuer"),
                row.getString("kind"),
                row.getString("owner"),
                row.getString("owner_id"),
                row.getString("repository"),
                row.getString("repository_id"),
                row.getString("workflow"),
                row.getString("reusable_workflow"),
                row.getString("environment"),
                row.getString("ref_pattern"),
                Sql.words(row, "events"),
                row.getString("claims"),
                Sql.words(row, "actions"),
                Sql.word(row, "status", Status.class),
                row.getString("created_by"),
                Sql.time(row, "created_at"),
                Sql.timeOrNever(row, "expires_at"),
                Sql.timeOrNever(row, "last_used_at"));
    }
}

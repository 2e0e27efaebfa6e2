package dev.lair.registry.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies about namespaces and who may do what in them. Times are RFC 3339. */
public final class NamespaceDocuments {

    private NamespaceDocuments() {}

    /** {@code POST /api/v1/namespaces}. */
    public record NewNamespace(String name) {

        public NewNamespace {
            AccountDocuments.require(name, "name");
        }
    }

    /**
     * A namespace.
     *
     * @param state {@code active}, {@code defining} for a moment, {@code pending-approval} or {@code rejected}
     * @param note why it waits, or was rejected
     * @param trustedOnly whether only trusted publishers release in it
     * @param members who is what
     */
    public record Namespace(
            String name,
            String state,
            @Nullable String note,
            boolean trustedOnly,
            String createdAt,
            List<Member> members) {}

    /** Who is what: {@code owner}, {@code maintainer} or {@code publisher}. */
    public record Member(String login, String role, String addedAt) {}

    /** A namespace of which the asking account is something. */
    public record Mine(String name, String state, String role) {}

    /**
     * {@code GET /api/v1/namespaces}.
     *
     * @param namespaces of which the asking account is something
     * @param waiting for a decision, for administrators alone
     */
    public record Namespaces(
            List<Mine> namespaces, @Nullable List<Namespace> waiting) {}

    /** {@code PUT /api/v1/namespaces/{namespace}/members/{login}}. */
    public record NewRole(String role) {

        public NewRole {
            AccountDocuments.require(role, "role");
        }
    }

    /** {@code POST /api/v1/namespaces/{namespace}/transfer}: to this login. */
    public record Transfer(String to) {

        public Transfer {
            AccountDocuments.require(to, "to");
        }
    }

    /** {@code POST /api/v1/namespaces/{namespace}/reject}. */
    public record Rejection(String reason) {

        public Rejection {
            AccountDocuments.require(reason, "reason");
        }
    }

    /** {@code PATCH /api/v1/namespaces/{namespace}}. */
    public record Change(Boolean trustedOnly) {

        public Change {
            AccountDocuments.require(trustedOnly, "trustedOnly");
        }
    }
}

package dev.lair.server.web;

import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.account.Accounts;
import dev.lair.server.audit.AuditLog;
import dev.lair.server.namespace.NamespaceOwners;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.Role;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /settings/audit}: what was done, to whoever may know. */
@RestController
class AuditPages {

    private static final String CHOICE = "/settings/audit";

    private final AuditLog log;
    private final Accounts accounts;
    private final NamespaceOwners owners;

    AuditPages(AuditLog log, Accounts accounts, NamespaceOwners owners) {
        this.log = log;
        this.accounts = accounts;
        this.owners = owners;
    }

    @Access(Act.SEE_NAMESPACES)
    @GetMapping(CHOICE)
    ResponseEntity<byte[]> choose(Visit visit) {
        return visit.show(
                "settings/audit.jte",
                visit.page("Audit log"),
                new Views.AuditChoice(owners.of(visit.person().accountId()).stream()
                        .filter(mine -> mine.role() == Role.OWNER)
                        .map(mine -> mine.namespace().name())
                        .toList()));
    }

    @Access(Act.READ_WHOLE_AUDIT)
    @GetMapping(CHOICE + "/registry")
    ResponseEntity<byte[]> ofRegistry(Visit visit) {
        return shown(visit, null);
    }

    @Access(Act.READ_AUDIT)
    @GetMapping("/settings/namespaces/{namespace}/audit")
    ResponseEntity<byte[]> ofNamespace(@PathVariable String namespace, Visit visit) {
        return shown(visit, namespace);
    }

    private ResponseEntity<byte[]> shown(Visit visit, @Nullable String namespace) {
        List<AuditRows.Row> rows = log.page(namespace, visit.prefilled().given("before"));
        Long next = AuditLog.next(rows);
        return visit.show(
                "settings/audit-of.jte",
                visit.page(namespace == null ? "Audit log" : "Audit log of " + namespace),
                new Views.Audit(
                        namespace == null ? "" : namespace,
                        rows,
                        accounts.logins(
                                rows.stream().map(row -> row.act().actor()).collect(Collectors.toUnmodifiableSet())),
                        next == null ? null : "?before=" + next));
    }
}

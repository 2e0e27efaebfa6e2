package dev.lair.server.web;

import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.Form;
import dev.lair.server.access.FormOf;
import dev.lair.server.namespace.NamespaceOwners;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /approvals}: what administrators decide on. */
@RestController
class ApprovalPages {

    private static final String PAGE = "/approvals";

    private final NamespaceOwners owners;

    ApprovalPages(NamespaceOwners owners) {
        this.owners = owners;
    }

    @Access(Act.SEE_APPROVALS)
    @GetMapping(PAGE)
    ResponseEntity<byte[]> waiting(Visit visit) {
        return shown(visit, visit.page("Approvals"));
    }

    @Access(Act.APPROVE)
    @FormOf(PAGE)
    @PostMapping(PAGE + "/{namespace}/approve")
    ResponseEntity<byte[]> approve(@PathVariable String namespace, Visit visit) {
        return visit.attempt(
                () -> {
                    owners.approve(visit.requester(), PagePaths.namespace(namespace));
                    return visit.redirect(PAGE, Done.APPROVED);
                },
                fault -> shown(visit, visit.page("Approvals").with(fault)));
    }

    @Access(Act.APPROVE)
    @FormOf(PAGE)
    @PostMapping(PAGE + "/{namespace}/reject")
    ResponseEntity<byte[]> reject(@PathVariable String namespace, Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    owners.reject(
                            visit.requester(),
                            PagePaths.namespace(namespace),
                            form.one("reason").strip());
                    return visit.redirect(PAGE, Done.REJECTED);
                },
                fault -> shown(visit, visit.page("Approvals").with(fault)));
    }

    private ResponseEntity<byte[]> shown(Visit visit, Page page) {
        return visit.show("approvals.jte", page, new Views.Approvals(owners.waiting()));
    }
}

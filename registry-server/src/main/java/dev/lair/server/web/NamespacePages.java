package dev.lair.server.web;

import dev.lair.registry.Namespace;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.Form;
import dev.lair.server.access.FormOf;
import dev.lair.server.namespace.NamespaceOwners;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.Role;
import java.util.Arrays;
import java.util.Locale;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /settings/namespaces}: those of which one is something, and what is done with one. */
@RestController
class NamespacePages {

    private static final String PAGE = "/settings/namespaces";
    private static final String ONE = PAGE + "/{namespace}";

    private final NamespaceOwners owners;
    private final Allowed allowed;

    NamespacePages(NamespaceOwners owners, Allowed allowed) {
        this.owners = owners;
        this.allowed = allowed;
    }

    @Access(Act.SEE_NAMESPACES)
    @GetMapping(PAGE)
    ResponseEntity<byte[]> list(Visit visit) {
        return shown(visit, visit.page("Namespaces"), visit.prefilled());
    }

    @Access(Act.CREATE_NAMESPACE)
    @FormOf(PAGE)
    @PostMapping(PAGE)
    ResponseEntity<byte[]> create(Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    NamespaceRows.Namespace made = owners.create(
                                    visit.requester(), form.one("name").strip())
                            .namespace();
                    return visit.redirect(
                            PAGE + "/" + made.name(),
                            made.state() == NamespaceRows.State.PENDING
                                    ? Done.NAMESPACE_ASKED_FOR
                                    : Done.NAMESPACE_CREATED);
                },
                fault -> shown(visit, visit.page("Namespaces").with(fault), form));
    }

    private ResponseEntity<byte[]> shown(Visit visit, Page page, Form form) {
        return visit.show(
                "settings/namespaces.jte",
                page,
                new Views.Namespaces(owners.of(visit.person().accountId()), form));
    }

    @Access(Act.SEE_NAMESPACES)
    @GetMapping(ONE)
    ResponseEntity<byte[]> one(@PathVariable String namespace, Visit visit) {
        return shown(visit, PagePaths.namespace(namespace), visit.page(namespace), visit.prefilled(), "");
    }

    @Access(Act.MANAGE_ROLES)
    @FormOf(ONE)
    @PostMapping(ONE + "/members")
    ResponseEntity<byte[]> setRole(@PathVariable String namespace, Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    owners.setRole(
                            visit.requester(),
                            PagePaths.namespace(namespace),
                            form.one("login").strip(),
                            role(form.one("role")));
                    return visit.redirect(PAGE + "/" + namespace, Done.ROLE_GIVEN);
                },
                fault -> refused(visit, namespace, fault, form, "members"));
    }

    @Access(Act.MANAGE_ROLES)
    @FormOf(ONE)
    @PostMapping(ONE + "/members/remove")
    ResponseEntity<byte[]> removeRole(@PathVariable String namespace, Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    owners.removeRole(visit.requester(), PagePaths.namespace(namespace), form.one("login"));
                    // Who took their own role may look no more at what was theirs alone; the page itself is
                    // everybody's.
                    return visit.redirect(PAGE + "/" + namespace, Done.ROLE_TAKEN);
                },
                fault -> refused(visit, namespace, fault, Form.EMPTY, "members"));
    }

    @Access(Act.TRANSFER)
    @FormOf(ONE)
    @PostMapping(ONE + "/transfer")
    ResponseEntity<byte[]> transfer(@PathVariable String namespace, Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    if (!form.one("confirm").strip().equals(namespace)) {
                        throw new ProblemException(
                                Problem.Kind.INVALID, "to hand on `" + namespace + "`, type its name as it is here");
                    }
                    owners.transfer(
                            visit.requester(),
                            PagePaths.namespace(namespace),
                            form.one("to").strip());
                    return visit.redirect(PAGE + "/" + namespace, Done.TRANSFERRED);
                },
                fault -> refused(visit, namespace, fault, form, "transfer"));
    }

    @Access(Act.TRUSTED_ONLY)
    @FormOf(ONE)
    @PostMapping(ONE + "/trusted-only")
    ResponseEntity<byte[]> setTrustedOnly(@PathVariable String namespace, Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    owners.setTrustedOnly(visit.requester(), PagePaths.namespace(namespace), form.isTicked("on"));
                    return visit.redirect(PAGE + "/" + namespace, Done.TRUSTED_ONLY_SET);
                },
                fault -> refused(visit, namespace, fault, form, "trusted-only"));
    }

    private ResponseEntity<byte[]> refused(Visit visit, String namespace, Page.Fault fault, Form form, String failed) {
        return shown(
                visit, PagePaths.namespace(namespace), visit.page(namespace).with(fault), form, failed);
    }

    private ResponseEntity<byte[]> shown(Visit visit, Namespace namespace, Page page, Form form, String failed) {
        NamespaceOwners.Known known = owners.find(namespace);
        return visit.show(
                "settings/namespace.jte",
                page,
                new Views.Namespace(
                        known.namespace(),
                        known.members(),
                        allowed.to(Act.MANAGE_ROLES, visit.requester(), namespace),
                        allowed.to(Act.READ_AUDIT, visit.requester(), namespace),
                        allowed.to(Act.SEE_PUBLISHERS, visit.requester(), namespace),
                        form,
                        failed));
    }

    private static Role role(String label) {
        return Arrays.stream(Role.values())
                .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(label))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.INVALID, "a role is owner, maintainer or publisher, not `" + label + "`"));
    }
}

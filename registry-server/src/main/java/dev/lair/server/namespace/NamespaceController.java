package dev.lair.server.namespace;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.NamespaceDocuments;
import dev.lair.registry.api.PeopleDocuments;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.server.access.ToReview;
import dev.lair.server.account.Caller;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.NamespaceRows.State;
import dev.lair.storage.registry.Role;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/namespaces}: who owns which namespace, and who may do what in it; see {@link NamespaceOwners}. */
@RestController
class NamespaceController {

    private final NamespaceOwners owners;

    NamespaceController(NamespaceOwners owners) {
        this.owners = owners;
    }

    @Access(Act.SEE_NAMESPACES)
    @GetMapping("/" + ApiPaths.NAMESPACES)
    ResponseEntity<byte[]> list(Requester requester) {
        Caller.Person person = requester.person();
        List<NamespaceDocuments.Mine> mine = owners.of(person.accountId()).stream()
                .map(each -> new NamespaceDocuments.Mine(
                        each.namespace().name(), label(each.namespace().state()), label(each.role())))
                .toList();
        return JsonBody.ok(new NamespaceDocuments.Namespaces(
                mine,
                person.administrator()
                        ? owners.waiting().stream()
                                .map(NamespaceController::document)
                                .toList()
                        : null));
    }

    @Access(Act.CREATE_NAMESPACE)
    @PostMapping("/" + ApiPaths.NAMESPACES)
    ResponseEntity<byte[]> create(InputStream in, Requester requester) {
        NamespaceDocuments.NewNamespace body = JsonBody.read(in, NamespaceDocuments.NewNamespace.class);
        return JsonBody.reply(HttpStatus.CREATED, document(owners.create(requester, body.name())));
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.NAMESPACE)
    ResponseEntity<byte[]> get(@PathVariable String namespace) {
        return JsonBody.ok(document(owners.find(parse(namespace))));
    }

    @Access(Act.TRUSTED_ONLY)
    @PatchMapping("/" + ApiPaths.NAMESPACE)
    ResponseEntity<byte[]> change(@PathVariable String namespace, InputStream in, Requester requester) {
        NamespaceDocuments.Change body = JsonBody.read(in, NamespaceDocuments.Change.class);
        return JsonBody.ok(document(owners.setTrustedOnly(requester, parse(namespace), body.trustedOnly())));
    }

    @Access(Act.MANAGE_ROLES)
    @PutMapping("/" + ApiPaths.NAMESPACE_MEMBER)
    ResponseEntity<byte[]> setRole(
            @PathVariable String namespace, @PathVariable String login, InputStream in, Requester requester) {
        owners.setRole(
                requester,
                parse(namespace),
                login,
                role(JsonBody.read(in, NamespaceDocuments.NewRole.class).role()));
        return JsonBody.done();
    }

    @Access(Act.MANAGE_ROLES)
    @DeleteMapping("/" + ApiPaths.NAMESPACE_MEMBER)
    ResponseEntity<byte[]> removeRole(@PathVariable String namespace, @PathVariable String login, Requester requester) {
        return JsonBody.ok(new PeopleDocuments.Departure(
                ToReview.documents(owners.removeRole(requester, parse(namespace), login))));
    }

    @Access(Act.TRANSFER)
    @PostMapping("/" + ApiPaths.NAMESPACE_TRANSFER)
    ResponseEntity<byte[]> transfer(@PathVariable String namespace, InputStream in, Requester requester) {
        NamespaceDocuments.Transfer body = JsonBody.read(in, NamespaceDocuments.Transfer.class);
        return JsonBody.ok(document(owners.transfer(requester, parse(namespace), body.to())));
    }

    @Access(Act.APPROVE)
    @PostMapping("/" + ApiPaths.NAMESPACE_APPROVE)
    ResponseEntity<byte[]> approve(@PathVariable String namespace, Requester requester) {
        return JsonBody.ok(document(owners.approve(requester, parse(namespace))));
    }

    @Access(Act.APPROVE)
    @PostMapping("/" + ApiPaths.NAMESPACE_REJECT)
    ResponseEntity<byte[]> reject(@PathVariable String namespace, InputStream in, Requester requester) {
        NamespaceDocuments.Rejection body = JsonBody.read(in, NamespaceDocuments.Rejection.class);
        return JsonBody.ok(document(owners.reject(requester, parse(namespace), body.reason())));
    }

    static Namespace parse(String text) {
        try {
            return new Namespace(text);
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.NO_SUCH_NAMESPACE, String.valueOf(e.getMessage()));
        }
    }

    private static Role role(String label) {
        return Arrays.stream(Role.values())
                .filter(role -> label(role).equals(label))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.INVALID, "`role` is owner, maintainer or publisher, not `" + label + "`"));
    }

    private static String label(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static String label(State state) {
        return state == State.PENDING ? "pending-approval" : state.name().toLowerCase(Locale.ROOT);
    }

    static NamespaceDocuments.Namespace document(NamespaceOwners.Known known) {
        NamespaceRows.Namespace namespace = known.namespace();
        // Why it is frozen is for its owners, and stands in the audit log.
        @Nullable
        String note = known.frozen()
                .map(frozen -> "frozen since " + frozen.at())
                .orElse(namespace.note().isEmpty() ? null : namespace.note());
        return new NamespaceDocuments.Namespace(
                namespace.name(),
                label(namespace.state()),
                note,
                namespace.trustedOnly(),
                namespace.createdAt().toString(),
                known.members().stream()
                        .map(member -> new NamespaceDocuments.Member(
                                member.login(),
                                label(member.role()),
                                member.addedAt().toString()))
                        .toList());
    }
}

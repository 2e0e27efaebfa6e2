package dev.lair.server.access;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.NamespaceDocuments;
import dev.lair.registry.api.PeopleDocuments;
import dev.lair.registry.api.Problem;
import dev.lair.server.account.Organisations;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AccountRows.Membership;
import java.io.InputStream;
import java.util.Arrays;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/organisations}: who is in which; see {@link Organisations}. */
@RestController
class OrganisationController {

    private final Organisations organisations;

    OrganisationController(Organisations organisations) {
        this.organisations = organisations;
    }

    @Access(Act.SEE_ORGANISATIONS)
    @GetMapping("/" + ApiPaths.ORGANISATIONS)
    ResponseEntity<byte[]> list(Requester requester) {
        return JsonBody.ok(new PeopleDocuments.Organisations(
                organisations.of(requester.person().accountId()).stream()
                        .map(each -> new PeopleDocuments.Belonging(
                                each.organisation().login(),
                                each.organisation().displayName(),
                                Organisations.label(each.role())))
                        .toList()));
    }

    @Access(Act.MANAGE_ORGANISATIONS)
    @PostMapping("/" + ApiPaths.ORGANISATIONS)
    ResponseEntity<byte[]> create(InputStream in, Requester requester) {
        PeopleDocuments.NewOrganisation body = JsonBody.read(in, PeopleDocuments.NewOrganisation.class);
        String shown = body.displayName();
        return JsonBody.reply(
                HttpStatus.CREATED,
                document(organisations.create(requester, body.login(), shown == null ? body.login() : shown)));
    }

    @Access(Act.SEE_ORGANISATIONS)
    @GetMapping("/" + ApiPaths.ORGANISATION)
    ResponseEntity<byte[]> get(@PathVariable String organisation, Requester requester) {
        return JsonBody.ok(document(organisations.find(requester, organisation)));
    }

    @Access(Act.MANAGE_ORGANISATIONS)
    @PutMapping("/" + ApiPaths.ORGANISATION_MEMBER)
    ResponseEntity<byte[]> setMember(
            @PathVariable String organisation, @PathVariable String login, InputStream in, Requester requester) {
        String role = JsonBody.read(in, NamespaceDocuments.NewRole.class).role();
        return JsonBody.ok(document(organisations.setMember(requester, organisation, login, membership(role))));
    }

    @Access(Act.MANAGE_ORGANISATIONS)
    @DeleteMapping("/" + ApiPaths.ORGANISATION_MEMBER)
    ResponseEntity<byte[]> removeMember(
            @PathVariable String organisation, @PathVariable String login, Requester requester) {
        return JsonBody.ok(new PeopleDocuments.Departure(
                ToReview.documents(organisations.removeMember(requester, organisation, login))));
    }

    private static Membership membership(String label) {
        return Arrays.stream(Membership.values())
                .filter(role -> Organisations.label(role).equals(label))
                .findFirst()
                .orElseThrow(() ->
                        new ProblemException(Problem.Kind.INVALID, "`role` is owner or member, not `" + label + "`"));
    }

    private static PeopleDocuments.Organisation document(Organisations.Known known) {
        return new PeopleDocuments.Organisation(
                known.organisation().login(),
                known.organisation().displayName(),
                known.members().stream()
                        .map(member -> new PeopleDocuments.OrganisationMember(
                                member.login(),
                                Organisations.label(member.role()),
                                member.addedAt().toString()))
                        .toList());
    }
}

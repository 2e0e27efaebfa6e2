package dev.lair.server.web;

import dev.lair.registry.Namespace;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.PublisherDocuments;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.Form;
import dev.lair.server.access.FormOf;
import dev.lair.server.account.Requester;
import dev.lair.server.namespace.NamespaceOwners;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.trustedpublishing.Publishers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /settings/publishers}, and the trusted publishers of one namespace with the test of an identity against them. */
@RestController
class PublisherPages {

    private static final String CHOICE = "/settings/publishers";
    private static final String PAGE = "/settings/namespaces/{namespace}/publishers";

    private final Publishers publishers;
    private final NamespaceOwners owners;
    private final Allowed allowed;

    PublisherPages(Publishers publishers, NamespaceOwners owners, Allowed allowed) {
        this.publishers = publishers;
        this.owners = owners;
        this.allowed = allowed;
    }

    @Access(Act.SEE_NAMESPACES)
    @GetMapping(CHOICE)
    ResponseEntity<byte[]> choose(Visit visit) {
        return visit.show(
                "settings/publishers.jte",
                visit.page("Trusted publishers"),
                new Views.PublisherChoice(owners.of(visit.person().accountId())));
    }

    @Access(Act.SEE_PUBLISHERS)
    @GetMapping(PAGE)
    ResponseEntity<byte[]> list(@PathVariable String namespace, Visit visit) {
        return shown(visit, namespace, page(visit, namespace), visit.prefilled(), "", null);
    }

    private static Page page(Visit visit, String namespace) {
        return visit.page("Publishers of " + namespace);
    }

    @Access(Act.MANAGE_PUBLISHERS)
    @FormOf(PAGE)
    @PostMapping(PAGE)
    ResponseEntity<byte[]> add(@PathVariable String namespace, Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    publishers.add(visit.requester(), PagePaths.namespace(namespace), asked(form));
                    return visit.redirect(path(namespace), Done.PUBLISHER_ADDED);
                },
                fault -> shown(visit, namespace, page(visit, namespace).with(fault), form, "add", null));
    }

    private static PublisherDocuments.NewPublisher asked(Form form) {
        return new PublisherDocuments.NewPublisher(
                form.one("issuer"),
                null,
                form.words("packages"),
                form.given("owner"),
                form.given("ownerId"),
                form.given("repository"),
                form.given("repositoryId"),
                form.given("workflow"),
                form.given("reusableWorkflow"),
                form.given("environment"),
                form.given("refPattern"),
                claims(form.one("demanded")),
                form.isTicked("schedule"),
                null);
    }

    /** One {@code name=value} a line. */
    private static @Nullable Map<String, String> claims(String lines) {
        Map<String, String> claims = new LinkedHashMap<>();
        for (String line : lines.strip().split("\n", -1)) {
            int equals = line.indexOf('=');
            if (line.isBlank()) {
                continue;
            }
            if (equals < 1
                    || claims.put(
                                    line.substring(0, equals).strip(),
                                    line.substring(equals + 1).strip())
                            != null) {
                throw new ProblemException(
                        Problem.Kind.INVALID,
                        "demanded claims are lines like `sub=…`, each claim once; `" + line + "` is none");
            }
        }
        return claims.isEmpty() ? null : claims;
    }

    @Access(Act.MANAGE_PUBLISHERS)
    @FormOf(PAGE)
    @PostMapping(PAGE + "/{id}/remove")
    ResponseEntity<byte[]> remove(@PathVariable String namespace, @PathVariable String id, Visit visit) {
        return change(visit, namespace, id, publishers::remove, Done.PUBLISHER_REMOVED);
    }

    @Access(Act.MANAGE_PUBLISHERS)
    @FormOf(PAGE)
    @PostMapping(PAGE + "/{id}/freeze")
    ResponseEntity<byte[]> freeze(@PathVariable String namespace, @PathVariable String id, Visit visit) {
        return change(visit, namespace, id, publishers::freeze, Done.PUBLISHER_FROZEN);
    }

    @Access(Act.MANAGE_PUBLISHERS)
    @FormOf(PAGE)
    @PostMapping(PAGE + "/{id}/unfreeze")
    ResponseEntity<byte[]> unfreeze(@PathVariable String namespace, @PathVariable String id, Visit visit) {
        return change(visit, namespace, id, publishers::unfreeze, Done.PUBLISHER_UNFROZEN);
    }

    private interface Change {
        void make(Requester requester, Namespace namespace, String id);
    }

    private ResponseEntity<byte[]> change(Visit visit, String namespace, String id, Change change, Done done) {
        return visit.attempt(
                () -> {
                    change.make(visit.requester(), PagePaths.namespace(namespace), id);
                    return visit.redirect(path(namespace), done);
                },
                fault -> shown(visit, namespace, page(visit, namespace).with(fault), Form.EMPTY, "change", null));
    }

    /** The identity is shown again by nobody: a token in it would be good for some minutes. */
    @Access(Act.SEE_PUBLISHERS)
    @FormOf(PAGE)
    @PostMapping(PAGE + "/test")
    ResponseEntity<byte[]> test(@PathVariable String namespace, Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> shown(
                        visit,
                        namespace,
                        page(visit, namespace),
                        Form.EMPTY,
                        "",
                        publishers.test(PagePaths.namespace(namespace), identity(form.one("identity")))),
                fault -> shown(visit, namespace, page(visit, namespace).with(fault), Form.EMPTY, "test", null));
    }

    private static PublisherDocuments.Test identity(String pasted) {
        String text = pasted.strip();
        if (text.isEmpty()) {
            throw new ProblemException(Problem.Kind.INVALID, "paste an identity token, or its claims as a JSON object");
        }
        if (!text.startsWith("{")) {
            return new PublisherDocuments.Test(text, null);
        }
        try {
            Map<String, Object> claims = new LinkedHashMap<>();
            ApiJson.read(text.getBytes(StandardCharsets.UTF_8), Map.class)
                    .forEach((name, value) -> claims.put(String.valueOf(name), value));
            return new PublisherDocuments.Test(null, claims);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.Kind.INVALID, "the claims are no JSON object");
        }
    }

    private ResponseEntity<byte[]> shown(
            Visit visit,
            String namespace,
            Page page,
            Form form,
            String failed,
            PublisherDocuments.@Nullable Tested tested) {
        Namespace parsed = PagePaths.namespace(namespace);
        List<Publishers.Issuer> issuers = publishers.issuers();
        String wanted = form.one("issuer");
        return visit.show(
                "settings/publishers-of.jte",
                page,
                new Views.PublishersOf(
                        namespace,
                        allowed.to(Act.MANAGE_PUBLISHERS, visit.requester(), parsed),
                        publishers.list(parsed),
                        issuers,
                        issuers.stream()
                                .filter(issuer -> issuer.url().equals(wanted))
                                .findFirst()
                                .orElse(issuers.isEmpty() ? null : issuers.getFirst()),
                        tested,
                        form,
                        failed));
    }

    private static String path(String namespace) {
        return PAGE.replace("{namespace}", namespace);
    }
}

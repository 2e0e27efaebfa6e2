package dev.lair.server.web;

import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.Form;
import dev.lair.server.access.FormOf;
import dev.lair.server.account.ApiTokens;
import dev.lair.server.account.Scope;
import dev.lair.server.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /settings/tokens}: API tokens. The text of a new one is in the answer to its form, and nowhere after. */
@RestController
class TokenPages {

    private static final String PAGE = "/settings/tokens";

    private final ApiTokens tokens;

    TokenPages(ApiTokens tokens) {
        this.tokens = tokens;
    }

    @Access(Act.SEE_TOKENS)
    @GetMapping(PAGE)
    ResponseEntity<byte[]> list(Visit visit) {
        return shown(visit, visit.page("API tokens"), visit.prefilled(), null);
    }

    @Access(Act.CREATE_TOKEN)
    @FormOf(PAGE)
    @PostMapping(PAGE)
    ResponseEntity<byte[]> create(Visit visit) {
        Form form = visit.form();
        return visit.attempt(
                () -> {
                    ApiTokens.Created created = tokens.create(
                            visit.requester(),
                            form.one("label").strip(),
                            form.all("scopes"),
                            form.words("packages"),
                            days(form.one("days")));
                    return shown(
                            visit,
                            visit.page("API tokens"),
                            Form.EMPTY,
                            created.text().secret());
                },
                fault -> shown(visit, visit.page("API tokens").with(fault), form, null));
    }

    private static int days(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new ProblemException(Problem.Kind.INVALID, "a token's days are a number, not `" + text + "`");
        }
    }

    @Access(Act.SEE_TOKENS)
    @FormOf(PAGE)
    @PostMapping(PAGE + "/{id}/revoke")
    ResponseEntity<byte[]> revoke(@PathVariable String id, Visit visit) {
        return visit.attempt(
                () -> {
                    tokens.revoke(visit.requester(), id);
                    return visit.redirect(PAGE, Done.TOKEN_REVOKED);
                },
                fault -> shown(visit, visit.page("API tokens").with(fault), Form.EMPTY, null));
    }

    private ResponseEntity<byte[]> shown(Visit visit, Page page, Form form, @Nullable String created) {
        List<String> ticked = form.all("scopes");
        return visit.show(
                "settings/tokens.jte",
                page,
                new Views.Tokens(
                        tokens.list(visit.requester()),
                        Arrays.stream(Scope.values())
                                .map(scope -> new Views.Choice(scope, words(scope), ticked.contains(scope.label())))
                                .toList(),
                        form,
                        created));
    }

    private static String words(Scope scope) {
        return switch (scope) {
            case PUBLISH_NEW -> "release the first version of a package";
            case PUBLISH_UPDATE -> "release further versions";
            case YANK -> "withdraw a version from resolution";
            case OWNERS -> "create namespaces, give roles, read the audit log";
            case PUBLISHERS -> "manage trusted publishers";
            case READ -> "read, where this registry is private";
        };
    }
}

package dev.lair.server.access;

import dev.lair.registry.api.AccountDocuments;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.NamespaceDocuments;
import dev.lair.server.account.Accounts;
import dev.lair.server.account.Caller;
import dev.lair.server.account.Requester;
import dev.lair.server.account.Scope;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.RegistryStore;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/account}: who is asking; and {@code POST /api/v1/accounts}, by which administrators make local accounts. */
@RestController
class AccountController {

    private final RegistryStore store;
    private final Accounts accounts;

    AccountController(RegistryStore store, Accounts accounts) {
        this.store = store;
        this.accounts = accounts;
    }

    @Access(Act.WHO_AM_I)
    @GetMapping("/" + ApiPaths.ACCOUNT)
    ResponseEntity<byte[]> whoAmI(Requester requester) {
        return JsonBody.ok(
                switch (requester.caller()) {
                    case Caller.Person person -> person(person);
                    case Caller.Trusted trusted ->
                        new AccountDocuments.WhoAmI(
                                "trusted",
                                null,
                                trusted.expiresAt().toString(),
                                null,
                                List.of(trusted.action()),
                                texts(trusted.packages()),
                                List.of());
                    case Caller.Anonymous nobody -> throw new IllegalStateException("the door lets nobody unknown in");
                });
    }

    private AccountDocuments.WhoAmI person(Caller.Person person) {
        AccountDocuments.Account account = store.read(
                rows -> document(rows.accounts().find(person.accountId()).orElseThrow()));
        List<NamespaceDocuments.Mine> namespaces =
                store.read(rows -> rows.namespaces().ofAccount(person.accountId()).stream()
                        .flatMap(namespace -> rows.namespaces().role(namespace.name(), person.accountId()).stream()
                                .map(role -> new NamespaceDocuments.Mine(
                                        namespace.name(),
                                        stateOf(namespace),
                                        role.name().toLowerCase(Locale.ROOT))))
                        .toList());
        return switch (person.means()) {
            case Caller.Session session ->
                new AccountDocuments.WhoAmI(
                        "session",
                        account,
                        session.expiresAt().toString(),
                        session.steppedUpUntil().toString(),
                        List.of(),
                        List.of(),
                        namespaces);
            case Caller.ApiToken token ->
                new AccountDocuments.WhoAmI(
                        "token",
                        account,
                        token.expiresAt().toString(),
                        null,
                        token.scopes().stream().map(Scope::label).sorted().toList(),
                        texts(token.packages()),
                        namespaces);
        };
    }

    private static List<String> texts(List<?> patterns) {
        return patterns.stream().map(Object::toString).toList();
    }

    private static String stateOf(NamespaceRows.Namespace namespace) {
        return namespace.state() == NamespaceRows.State.PENDING
                ? "pending-approval"
                : namespace.state().name().toLowerCase(Locale.ROOT);
    }

    @Access(Act.ADMIN)
    @PostMapping("/" + ApiPaths.ACCOUNTS)
    ResponseEntity<byte[]> create(InputStream in, Requester requester) {
        AccountDocuments.NewAccount body = JsonBody.read(in, AccountDocuments.NewAccount.class);
        String shown = body.displayName();
        return JsonBody.reply(
                HttpStatus.CREATED,
                document(accounts.create(
                        requester, body.login(), shown == null ? body.login() : shown, body.password())));
    }

    static AccountDocuments.Account document(Account account) {
        return new AccountDocuments.Account(
                account.id(),
                account.login(),
                account.displayName(),
                account.kind().name().toLowerCase(Locale.ROOT),
                account.administrator());
    }
}

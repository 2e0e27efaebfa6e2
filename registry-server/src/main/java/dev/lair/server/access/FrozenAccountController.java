package dev.lair.server.access;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PeopleDocuments;
import dev.lair.server.account.FrozenAccounts;
import dev.lair.server.account.Requester;
import dev.lair.storage.registry.AccountRows.Account;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/accounts} for administrators: who there is, and who may do nothing; see {@link FrozenAccounts}. */
@RestController
class FrozenAccountController {

    private static final int PAGE = 200;

    private final FrozenAccounts accounts;

    FrozenAccountController(FrozenAccounts accounts) {
        this.accounts = accounts;
    }

    @Access(Act.ADMIN)
    @GetMapping("/" + ApiPaths.ACCOUNTS)
    ResponseEntity<byte[]> list(@RequestParam(defaultValue = "") String after) {
        List<Account> found = accounts.list(after, PAGE + 1);
        List<Account> page = found.subList(0, Math.min(PAGE, found.size()));
        return JsonBody.ok(new PeopleDocuments.Accounts(
                page.stream().map(FrozenAccountController::document).toList(),
                found.size() > PAGE ? page.getLast().login() : null));
    }

    @Access(Act.FREEZE)
    @PostMapping("/" + ApiPaths.ACCOUNT_FREEZE)
    ResponseEntity<byte[]> freeze(@PathVariable String login, InputStream in, Requester requester) {
        PeopleDocuments.AccountFreeze body = JsonBody.read(in, PeopleDocuments.AccountFreeze.class);
        return JsonBody.ok(document(accounts.freeze(requester, login, body.reason())));
    }

    @Access(Act.FREEZE)
    @PostMapping("/" + ApiPaths.ACCOUNT_UNFREEZE)
    ResponseEntity<byte[]> unfreeze(@PathVariable String login, Requester requester) {
        return JsonBody.ok(document(accounts.unfreeze(requester, login)));
    }

    private static PeopleDocuments.ListedAccount document(Account account) {
        return new PeopleDocuments.ListedAccount(
                account.id(),
                account.login(),
                account.displayName(),
                word(account.kind()),
                account.administrator(),
                word(account.state()),
                account.createdAt().toString());
    }

    private static PeopleDocuments.FrozenAccount document(FrozenAccounts.Frozen frozen) {
        return new PeopleDocuments.FrozenAccount(
                frozen.account().login(),
                word(frozen.account().state()),
                frozen.sessions(),
                frozen.tokens(),
                ToReview.documents(frozen.publishers()));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

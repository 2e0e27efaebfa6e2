package dev.lair.cli;

import dev.lair.cli.client.ApiClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Fault;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PeopleDocuments.AccountFreeze;
import dev.lair.registry.api.PeopleDocuments.Accounts;
import dev.lair.registry.api.PeopleDocuments.FrozenAccount;
import dev.lair.registry.api.PeopleDocuments.ListedAccount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair account}: what administrators do to accounts. */
@Command(
        name = "account",
        description = "List accounts and stop them, as an administrator.",
        subcommands = {AccountCommand.Listing.class, AccountCommand.Freeze.class, AccountCommand.Unfreeze.class})
@SuppressWarnings("NullAway.Init")
final class AccountCommand {

    @ParentCommand
    private Lair lair;

    private static String path(String login, String act) {
        return ApiPaths.ACCOUNTS + "/" + ApiClient.segment(login) + "/" + act;
    }

    /** {@code lair account list}. */
    @Command(name = "list", description = "List all accounts.")
    static final class Listing implements Callable<Integer> {

        @ParentCommand
        private AccountCommand parent;

        @Override
        public Integer call() throws Fault, IOException {
            Console console = parent.lair.console();
            return AccountCall.run(parent.lair, api -> {
                List<ListedAccount> all = new ArrayList<>();
                String after = "";
                while (after != null) {
                    Accounts page = api.get(
                            ApiPaths.ACCOUNTS + "?after=" + ApiClient.segment(after), "list accounts", Accounts.class);
                    List<ListedAccount> found = ApiLists.of(page.accounts());
                    all.addAll(found);
                    // A server that names no further login would be asked for ever.
                    after = next(after, found.isEmpty() ? null : page.after());
                }
                all.forEach(one -> console.result(one.login() + "  " + one.kind() + "  " + one.state()
                        + (one.administrator() ? "  administrator" : "")));
                console.json(
                        Map.of("accounts", all.stream().map(ApiJson::members).toList()));
            });
        }

        private static @Nullable String next(String before, @Nullable String named) {
            return named == null || named.compareTo(before) <= 0 ? null : named;
        }
    }

    /** {@code lair account freeze}. */
    @Command(
            name = "freeze",
            description = {
                "Let an account do nothing any more: its sessions and tokens end at once.",
                "Publishers that it created stand still until an owner lets each go on."
            })
    static final class Freeze implements Callable<Integer> {

        @ParentCommand
        private AccountCommand parent;

        @Parameters(index = "0", paramLabel = "LOGIN", description = "Whose.")
        private String login;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "The audit log keeps it.")
        private String reason;

        @Override
        public Integer call() throws Fault, IOException {
            Lair lair = parent.lair;
            return AccountCall.run(lair, api -> {
                FrozenAccount frozen = api.send(
                        "POST",
                        path(login, "freeze"),
                        "freeze the account `" + login + "`",
                        new AccountFreeze(reason),
                        FrozenAccount.class);
                lair.console()
                        .result(login + " is frozen; ended: " + frozen.sessions() + " sessions, " + frozen.tokens()
                                + " tokens");
                PublishersToReview.print(lair.console(), frozen.publishers());
                lair.console().json(ApiJson.members(frozen));
            });
        }
    }

    /** {@code lair account unfreeze}. */
    @Command(name = "unfreeze", description = "Let an account log in again; its tokens stay revoked.")
    static final class Unfreeze implements Callable<Integer> {

        @ParentCommand
        private AccountCommand parent;

        @Parameters(index = "0", paramLabel = "LOGIN", description = "Whose.")
        private String login;

        @Override
        public Integer call() throws Fault, IOException {
            Lair lair = parent.lair;
            return AccountCall.run(lair, api -> {
                FrozenAccount again = api.ask(
                        "POST", path(login, "unfreeze"), "unfreeze the account `" + login + "`", FrozenAccount.class);
                lair.console().result(login + " may log in again");
                lair.console().json(ApiJson.members(again));
            });
        }
    }
}

package dev.lair.cli;

import dev.lair.cli.account.TokensAtHand;
import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.ApiRefused;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Fault;
import dev.lair.registry.api.AccountDocuments.WhoAmI;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lair whoami}: whom the registry takes this client for. */
@Command(
        name = "whoami",
        description = {"Say who you are to a registry.", "Of $$LAIR_TOKEN, else of the login that is kept."})
@SuppressWarnings("NullAway.Init")
final class WhoamiCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Override
    public Integer call() throws Fault {
        try (RegistryClient client = lair.client()) {
            TokensAtHand.AtHand atHand = lair.tokens().require(client.registry());
            WhoAmI who = new ApiClient(client, Optional.of(atHand.credential()))
                    .get(ApiPaths.ACCOUNT, "tell who you are", WhoAmI.class);
            print(atHand, who);
        } catch (ApiRefused e) {
            throw e.fault();
        }
        return 0;
    }

    private void print(TokensAtHand.AtHand atHand, WhoAmI who) {
        Console console = lair.console();
        console.result("account    "
                + (who.account() == null
                        ? "none (a trusted publisher)"
                        : who.account().login() + (who.account().administrator() ? ", administrator" : "")));
        console.result("by         " + atHand.source() + " (" + who.kind() + ")");
        if (who.expiresAt() != null) {
            console.result("until      " + who.expiresAt());
        }
        for (String scope : ApiLists.of(who.scopes())) {
            console.result("scope      " + scope);
        }
        for (String pattern : ApiLists.of(who.packages())) {
            console.result("package    " + pattern);
        }
        ApiLists.of(who.namespaces())
                .forEach(mine -> console.result("namespace  " + mine.name() + ", " + mine.role()
                        + (mine.state().equals("active") ? "" : " (" + mine.state() + ")")));
        console.json(ApiJson.members(who));
    }
}

package dev.lair.cli;

import dev.lair.cli.account.Credentials;
import dev.lair.cli.account.TokensAtHand;
import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.ApiRefused;
import dev.lair.cli.client.Credential;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.api.AccountDocuments.Login;
import dev.lair.registry.api.AccountDocuments.Session;
import dev.lair.registry.api.ApiPaths;
import java.io.IOException;
import java.util.Optional;

/**
 * Asks the person for the password when an act needs a login of the last minutes, and keeps the new login. Where nobody sits at
 * the terminal, or no password helps, the act stays refused, and is told with the command to run.
 */
final class FreshLogin implements ApiClient.StepUp {

    private final Lair lair;
    private final RegistryClient client;

    FreshLogin(Lair lair, RegistryClient client) {
        this.lair = lair;
        this.client = client;
    }

    @Override
    public Optional<Credential> renew(ApiRefused refused) throws Fault {
        String login = loginKept(refused);
        if (!lair.environment().terminal()) {
            throw refused(
                    refused,
                    "run `" + command() + "`, and this again within 15 minutes. For a script make an API token"
                            + " with the scope that this needs (`lair token create`), and set $"
                            + TokensAtHand.TOKEN_VARIABLE);
        }
        lair.console().tell(refused.words());
        lair.console().ask("Password of `" + login + "` at " + client.registry() + " (empty to give up):");
        String password = secretLine();
        if (password.isEmpty()) {
            throw refused(refused, "run `" + command() + "`, and this again within 15 minutes");
        }
        return Optional.of(logIn(login, password));
    }

    /** Whose session it is. What comes from the environment cannot be renewed there. */
    private String loginKept(ApiRefused refused) throws Fault {
        boolean given = !lair.environment()
                .variables()
                .getOrDefault(TokensAtHand.TOKEN_VARIABLE, "")
                .isBlank();
        if (given) {
            throw refused(
                    refused,
                    "the session in $" + TokensAtHand.TOKEN_VARIABLE + " is too old for this: log in again, or"
                            + " set an API token with the scope that this needs (`lair token create`)");
        }
        Optional<String> login = lair.credentials().find(client.registry()).map(Credentials.Login::login);
        if (login.isEmpty()) {
            throw refused(refused, "run `" + command() + "`, and this again within 15 minutes");
        }
        return login.get();
    }

    private String command() {
        return "lair login --registry " + client.registry();
    }

    private static Fault refused(ApiRefused refused, String hint) {
        return refused.fault().withHint(hint);
    }

    private String secretLine() throws Fault {
        try {
            return lair.environment().readSecretLine().strip();
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot read the password from the terminal: " + e, e);
        }
    }

    private Credential logIn(String login, String password) throws Fault {
        ApiClient nobody = new ApiClient(client, Optional.empty());
        nobody.requireSecrecy();
        try {
            Session session = nobody.send(
                    "POST", ApiPaths.LOGIN, "log in `" + login + "`", new Login(login, password), Session.class);
            Credential fresh = TokensAtHand.credential(session.token(), "what the registry gave as a token");
            lair.credentials().keep(client.registry(), LoginCommand.ofSession(session));
            return fresh;
        } catch (ApiRefused wrong) {
            throw wrong.fault();
        }
    }
}

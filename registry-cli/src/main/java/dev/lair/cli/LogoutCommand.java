package dev.lair.cli;

import dev.lair.cli.account.Credentials;
import dev.lair.cli.account.TokensAtHand;
import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.ApiRefused;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryUrl;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.api.ApiPaths;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lair logout}: ends a session, and forgets what was kept of it. */
@Command(
        name = "logout",
        description = {
            "Forget the login at a registry.",
            "A session is ended there too. A token that you gave with --token-stdin stays alive until it is revoked: lair"
                    + " token revoke."
        })
@SuppressWarnings("NullAway.Init")
final class LogoutCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Override
    public Integer call() throws Fault {
        RegistryUrl registry = lair.registry();
        Credentials.Login login = lair.credentials()
                .find(registry)
                .orElseThrow(() -> ExitCode.NOT_FOUND.fault("there is no login at " + registry + " to forget"));
        Console console = lair.console();
        boolean ended = login.kind().equals("session") && end(login);
        // Last: whatever the registry said, nothing of it stays here.
        lair.credentials().forget(registry);
        console.result("logged out at " + registry);
        console.json(Map.of("registry", registry.toString(), "ended", ended));
        return 0;
    }

    private boolean end(Credentials.Login login) throws Fault {
        try (RegistryClient client = lair.client()) {
            new ApiClient(client, Optional.of(TokensAtHand.credential(login.token(), "the login that is kept")))
                    .act("DELETE", ApiPaths.SESSION, "end the session");
            return true;
        } catch (ApiRefused e) {
            // 401: it has ended already.
            if (e.status() != 401) {
                lair.console()
                        .warn("the session was not ended: " + e.words() + "; it ends by itself at "
                                + login.expiresAt());
            }
        } catch (Fault e) {
            lair.console()
                    .warn("the session was not ended: " + e.text() + "; it ends by itself at " + login.expiresAt());
        }
        return false;
    }
}

package dev.lair.cli;

import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.ApiRefused;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.Fault;
import java.io.IOException;
import java.util.Optional;

/** What a command asks of the registry as the person who is logged in. */
@FunctionalInterface
interface AccountCall {

    void on(ApiClient api) throws Fault, ApiRefused, IOException;

    /** Runs it with the token at hand. */
    static int run(Lair lair, AccountCall call) throws Fault, IOException {
        try (RegistryClient client = lair.client()) {
            call.on(new ApiClient(
                    client,
                    Optional.of(lair.tokens().require(client.registry()).credential()),
                    new FreshLogin(lair, client)));
        } catch (ApiRefused e) {
            throw e.fault();
        }
        return 0;
    }
}

package dev.lair.cli;

import dev.lair.cli.client.RegistryUrl;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair registry forget}: trusts a registry anew, knowingly. */
@Command(
        name = "forget",
        description = {
            "Forget the remembered checkpoint of a registry, and the keys by which it attests.",
            "The next contact trusts it as on first use. This gives up the proof that it did not rewrite what you saw before:"
                    + " do it only when you know why the registry changed. Its policy stays, and how far a monitor got."
        })
@SuppressWarnings("NullAway.Init")
final class RegistryForgetCommand implements Callable<Integer> {

    @ParentCommand
    private RegistryCommand parent;

    @Parameters(index = "0", paramLabel = "URL", description = "The registry's base URL.")
    private String url;

    @Override
    public Integer call() throws Fault {
        // Nothing is sent, so plain http is no danger here.
        RegistryUrl registry = RegistryUrl.parse(url, true);
        Console console = parent.lair().console();
        boolean keys = parent.lair().attestations(registry).forget();
        if (!parent.lair().memory(registry).forget() && !keys) {
            throw ExitCode.NOT_FOUND.fault("nothing is remembered about `" + registry + "`");
        }
        console.warn("the next contact with " + registry + " trusts it as on first use");
        console.result("forgot " + registry);
        console.json(Map.of("forgot", registry.toString()));
        return 0;
    }
}

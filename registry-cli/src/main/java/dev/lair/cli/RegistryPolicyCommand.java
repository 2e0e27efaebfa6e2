package dev.lair.cli;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.client.RegistryTree;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.FirstUseKeys;
import dev.lair.registry.tree.RegistryConfig;
import dev.lair.signing.note.WitnessPolicy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lair registry policy}: the beginning of a policy file. */
@Command(
        name = "policy",
        description = {
            "Print the beginning of a witness policy for the registry.",
            "The keys of its logs are taken from the registry itself: compare them with what its operator publishes. Add"
                    + " the witnesses that you trust; without any, the policy proves no age and no agreement."
        })
@SuppressWarnings("NullAway.Init")
final class RegistryPolicyCommand implements Callable<Integer> {

    @ParentCommand
    private RegistryCommand parent;

    @Override
    public Integer call() throws Fault {
        Lair lair = parent.lair();
        Console console = lair.console();
        try (RegistryClient client = lair.client()) {
            RegistryConfig config = new RegistryTree(client).config();
            List<WitnessPolicy.Log> log = FirstUseKeys.of(config.log());
            List<WitnessPolicy.Log> evidence = FirstUseKeys.of(config.evidence());
            String policy = policy(client.registry().toString(), log, evidence);
            console.warn("the keys come from " + client.registry()
                    + " itself (trust on first use): compare them with what" + " its operator publishes");
            policy.lines().forEach(console::result);
            console.json(Map.of(
                    "registry",
                    client.registry().toString(),
                    "policy",
                    policy,
                    "trustOnFirstUse",
                    true,
                    "origins",
                    List.of(config.log().origin(), config.evidence().origin())));
        } catch (RegistryRefused e) {
            throw e.fault();
        }
        return 0;
    }

    private static String policy(String registry, List<WitnessPolicy.Log> log, List<WitnessPolicy.Log> evidence) {
        return "# Witness policy for " + registry + "\n"
                + "# The keys of its logs, as it states them: compare them with what its operator publishes.\n"
                + lines(log)
                + "# Its evidence log, which says what it signed:\n"
                + lines(evidence)
                + "# Witnesses that you trust, and how many of them must have seen a checkpoint:\n"
                + "#   witness NAME KEY\n"
                + "#   group most 2 NAME NAME NAME\n"
                + "#   quorum most\n"
                + "quorum " + WitnessPolicy.NO_QUORUM + "\n";
    }

    private static String lines(List<WitnessPolicy.Log> logs) {
        return logs.stream()
                .map(log -> "log " + log.key().text()
                        + log.url().map(url -> " " + url).orElse("") + "\n")
                .collect(Collectors.joining());
    }
}

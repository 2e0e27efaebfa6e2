package dev.lair.cli;

import static java.util.Objects.requireNonNull;

import dev.lair.cli.client.RegistryUrl;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.time.Span;
import dev.lair.cli.trust.NoteDemand;
import dev.lair.cli.trust.PolicyMemory;
import dev.lair.signing.note.WitnessPolicy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lair registry trust}: what a registry must show on every command from now on. */
@Command(
        name = "trust",
        description = {
            "Remember the witness policy that a registry must satisfy.",
            "From now on every command that asks the registry demands that its log's checkpoint satisfies the policy and"
                    + " covers what was answered, and fails otherwise. A copy is kept: later changes of FILE change nothing."
        })
@SuppressWarnings("NullAway.Init")
final class RegistryTrustCommand implements Callable<Integer> {

    @ParentCommand
    private RegistryCommand parent;

    @ArgGroup(multiplicity = "1")
    private Choice choice;

    /** A policy, or none. */
    static final class Choice {
        @Option(names = "--policy", paramLabel = "FILE", description = "The policy to remember.")
        @Nullable
        Path policy;

        @Option(names = "--remove", description = "Demand no policy any more.")
        boolean remove;
    }

    @Option(
            names = "--max-age",
            paramLabel = "AGE",
            description = "How old the witnesses' signatures may be: " + Span.SYNTAX
                    + ", or none for any age. Default: 24h when the policy has witnesses.")
    private @Nullable MaxAge maxAge;

    @Override
    public Integer call() throws Fault {
        Lair lair = parent.lair();
        RegistryUrl registry = lair.registry();
        PolicyMemory memory = lair.policies(registry);
        return choice.policy == null ? remove(lair.console(), registry, memory) : trust(lair, registry, memory);
    }

    private static Integer remove(Console console, RegistryUrl registry, PolicyMemory memory) throws Fault {
        if (!memory.remove()) {
            throw ExitCode.NOT_FOUND.fault("no policy is remembered for `" + registry + "`");
        }
        console.warn("nobody but " + registry + " itself vouches for its log any more");
        console.result("removed the policy of " + registry);
        console.json(Map.of("registry", registry.toString(), "removed", true));
        return 0;
    }

    private Integer trust(Lair lair, RegistryUrl registry, PolicyMemory memory) throws Fault {
        WitnessPolicy policy = PolicyMemory.readFile(lair.path(requireNonNull(choice.policy)));
        if (policy.logs().isEmpty()) {
            throw ExitCode.USAGE.fault("the policy is refused: it names no log, so no checkpoint could satisfy it");
        }
        NoteDemand standard = NoteDemand.of(policy);
        NoteDemand demand = maxAge == null ? standard : new NoteDemand(policy, maxAge.limit());
        memory.write(demand);
        Console console = lair.console();
        String age = demand.maxAge().map(Span::format).orElse("any");
        if (policy.quorum().equals(WitnessPolicy.NO_QUORUM)) {
            console.warn("the policy asks for no witness: it proves neither an age nor that others see the same log");
        }
        console.result("registry " + registry);
        console.result("quorum   " + policy.quorum() + "; witnesses in the policy: "
                + policy.witnesses().size());
        console.result("max age  " + age);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("registry", registry.toString());
        members.put("quorum", policy.quorum());
        members.put("witnesses", policy.witnesses().size());
        members.put("maxAge", age);
        console.json(members);
        return 0;
    }
}

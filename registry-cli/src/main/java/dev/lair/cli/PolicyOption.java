package dev.lair.cli;

import dev.lair.cli.client.RegistryUrl;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.time.Span;
import dev.lair.cli.trust.NoteDemand;
import dev.lair.cli.trust.PolicyMemory;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose signatures a checkpoint needs, and how recent: from a file, else what is remembered of the registry. */
final class PolicyOption {

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "Demand that the log's checkpoint satisfies the witness policy in FILE. Default: what `lair"
                    + " registry trust` remembers of the registry, if anything.")
    private @Nullable Path policy;

    @Option(
            names = "--max-age",
            paramLabel = "AGE",
            description = "How old the witnesses' signatures may be: " + Span.SYNTAX + ", or none for any age. Default:"
                    + " 24h when the policy has witnesses.")
    private @Nullable MaxAge maxAge;

    /** What is demanded of this registry; empty when nothing is. */
    Optional<NoteDemand> demand(Lair lair, RegistryUrl registry) throws Fault {
        Optional<NoteDemand> demand = policy == null
                ? lair.policies(registry).read()
                : Optional.of(NoteDemand.of(PolicyMemory.readFile(lair.path(policy))));
        MaxAge asked = maxAge;
        if (asked == null) {
            return demand;
        }
        if (demand.isEmpty()) {
            throw ExitCode.USAGE.fault("--max-age is refused without a policy: only witnesses prove an age; add"
                    + " --policy FILE, or remember one with: lair registry trust --policy FILE");
        }
        return Optional.of(new NoteDemand(demand.get().policy(), asked.limit()));
    }

    /** The same for a file that may have been kept for years: any age will do unless one is asked for. */
    NoteDemand demandOfProof(Lair lair, RegistryUrl registry) throws Fault {
        NoteDemand demand = demand(lair, registry)
                .orElseThrow(() -> ExitCode.USAGE.fault("--proof needs a policy that says whose log is believed; add"
                        + " --policy FILE (a beginning of one: lair registry policy)"));
        return new NoteDemand(demand.policy(), maxAge == null ? Optional.empty() : maxAge.limit());
    }
}

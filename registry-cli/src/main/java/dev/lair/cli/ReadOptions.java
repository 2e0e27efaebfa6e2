package dev.lair.cli;

import dev.lair.cli.report.Fault;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What commands share that read releases of a registry into memory: how much, how long, and whose word counts. */
@SuppressWarnings("NullAway.Init")
final class ReadOptions {

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            defaultValue = "100MiB",
            description = "Refuse a release that is larger. Default: 100MiB")
    private ByteSize maxSize;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long the registry may take for all of it. Default: 600")
    private int timeoutSeconds;

    @Mixin
    private PolicyOption policy;

    VerifiedReleases open(Lair lair) throws Fault, IOException {
        return new VerifiedReleases(lair, policy, maxSize, Lair.seconds(timeoutSeconds));
    }
}

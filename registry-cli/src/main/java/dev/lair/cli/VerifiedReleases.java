package dev.lair.cli;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.deps.ReleaseSource;
import dev.lair.cli.report.Fault;
import dev.lair.cli.time.Budget;
import dev.lair.cli.trust.TrustSession;
import dev.lair.cli.trust.VerifiedView;
import dev.lair.cli.wit.BinaryFile;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.Release;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * Releases of the registry that the command line names, verified as {@code lair pull} does it. Content lies in a folder of
 * its own beside other temporary files until this is closed; an interrupted command leaves it there at worst.
 */
final class VerifiedReleases implements ReleaseSource, AutoCloseable {

    private final Lair lair;
    private final RegistryClient client;
    private final TrustSession trust;
    private final ByteSize maxSize;
    private final Path folder;
    private int fetched;

    /** @param timeout for all that is asked */
    VerifiedReleases(Lair lair, PolicyOption policy, ByteSize maxSize, Duration timeout) throws Fault, IOException {
        this.lair = lair;
        this.maxSize = maxSize;
        this.client = lair.client(Budget.of(timeout));
        this.trust = lair.trust(client, policy.demand(lair, client.registry()));
        this.folder = Files.createTempDirectory("lair-");
        folder.toFile().deleteOnExit();
    }

    @Override
    public VerifiedView logs(Set<PackageName> names) throws Fault {
        return trust.verify(names);
    }

    @Override
    public ByteBuffer content(PackageName name, Release release) throws Fault, IOException {
        if (release.yanked()) {
            lair.console()
                    .warn("`" + name + "` " + release.version()
                            + " is yanked: its owner withdrew it; look for a newer release");
        }
        Path file = folder.resolve(fetched++ + ".wasm");
        try (Download download = new Download(
                release.content(),
                maxSize,
                folder,
                String.valueOf(file.getFileName()),
                lair.environment().random(),
                lair.console())) {
            download.fetch(client);
            download.moveTo(file);
        }
        file.toFile().deleteOnExit();
        return BinaryFile.map(file, Path.of(name + "@" + release.version()));
    }

    @Override
    public void close() throws IOException {
        client.close();
        for (int i = 0; i < fetched; i++) {
            Files.deleteIfExists(folder.resolve(i + ".wasm"));
        }
        Files.deleteIfExists(folder);
    }
}

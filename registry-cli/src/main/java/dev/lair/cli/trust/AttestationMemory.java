package dev.lair.cli.trust;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The keys by which a registry attests, and those of its evidence log, as they were at first use: in
 * {@code registries/<sha256 of its URL>/attestation-keys.json}. A damaged memory is a fault and not first use.
 */
public final class AttestationMemory {

    private final String registry;
    private final Path file;

    /**
     * @param registries the folder of all registries
     * @param registry base URL in its one spelling
     */
    public AttestationMemory(Path registries, String registry) {
        this.registry = registry;
        this.file = CheckpointMemory.folderOf(registries, registry).resolve("attestation-keys.json");
    }

    /**
     * What is kept.
     *
     * @param attestationKeys public keys in warg's spelling
     * @param mainOrigin name of the main log, which entries of the evidence log repeat
     * @param evidenceOrigin name of the evidence log
     * @param evidenceKeys its verifier keys, {@code NAME+ID+BASE64}
     */
    public record Kept(
            String registry,
            List<String> attestationKeys,
            String mainOrigin,
            String evidenceOrigin,
            List<String> evidenceKeys) {}

    /** What is remembered; empty before first use. */
    public Optional<Kept> read() throws Fault {
        try {
            return Optional.of(WargJson.readReply(Files.readAllBytes(file), Kept.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault(
                    "cannot read the attestation keys of " + registry + " in `" + file + "`: " + e, e);
        } catch (MalformedBodyException e) {
            throw ExitCode.LOCAL.fault(
                    "the attestation keys of " + registry + " in `" + file + "` are damaged: " + e.getMessage()
                            + "; restore the file, or give up its protection with: lair registry forget " + registry,
                    e);
        }
    }

    /** Remembers keys at first use. */
    void write(Kept kept) throws Fault {
        try {
            DurableFile.createFolder(file.resolveSibling(""));
            DurableFile.replace(file, WargJson.write(kept));
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault(
                    "cannot keep the attestation keys of " + registry + " in `" + file + "`: " + e, e);
        }
    }

    /** Drops what is remembered; whether there was something. */
    public boolean forget() throws Fault {
        try {
            return DurableFile.delete(file);
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault(
                    "cannot remove the attestation keys of " + registry + " from `" + file + "`: " + e, e);
        }
    }
}

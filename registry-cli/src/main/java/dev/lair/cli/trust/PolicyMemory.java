package dev.lair.cli.trust;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargJson;
import dev.lair.signing.note.MalformedPolicyException;
import dev.lair.signing.note.WitnessPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The policy that a registry must satisfy on every command, in {@code registries/<sha256 of its URL>/policy.json} (mode
 * 0600). It is a copy: a change of the file that it came from changes nothing. A damaged memory is a fault and not "no
 * policy": whoever can break it could otherwise switch it off.
 */
public final class PolicyMemory {

    /** A policy file: 512 keys of the longest type take 1 MiB. */
    private static final long POLICY_BYTES = 2L << 20;

    private final String registry;
    private final Path file;

    /**
     * @param registries the folder of all registries
     * @param registry base URL in its one spelling
     */
    public PolicyMemory(Path registries, String registry) {
        this.registry = registry;
        this.file = CheckpointMemory.folderOf(registries, registry).resolve("policy.json");
    }

    /**
     * What the file holds.
     *
     * @param policy text of the policy file
     * @param maxAgeSeconds null for any age
     */
    public record Kept(
            String registry, String policy, @Nullable Long maxAgeSeconds) {}

    /** What is demanded of the registry; empty when nobody said. */
    public Optional<NoteDemand> read() throws Fault {
        try {
            Kept kept = WargJson.readReply(Files.readAllBytes(file), Kept.class);
            return Optional.of(new NoteDemand(
                    WitnessPolicy.parse(kept.policy()),
                    Optional.ofNullable(kept.maxAgeSeconds()).map(Duration::ofSeconds)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot read the policy of " + registry + " in `" + file + "`: " + e, e);
        } catch (MalformedBodyException | MalformedPolicyException e) {
            throw ExitCode.LOCAL.fault(
                    "the policy of " + registry + " in `" + file + "` is damaged: " + e.getMessage()
                            + "; set it again with: lair registry trust --policy FILE",
                    e);
        }
    }

    /** Demands this from now on. */
    public void write(NoteDemand demand) throws Fault {
        Kept kept = new Kept(
                registry,
                demand.policy().format(),
                demand.maxAge().map(Duration::toSeconds).orElse(null));
        try {
            DurableFile.createFolder(file.resolveSibling(""));
            DurableFile.replace(file, WargJson.write(kept));
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot keep the policy of " + registry + " in `" + file + "`: " + e, e);
        }
    }

    /** Demands nothing from now on; whether something was. */
    public boolean remove() throws Fault {
        try {
            return DurableFile.delete(file);
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot remove the policy of " + registry + " from `" + file + "`: " + e, e);
        }
    }

    /** Reads a policy file that a person named. */
    public static WitnessPolicy readFile(Path path) throws Fault {
        try {
            if (Files.size(path) > POLICY_BYTES) {
                throw ExitCode.LOCAL.fault(
                        "`" + path + "` is no policy file: it has more than " + POLICY_BYTES + " bytes");
            }
            return WitnessPolicy.parse(Files.readAllBytes(path));
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot read the policy file `" + path + "`: " + e, e);
        } catch (MalformedPolicyException e) {
            throw ExitCode.LOCAL.fault("`" + path + "` is " + e.getMessage(), e);
        }
    }
}

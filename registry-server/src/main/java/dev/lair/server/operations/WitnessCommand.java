package dev.lair.server.operations;

import dev.lair.server.witness.WitnessServer;
import dev.lair.server.witness.WitnessSettings;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.WitnessPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a witness for other logs until a signal. */
@Command(
        name = "witness",
        description = "Cosigns checkpoints of other logs, each only if it extends the one before.",
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class)
final class WitnessCommand implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "data folder, made when it is not there (default: lair-witness)")
    private Path data = Path.of("lair-witness");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "name of a new witness for ever, a URL without scheme like witness.example/lair")
    private @Nullable String name;

    @Option(
            names = "--log",
            paramLabel = "VKEY",
            description = "key of a log to cosign, named as the log's origin; may be given again")
    private List<String> logs = List.of();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "policy file whose logs to cosign; its other lines are not used")
    private @Nullable Path policy;

    @Option(names = "--ml-dsa-44", description = "cosign with an ML-DSA-44 key too; made now, used from then on")
    private boolean mlDsa;

    @Option(
            names = "--master-key",
            paramLabel = "FILE",
            description = "opens the key store (default: master.key in the data folder)")
    private @Nullable Path masterKey;

    @Option(names = "--port", paramLabel = "N", description = "port to listen on, 0 for any (default: 8091)")
    private int port = 8091;

    @Option(names = "--address", paramLabel = "ADDRESS", description = "address to listen on (default: 127.0.0.1)")
    private String address = "127.0.0.1";

    @Option(names = "--show-key", description = "print the keys that verify the cosignatures, and end")
    private boolean showKey;

    WitnessCommand() {}

    @Override
    public Integer call() throws IOException {
        WitnessSettings settings =
                new WitnessSettings(data.toAbsolutePath(), masterKey, name, mlDsa, logKeys(), address, port);
        if (showKey) {
            WitnessServer.keys(settings).forEach(System.out::println);
        } else {
            WitnessServer.start(settings);
        }
        return 0;
    }

    private List<NoteKey> logKeys() throws IOException {
        List<NoteKey> keys = new ArrayList<>(logs.stream().map(NoteKey::parse).toList());
        if (policy != null) {
            WitnessPolicy.parse(Files.readAllBytes(policy)).logs().forEach(log -> keys.add(log.key()));
        }
        return keys.stream().distinct().toList();
    }
}

package dev.lair.server.witness;

import dev.lair.signing.note.NoteKey;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a witness is started with.
 *
 * @param data its folder, made when it is not there; a registry's folder is refused
 * @param masterKeyFile opens its keys; null means {@code master.key} in the folder, made at first start
 * @param name of a new witness, a URL without scheme; null for one that has a name
 * @param mlDsa whether it cosigns with an ML-DSA-44 key too
 * @param logs keys of the logs that it is a witness of, each named as its log's origin
 * @param address where it listens
 * @param port where it listens; 0 for any
 */
public record WitnessSettings(
        Path data,
        @Nullable Path masterKeyFile,
        @Nullable String name,
        boolean mlDsa,
        List<NoteKey> logs,
        String address,
        int port) {

    public WitnessSettings {
        logs = List.copyOf(logs);
    }
}

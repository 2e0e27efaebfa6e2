package dev.lair.server.operations;

import dev.lair.server.settings.LairSettings.StorageKind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * Which registry a command is about: the settings that it is served with, given as {@code serve} takes them. What is not
 * given here comes from the environment, so that a command in a node's container needs none of it.
 */
final class RegistryOptions {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "data folder (default: lair-data)")
    private @Nullable Path data;

    @Option(
            names = "--storage",
            paramLabel = "KIND",
            scope = ScopeType.INHERIT,
            description = "embedded or postgres, as the registry is served (default: embedded)")
    private @Nullable StorageKind storage;

    @Option(
            names = "--master-key",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "opens the key store (default: what LAIR_MASTER_KEY or lair.master-key-command says, else master.key"
                            + " in the data folder)")
    private @Nullable Path masterKey;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "any setting that the registry is served with; may be given again")
    private Map<String, String> settings = Map.of();

    RegistryOptions() {}

    /** Every setting that the command line gives, by key. */
    Map<String, String> settings() {
        return settings(data, storage, masterKey, settings);
    }

    /** Options outrank {@code --set}. Paths are absolute: Spring reads a relative one with a colon in it as a URL. */
    static Map<String, String> settings(
            @Nullable Path data,
            @Nullable StorageKind storage,
            @Nullable Path masterKey,
            Map<String, String> settings) {
        Map<String, String> given = new LinkedHashMap<>(settings);
        if (data != null) {
            given.put("lair.data", data.toAbsolutePath().toString());
        }
        if (storage != null) {
            given.put("lair.storage", storage.name());
        }
        if (masterKey != null) {
            given.put("lair.master-key-file", masterKey.toAbsolutePath().toString());
        }
        return given;
    }
}

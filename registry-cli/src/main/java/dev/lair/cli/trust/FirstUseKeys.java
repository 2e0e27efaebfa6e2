package dev.lair.cli.trust;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.tree.RegistryConfig;
import dev.lair.signing.note.MalformedNoteKeyException;
import dev.lair.signing.note.MalformedPolicyException;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.WitnessPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of a registry's logs as the registry itself states them in {@code config.json}: trust on first use. Whoever
 * takes them says so, and keeps them.
 */
public final class FirstUseKeys {

    private FirstUseKeys() {}

    /**
     * The keys of one log, for a policy.
     *
     * @throws Fault when there is none, or one is not a key of a log with that origin
     */
    public static List<WitnessPolicy.Log> of(RegistryConfig.LogConfig config) throws Fault {
        List<WitnessPolicy.Log> logs = new ArrayList<>();
        try {
            for (String text : config.keys()) {
                NoteKey key = NoteKey.parse(text);
                if (!key.name().equals(config.origin())) {
                    throw refused("key `" + key.name() + "` is not named as its log, `" + config.origin() + "`");
                }
                // Types that are not known here verify nothing, and a newer registry may have them.
                if (key.type().isPresent()) {
                    logs.add(new WitnessPolicy.Log(key, Optional.of(config.url())));
                }
            }
            if (logs.isEmpty()) {
                throw refused("there is none for the log `" + config.origin() + "`");
            }
            return new WitnessPolicy(logs, List.of(), WitnessPolicy.NO_QUORUM).logs();
        } catch (MalformedNoteKeyException | MalformedPolicyException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static Fault refused(String rule) {
        return ExitCode.UNVERIFIED.fault("the keys that the registry states in /config.json are refused: " + rule);
    }
}

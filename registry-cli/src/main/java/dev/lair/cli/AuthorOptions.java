package dev.lair.cli;

import dev.lair.cli.author.Publication;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.Fault;
import dev.lair.signing.KeyLabel;
import dev.lair.signing.PrivateKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What publish and yank share: who signs, and how long to wait. */
@SuppressWarnings("NullAway.Init")
final class AuthorOptions {

    private static final KeyLabel DEFAULT = new KeyLabel("default");

    @Option(names = "--key", paramLabel = "NAME", description = "The key that signs. Default: default")
    private @Nullable KeyLabel key;

    @Mixin
    private PassphraseOption passphrase;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait until the record is published. Default: 60")
    private int timeoutSeconds;

    /** Whether the command line names a key. */
    boolean keyIsNamed() {
        return key != null;
    }

    KeyLabel keyName() {
        return key == null ? DEFAULT : key;
    }

    Duration timeout() throws Fault {
        return Lair.seconds(timeoutSeconds);
    }

    PrivateKey signer(Lair lair) throws Fault {
        return lair.keys().open(keyName(), () -> passphrase.masterKey(lair));
    }

    Publication publication(Lair lair, RegistryClient client, PrivateKey signer) throws Fault {
        return new Publication(
                client,
                lair.trust(client),
                signer,
                lair.environment().clock(),
                lair.environment().pace(),
                timeout(),
                lair.console());
    }

    /** What JSON output says of a published record. */
    static Map<String, Object> members(Publication.Published published) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("recordId", published.logged().record().id().toString());
        members.put("leafIndex", published.logged().leafIndex());
        members.put("checkpointSize", published.view().size());
        members.put("registry", published.view().registry());
        return members;
    }

    static void print(Lair lair, String what, Publication.Published published) {
        lair.console().result(what);
        lair.console().result("record     " + published.logged().record().id());
        lair.console().result("leaf       " + published.logged().leafIndex());
        lair.console().result("checkpoint " + Counted.of(published.view().size(), "record") + ", verified");
    }
}

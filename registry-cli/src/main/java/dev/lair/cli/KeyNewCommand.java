package dev.lair.cli;

import static java.util.Objects.requireNonNull;

import dev.lair.cli.author.AuthorKeys.Listed;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Fault;
import dev.lair.signing.KeyLabel;
import dev.lair.signing.MasterKey;
import dev.lair.signing.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair key new}: makes an author key. */
@Command(
        name = "new",
        description = {
            "Make a key that signs your releases.",
            "It is kept in $$LAIR_HOME (default ~/.config/lair): readable by you only, or sealed when a passphrase is"
                    + " given. Nothing is ever overwritten. Keep a copy: a package whose keys are lost gets no more releases."
        })
@SuppressWarnings("NullAway.Init")
final class KeyNewCommand implements Callable<Integer> {

    @ParentCommand
    private KeyCommand parent;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "What to call it. Default: default")
    private KeyLabel name;

    @Mixin
    private PassphraseOption passphrase;

    @Override
    public Integer call() throws Fault {
        Lair lair = parent.lair();
        MasterKey master = passphrase.masterKey(lair);
        Listed made = lair.keys().create(name, master);
        print(lair.console(), made);
        return 0;
    }

    private static void print(Console console, Listed made) {
        PublicKey key = requireNonNull(made.publicKey());
        console.result("key        " + made.name() + (made.sealed() ? " (sealed)" : ""));
        console.result("key id     " + key.keyId());
        console.result("public key " + key);
        console.json(members(made));
    }

    /** A key as JSON output shows it. */
    static Map<String, Object> members(Listed listed) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", listed.name());
        members.put("sealed", listed.sealed());
        if (listed.publicKey() != null) {
            members.put("keyId", listed.publicKey().keyId().toString());
            members.put("publicKey", listed.publicKey().text());
        }
        if (listed.problem() != null) {
            members.put("problem", listed.problem());
        }
        return members;
    }
}

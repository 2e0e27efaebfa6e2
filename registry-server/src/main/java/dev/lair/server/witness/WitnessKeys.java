package dev.lair.server.witness;

import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.signing.note.NoteSigner;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which a witness is known: made when it begins, sealed in its data folder, and kept. Both kinds carry the same
 * name. A log that trusts the witness has its keys in a policy file, so neither may change.
 */
final class WitnessKeys {

    private static final KeyLabel ED25519 = new KeyLabel("witness-ed25519");
    private static final KeyLabel ML_DSA_44 = new KeyLabel("witness-ml-dsa-44");

    private WitnessKeys() {}

    /**
     * Opens the keys, and makes what is missing. A crash in between leaves the first key, which is kept.
     *
     * @param name of a new witness; null, or the one that it has, for one that began before
     * @param mlDsa whether an ML-DSA-44 key is wanted too; one that is there is used in any case
     */
    static List<NoteSigner> openOrCreate(KeyStore store, @Nullable String name, boolean mlDsa, SecureRandom random)
            throws IOException {
        Optional<NotePrivateKey> known = store.noteKey(ED25519);
        if (known.isEmpty() && name == null) {
            throw new IOException("this witness has no key yet: give it a name with --name, like"
                    + " witness.example/lair, which it has for ever");
        }
        NotePrivateKey first = known.isPresent()
                ? known.get()
                : make(store, ED25519, NoteKeyType.COSIGNATURE_ED25519, String.valueOf(name), random);
        String has = first.key().name();
        if (name != null && !name.equals(has)) {
            throw new IOException(
                    "this witness is named `" + has + "`, not `" + name
                            + "`: logs know it by that name. Leave --name out, or begin another witness in a folder of its own");
        }
        List<NoteSigner> signers = new ArrayList<>(List.of(first.signer()));
        Optional<NotePrivateKey> second = store.noteKey(ML_DSA_44);
        if (second.isPresent() || mlDsa) {
            signers.add((second.isPresent()
                            ? second.get()
                            : make(store, ML_DSA_44, NoteKeyType.COSIGNATURE_ML_DSA_44, has, random))
                    .signer());
        }
        return signers;
    }

    private static NotePrivateKey make(
            KeyStore store, KeyLabel label, NoteKeyType type, String name, SecureRandom random) throws IOException {
        NotePrivateKey made = NotePrivateKey.generate(type, name, random);
        try {
            store.addNoteKey(label, made);
            return made;
        } catch (FileAlreadyExistsException e) {
            return store.noteKey(label).orElseThrow(() -> e);
        }
    }
}

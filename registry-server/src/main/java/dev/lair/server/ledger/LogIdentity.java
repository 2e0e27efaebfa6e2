package dev.lair.server.ledger;

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
import java.util.function.Supplier;

/**
 * Under which names and keys the two logs sign for C2SP clients and witnesses. Made when a registry begins, sealed in its
 * key store, and the same for ever: a witness that saw a log's checkpoint accepts only what extends it.
 *
 * <p>A registry that gave up what it lost ({@code lair restore --accept-fork}) continues as a new generation, with new
 * names and keys: under the old ones it would show a second history.
 *
 * @param generation 1 for a registry that never forked
 */
public record LogIdentity(int generation, LogKeys log, LogKeys evidence) {

    private static final List<NoteKeyType> TYPES = List.of(NoteKeyType.ED25519, NoteKeyType.COSIGNATURE_ML_DSA_44);

    /**
     * Opens the newest generation, or makes the first.
     *
     * @param origin base of the names of a new registry's logs
     */
    static LogIdentity openOrCreate(KeyStore store, Supplier<String> origin, SecureRandom random) throws IOException {
        int generation = generation(store);
        if (generation == 0) {
            make(store, 1, origin.get(), random);
            generation = 1;
        }
        return open(store, generation);
    }

    /** First line of the main log's checkpoints. */
    public String origin() {
        return log.origin();
    }

    /** The newest generation; empty in a registry that never signed a note. */
    public static Optional<LogIdentity> find(KeyStore store) throws IOException {
        int generation = generation(store);
        return generation == 0 ? Optional.empty() : Optional.of(open(store, generation));
    }

    /** Begins the next generation; answers its number. */
    public static int fork(KeyStore store, SecureRandom random) throws IOException {
        int last = generation(store);
        if (last == 0) {
            throw new IOException("this registry has no log keys yet: there is nothing to give up");
        }
        String name = open(store, last).log().origin();
        String base = name.substring(0, name.length() - "/log".length());
        String first = last == 1 ? base : base.substring(0, base.lastIndexOf("/fork-"));
        make(store, last + 1, first + "/fork-" + (last + 1), random);
        return last + 1;
    }

    private static int generation(KeyStore store) throws IOException {
        int generation = 0;
        // The key that is made last says that the generation is whole.
        while (store.noteKey(label(generation + 1, "evidence", TYPES.getLast())).isPresent()) {
            generation++;
        }
        return generation;
    }

    /** A crash in here leaves some of the keys; they are kept and the others made when this is called again. */
    private static void make(KeyStore store, int generation, String base, SecureRandom random) throws IOException {
        for (String log : List.of("log", "evidence")) {
            for (NoteKeyType type : TYPES) {
                try {
                    store.addNoteKey(
                            label(generation, log, type),
                            NotePrivateKey.generate(type, nameOf(store, generation, base) + "/" + log, random));
                } catch (FileAlreadyExistsException e) {
                    // Another node, or this one before it crashed, made it: all of them go on with that one.
                    continue;
                }
            }
        }
    }

    /** The base that the generation's first key has, if it is there: all four agree, whoever makes them. */
    private static String nameOf(KeyStore store, int generation, String base) throws IOException {
        Optional<NotePrivateKey> first = store.noteKey(label(generation, "log", TYPES.getFirst()));
        return first.map(key -> key.key().name())
                .map(name -> name.substring(0, name.length() - "/log".length()))
                .orElse(base);
    }

    private static LogIdentity open(KeyStore store, int generation) throws IOException {
        return new LogIdentity(generation, keys(store, generation, "log"), keys(store, generation, "evidence"));
    }

    private static LogKeys keys(KeyStore store, int generation, String log) throws IOException {
        List<NoteSigner> signers = new ArrayList<>();
        for (NoteKeyType type : TYPES) {
            KeyLabel label = label(generation, log, type);
            signers.add(store.noteKey(label)
                    .orElseThrow(() -> new IOException("the key store has no `" + label + "`"))
                    .signer());
        }
        return new LogKeys(signers.getFirst().key().name(), signers);
    }

    private static KeyLabel label(int generation, String log, NoteKeyType type) {
        return new KeyLabel(log + "-" + generation + (type == NoteKeyType.ED25519 ? "-ed25519" : "-ml-dsa-44"));
    }
}

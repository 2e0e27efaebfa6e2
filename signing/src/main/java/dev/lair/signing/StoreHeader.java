package dev.lair.signing;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** The file of a store's header, and how a process finds out that another one changed it. */
final class StoreHeader {

    static final String NAME = "key-store";

    private final SealedFiles files;

    StoreHeader(SealedFiles files) {
        this.files = files;
    }

    /**
     * What the header holds.
     *
     * @throws NoSuchFileException when there is none
     * @throws WrongMasterKeyException when {@code master} does not open it
     */
    StoreSeal open(MasterKey master) throws IOException {
        KeyStoreHeaderCodec.Header header = parse(bytes());
        try {
            return StoreSeal.open(header, master)
                    .orElseThrow(
                            () -> new WrongMasterKeyException("this " + master.kind() + " does not open the key store `"
                                    + files.describe("") + "` (or somebody replaced its header)"));
        } catch (DamagedKeyStoreException e) {
            throw e.in(files.describe(NAME));
        }
    }

    /** @throws WrongMasterKeyException when the header is of another generation than {@code seal} */
    void require(StoreSeal seal) throws IOException {
        bytes(seal);
    }

    /** The header, of the same generation as {@code seal}. */
    byte[] bytes(StoreSeal seal) throws IOException {
        byte[] bytes = bytes();
        if (parse(bytes).generation() != seal.generation()) {
            throw new WrongMasterKeyException("the keys in `" + files.describe("")
                    + "` were sealed anew since this process opened them; start it again, with the new master key");
        }
        return bytes;
    }

    /** @throws IOException when the header is not {@code before} any more; nothing was written */
    void replace(byte[] before, byte[] after) throws IOException {
        if (!files.replaceIf(NAME, before, after)) {
            throw new IOException("`" + files.describe(NAME)
                    + "` was changed by another process at the same time, and not by this one; try again");
        }
    }

    /** Once every key is sealed by the present store key. That another process does it too is fine. */
    void dropPrevious(StoreSeal seal) throws IOException {
        boolean done = false;
        while (!done) {
            byte[] bytes = bytes(seal);
            KeyStoreHeaderCodec.Header header = parse(bytes);
            done = header.previous().isEmpty()
                    || files.replaceIf(NAME, bytes, KeyStoreHeaderCodec.format(header.withoutPrevious()));
        }
    }

    private byte[] bytes() throws IOException {
        return files.read(NAME).orElseThrow(() -> new NoSuchFileException(files.describe(NAME)));
    }

    private KeyStoreHeaderCodec.Header parse(byte[] bytes) throws DamagedKeyStoreException {
        try {
            return KeyStoreHeaderCodec.parse(bytes);
        } catch (DamagedKeyStoreException e) {
            throw e.in(files.describe(NAME));
        }
    }
}

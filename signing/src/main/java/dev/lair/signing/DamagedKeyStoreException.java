package dev.lair.signing;

import java.io.IOException;

/**
 * A file of a {@link KeyStore} is not what the store wrote: damaged, altered, swapped or put there by something else.
 * Nothing of it was used. Restore it from a backup. The message never contains key material.
 */
public final class DamagedKeyStoreException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedKeyStoreException(String rule) {
        super(rule);
    }

    /** The same finding with the file that it is about. */
    DamagedKeyStoreException in(String file) {
        DamagedKeyStoreException located =
                new DamagedKeyStoreException("`" + file + "`: " + getMessage() + "; restore it from a backup");
        located.initCause(this);
        return located;
    }
}

package dev.lair.signing;

import java.io.IOException;

/** The passphrase or raw key given is not the one that opens the {@link KeyStore}. */
public final class WrongMasterKeyException extends IOException {

    private static final long serialVersionUID = 1L;

    WrongMasterKeyException(String message) {
        super(message);
    }
}

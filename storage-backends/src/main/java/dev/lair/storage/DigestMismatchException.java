package dev.lair.storage;

import dev.lair.transparency.Digest;

/** The bytes are not those that their digest names. Nothing was kept. */
public final class DigestMismatchException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Digest expected;
    private final transient Digest found;

    public DigestMismatchException(Digest expected, Digest found, long sizeBytes) {
        super("the " + sizeBytes + " bytes have digest " + found + ", not " + expected
                + ": was the upload cut or changed on the way?");
        this.expected = expected;
        this.found = found;
    }

    /** The digest that was announced. */
    public Digest expected() {
        return expected;
    }

    /** The digest of the bytes that came. */
    public Digest found() {
        return found;
    }
}

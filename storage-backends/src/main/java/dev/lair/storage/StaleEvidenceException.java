package dev.lair.storage;

/** The evidence log is not where the writer took it to be: another writer came first. Nothing was written. */
public final class StaleEvidenceException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Both are numbers of leaves. */
    public StaleEvidenceException(long expectedSize, long storedSize) {
        super("the evidence log has " + storedSize + " entries, not the expected " + expectedSize
                + " (or others of that number)");
    }
}

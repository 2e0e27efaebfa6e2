package dev.lair.storage;

/**
 * A batch was built upon a state that is not the stored one: somebody else committed in between, or the caller lost
 * track. Nothing was written. Read {@link LedgerStore#state} and the entries since, then build the batch anew.
 */
public final class StaleLedgerException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient LedgerState stored;

    public StaleLedgerException(LedgerState expected, LedgerState stored) {
        super("the batch was built upon " + expected + ", the ledger is at " + stored);
        this.stored = stored;
    }

    /** The state that the ledger has. */
    public LedgerState stored() {
        return stored;
    }
}

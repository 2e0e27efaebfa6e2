package dev.lair.registry.warg;

/** Bytes are no {@link PackedLedger}; the message says where they break off. */
public final class MalformedLedgerException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedLedgerException(int lengthBytes) {
        super("a packed ledger has " + PackedLedger.RECORD_BYTES + " bytes for each record; these " + lengthBytes
                + " bytes end " + lengthBytes % PackedLedger.RECORD_BYTES + " bytes into record "
                + (lengthBytes / PackedLedger.RECORD_BYTES + 1));
    }
}

package dev.lair.server.ledger;

/** Why the ledger did not append a record, or cannot start. */
public abstract sealed class LedgerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LedgerException(String message) {
        super(message);
    }

    LedgerException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The queue is full; nothing is wrong, try again in a moment. */
    public static final class Busy extends LedgerException {
        private static final long serialVersionUID = 1L;

        public Busy() {
            super("too many records wait for the ledger; try again in a second");
        }
    }

    /** The record does not extend the head of its log any more: another record came first. */
    public static final class HeadMoved extends LedgerException {
        private static final long serialVersionUID = 1L;

        HeadMoved() {
            super("another record of this log came first");
        }
    }

    /** The very same signed record is in the log of another package. */
    public static final class RecordInOtherLog extends LedgerException {
        private static final long serialVersionUID = 1L;

        public RecordInOtherLog() {
            super("this record is in the log of another package already; sign a new one for this package");
        }
    }

    /** The ledger stopped after a failed write, whose outcome only a restart can tell. */
    public static final class Stopped extends LedgerException {
        private static final long serialVersionUID = 1L;

        Stopped(String message, Throwable cause) {
            super(message, cause);
        }

        Stopped(String message) {
            super(message);
        }
    }

    /** The storage failed, and nothing of this record was written; it may be sent again. */
    public static final class NotWritten extends LedgerException {
        private static final long serialVersionUID = 1L;

        NotWritten(Throwable cause) {
            super("the storage failed and the record was not written; try again in a moment", cause);
        }
    }

    /**
     * The storage does not answer and the outcome of a write is not known yet. The ledger goes on by itself when it knows;
     * until then nothing is taken.
     */
    public static final class Unreachable extends LedgerException {
        private static final long serialVersionUID = 1L;

        Unreachable(Throwable cause) {
            super("the storage does not answer at the moment; try again in a few seconds", cause);
        }
    }

    /** What is stored does not fit together; the ledger refuses to sign anything over it. */
    public static final class Corrupt extends LedgerException {
        private static final long serialVersionUID = 1L;

        Corrupt(String message) {
            super(message);
        }

        Corrupt(String message, Throwable cause) {
            super(message, cause);
        }
    }
}

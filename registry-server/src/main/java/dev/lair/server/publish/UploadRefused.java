package dev.lair.server.publish;

import dev.lair.transparency.RecordId;

/** An upload is refused. */
public abstract sealed class UploadRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private UploadRefused(String message) {
        super(message);
    }

    /** No such record in this log. */
    public static final class UnknownRecord extends UploadRefused {
        private static final long serialVersionUID = 1L;
        private final transient RecordId recordId;

        UnknownRecord(RecordId recordId) {
            super("record `" + recordId + "` was not found");
            this.recordId = recordId;
        }

        public RecordId recordId() {
            return recordId;
        }
    }

    /** The record waits for no upload, or not for this one. */
    public static final class NotSourcing extends UploadRefused {
        private static final long serialVersionUID = 1L;

        NotSourcing() {
            super("the record is not currently sourcing content");
        }
    }

    /** The bytes are not the content that the URL names; the record still waits for it. */
    public static final class WrongContent extends UploadRefused {
        private static final long serialVersionUID = 1L;

        WrongContent(String message) {
            super(message);
        }
    }

    /** More bytes than a content may have; the record still waits. */
    public static final class TooLarge extends UploadRefused {
        private static final long serialVersionUID = 1L;

        TooLarge(String message) {
            super(message);
        }
    }

    /** The bytes are what the record names, and they may not be released: the record is rejected with them. */
    public static final class BadContent extends UploadRefused {
        private static final long serialVersionUID = 1L;

        BadContent(String message) {
            super(message);
        }
    }
}

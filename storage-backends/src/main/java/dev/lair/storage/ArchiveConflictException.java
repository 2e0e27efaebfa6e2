package dev.lair.storage;

/** A write-once object has other bytes than the ones that were to be written. */
public final class ArchiveConflictException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Names the path; the bytes are not shown. */
    public ArchiveConflictException(String path) {
        super("`" + path + "` is there with other content");
    }
}

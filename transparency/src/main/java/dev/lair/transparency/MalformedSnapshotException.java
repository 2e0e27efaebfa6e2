package dev.lair.transparency;

/** Bytes that should be a {@link MapSnapshot} are not one; the message names the rule. The answer is to replay the log. */
public final class MalformedSnapshotException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedSnapshotException(String rule) {
        super("not a map snapshot: " + rule);
    }
}

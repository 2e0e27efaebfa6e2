package dev.lair.transparency;

/** A text that should be a checkpoint, or the evidence of one, is not one; the message names the line and the rule. */
public final class MalformedCheckpointException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedCheckpointException(String what, String place, String rule) {
        super("not a " + what + ": " + place + " " + rule);
    }
}

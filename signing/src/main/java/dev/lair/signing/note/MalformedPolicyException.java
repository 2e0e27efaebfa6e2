package dev.lair.signing.note;

/** A witness policy is not one, or could never be met; the message names the line, where there is one, and the rule. */
public final class MalformedPolicyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String rule;

    MalformedPolicyException(String rule) {
        super("not a witness policy: " + rule);
        this.rule = rule;
    }

    private MalformedPolicyException(int line, MalformedPolicyException cause) {
        super("not a witness policy: line " + line + ": " + cause.rule, cause);
        this.rule = cause.rule;
    }

    /** The same finding with the line that it is about; line 1 is the first. */
    MalformedPolicyException at(int line) {
        return new MalformedPolicyException(line, this);
    }
}

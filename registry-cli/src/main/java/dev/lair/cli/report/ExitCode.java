package dev.lair.cli.report;

/** How {@code lair} ends; the numbers are a promise to scripts. */
public enum ExitCode {
    /** Done. */
    OK(0, "ok"),
    /** A fault of this program. */
    UNEXPECTED(1, "unexpected"),
    /** The command line makes no sense. */
    USAGE(2, "usage"),
    /** The registry's answers do not fit together: signature, proof, rewind, fork, digest. */
    UNVERIFIED(3, "unverified"),
    /** The registry refused or rejected. */
    REFUSED(4, "refused"),
    /** The registry cannot be reached, or is too slow. */
    UNREACHABLE(5, "unreachable"),
    /** No such package, version or content. */
    NOT_FOUND(6, "not-found"),
    /** A local file or key is missing or unfit, or a limit that was set here is reached. */
    LOCAL(7, "local"),
    /** Signatures and proofs hold, but nothing proves that they are recent enough. */
    STALE(8, "stale"),
    /** A local binary or WIT text breaks a rule. */
    INVALID(9, "invalid");

    private final int number;
    private final String label;

    ExitCode(int number, String label) {
        this.number = number;
        this.label = label;
    }

    /** What the process returns. */
    public int number() {
        return number;
    }

    /** How JSON output names it. */
    public String label() {
        return label;
    }

    /** A fault that ends the command this way. */
    public Fault fault(String message) {
        return new Fault(this, message, null, null);
    }

    /** The same with what caused it, for {@code --debug}. */
    public Fault fault(String message, Throwable cause) {
        return new Fault(this, message, null, cause);
    }
}

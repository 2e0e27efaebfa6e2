package dev.lair.registry.log;

import dev.lair.registry.SemVer;
import dev.lair.signing.KeyId;

/**
 * A log refuses a record, and keeps the state that it had. The {@link Reason} is one of a closed set; its message is the
 * reference's, word for word, because clients print and compare it (warg protocol, section 2).
 */
public final class RecordRejected extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reason reason;

    RecordRejected(Reason reason) {
        super(reason.message());
        this.reason = reason;
    }

    /** Which rule refused the record. */
    public Reason reason() {
        return reason;
    }

    /** The rules of both logs. The reference's {@code IncorrectHashAlgorithm} cannot occur: only SHA-256 exists. */
    public sealed interface Reason {

        /** What the reference says. */
        String message();
    }

    public record PreviousHashOnFirstRecord() implements Reason {
        @Override
        public String message() {
            return "the first record contained a previous hash value";
        }
    }

    public record NoPreviousHashAfterInit() implements Reason {
        @Override
        public String message() {
            return "non-initial record contained no previous hash";
        }
    }

    public record RecordHashDoesNotMatch() implements Reason {
        @Override
        public String message() {
            return "previous record hash does not match";
        }
    }

    public record ProtocolVersionNotAllowed(long version) implements Reason {
        @Override
        public String message() {
            return "protocol version " + version + " not allowed";
        }
    }

    public record TimestampLowerThanPrevious() implements Reason {
        @Override
        public String message() {
            return "record has lower timestamp than previous";
        }
    }

    public record InitialRecordDoesNotInit() implements Reason {
        @Override
        public String message() {
            return "the initial record is empty and does not \"init\"";
        }
    }

    public record FirstEntryIsNotInit() implements Reason {
        @Override
        public String message() {
            return "the first entry of the log is not \"init\"";
        }
    }

    public record InitialEntryAfterBeginning() implements Reason {
        @Override
        public String message() {
            return "a second \"init\" entry was found";
        }
    }

    /** {@code log} is {@code package log} or {@code operator log}. */
    public record KeyIdNotRecognized(KeyId keyId, String log) implements Reason {
        @Override
        public String message() {
            return "the Key ID used to sign this envelope is not known to this " + log;
        }
    }

    public record UnauthorizedAction(KeyId keyId, Permission needed) implements Reason {
        @Override
        public String message() {
            return "the key with ID " + keyId + " did not have required permission " + needed.label();
        }
    }

    public record PermissionNotFoundToRevoke(KeyId keyId, Permission permission) implements Reason {
        @Override
        public String message() {
            return "attempted to remove permission " + permission.label() + " from key " + keyId
                    + " which did not have it";
        }
    }

    public record ReleaseOfReleased(SemVer version) implements Reason {
        @Override
        public String message() {
            return "an entry attempted to release version " + version + " which is already released";
        }
    }

    public record YankOfUnreleased(SemVer version) implements Reason {
        @Override
        public String message() {
            return "an entry attempted to yank version " + version + " which had not yet been released";
        }
    }

    public record YankOfYanked(SemVer version) implements Reason {
        @Override
        public String message() {
            return "an entry attempted to yank version " + version + " which is already yanked";
        }
    }

    /** The operator log appends the cause of the reference's error chain to the same words. */
    public record SignatureError(boolean operatorLog) implements Reason {
        @Override
        public String message() {
            return "unable to verify signature" + (operatorLog ? ": signature error" : "");
        }
    }

    public record InvalidNamespace(String namespace) implements Reason {
        @Override
        public String message() {
            return "the namespace `" + namespace + "` is invalid; namespace must be a lowercased kebab case string";
        }
    }

    public record NamespaceAlreadyDefined(String namespace) implements Reason {
        @Override
        public String message() {
            return "the namespace `" + namespace + "` is already defined and cannot be redefined";
        }
    }
}

package dev.lair.registry.log;

import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.Signer;
import dev.lair.transparency.RecordId;

/**
 * A signed record of the operator log together with what it says. The two cannot disagree: contents are only ever
 * decoded from the signed bytes, and those bytes are kept as they were received.
 */
public final class SignedOperatorRecord {

    private final SignedRecord envelope;
    private final OperatorRecord contents;
    private final RecordId id;

    private SignedOperatorRecord(SignedRecord envelope, OperatorRecord contents) {
        this.envelope = envelope;
        this.contents = contents;
        this.id = envelope.recordId(RecordDomain.OPERATOR);
    }

    /**
     * Decodes the signed bytes. The signature is not checked here: only the log knows the key.
     *
     * @throws MalformedRecordException when the bytes are no operator record
     */
    public static SignedOperatorRecord decode(SignedRecord envelope) throws MalformedRecordException {
        return new SignedOperatorRecord(envelope, OperatorRecordCodec.parse(envelope.contentBytes()));
    }

    /** Encodes and signs a new record. */
    public static SignedOperatorRecord sign(OperatorRecord contents, Signer signer) {
        return new SignedOperatorRecord(
                SignedRecord.sign(RecordDomain.OPERATOR, OperatorRecordCodec.format(contents), signer), contents);
    }

    /** The signed bytes, key id and signature, verbatim. */
    public SignedRecord envelope() {
        return envelope;
    }

    /** What the record says. */
    public OperatorRecord contents() {
        return contents;
    }

    /** The id that the next record names as {@code prev}. */
    public RecordId id() {
        return id;
    }
}

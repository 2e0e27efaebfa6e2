package dev.lair.registry.log;

import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.Signer;
import dev.lair.transparency.RecordId;

/**
 * A signed record of a package log together with what it says. The two cannot disagree: contents are only ever
 * decoded from the signed bytes, and those bytes are kept as they were received.
 */
public final class SignedPackageRecord {

    private final SignedRecord envelope;
    private final PackageRecord contents;
    private final RecordId id;

    private SignedPackageRecord(SignedRecord envelope, PackageRecord contents) {
        this.envelope = envelope;
        this.contents = contents;
        this.id = envelope.recordId(RecordDomain.PACKAGE);
    }

    /**
     * Decodes the signed bytes. The signature is not checked here: only the log knows the key.
     *
     * @throws MalformedRecordException when the bytes are no package record
     */
    public static SignedPackageRecord decode(SignedRecord envelope) throws MalformedRecordException {
        return new SignedPackageRecord(envelope, PackageRecordCodec.parse(envelope.contentBytes()));
    }

    /** Encodes and signs a new record. */
    public static SignedPackageRecord sign(PackageRecord contents, Signer signer) {
        return new SignedPackageRecord(
                SignedRecord.sign(RecordDomain.PACKAGE, PackageRecordCodec.format(contents), signer), contents);
    }

    /** The id that these contents have once they are signed, by whichever key. */
    public static RecordId idOf(PackageRecord contents) {
        return RecordDomain.PACKAGE.recordId(PackageRecordCodec.format(contents));
    }

    /** The signed bytes, key id and signature, verbatim. */
    public SignedRecord envelope() {
        return envelope;
    }

    /** What the record says. */
    public PackageRecord contents() {
        return contents;
    }

    /** The id that the next record names as {@code prev}. */
    public RecordId id() {
        return id;
    }
}

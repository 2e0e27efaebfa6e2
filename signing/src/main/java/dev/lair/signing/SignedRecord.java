package dev.lair.signing;

import dev.lair.transparency.RecordId;
import java.util.Arrays;

/**
 * One log record as it travels and is stored: content bytes, the id of the key that signed, the signature.
 *
 * <p>The content bytes are kept exactly as received, canonical protobuf or not, because every hash and signature is
 * over them. Arrays are copied on the way in and out; two records are equal when all three parts are. Nothing is
 * verified by constructing one.
 */
// Copied on the way in and out, and compared by value below.
@SuppressWarnings("ArrayRecordComponent")
public record SignedRecord(byte[] contentBytes, KeyId keyId, Signature signature) {

    public SignedRecord {
        contentBytes = contentBytes.clone();
    }

    /** Signs {@code content} as a record of {@code domain}. */
    public static SignedRecord sign(RecordDomain domain, byte[] content, Signer signer) {
        return new SignedRecord(content, signer.keyId(), signer.sign(domain.signingInput(content)));
    }

    /** A copy of the content bytes. */
    @Override
    public byte[] contentBytes() {
        return contentBytes.clone();
    }

    /** The length of the content bytes, without copying them. */
    public int contentSizeBytes() {
        return contentBytes.length;
    }

    /** The id of this record in a log of {@code domain}. */
    public RecordId recordId(RecordDomain domain) {
        return domain.recordId(contentBytes);
    }

    /** Whether {@code key} is the key this record names and made this signature, for a log of {@code domain}. */
    public boolean verify(RecordDomain domain, PublicKey key, Verifier verifier) {
        return key.keyId().equals(keyId) && verifier.verify(key, domain.signingInput(contentBytes), signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedRecord that
                && Arrays.equals(that.contentBytes, contentBytes)
                && that.keyId.equals(keyId)
                && that.signature.equals(signature);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(contentBytes) + keyId.hashCode()) + signature.hashCode();
    }

    /** Key id and size: the content is for a codec to show. */
    @Override
    public String toString() {
        return "SignedRecord[" + contentBytes.length + " bytes, keyId=" + keyId + "]";
    }
}

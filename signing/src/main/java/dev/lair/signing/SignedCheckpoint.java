package dev.lair.signing;

import dev.lair.transparency.TimestampedCheckpoint;
import java.nio.charset.StandardCharsets;

/**
 * A checkpoint, the id of the operator key that signed it, and the signature over its domain prefix and
 * {@link TimestampedCheckpoint#encode} (warg protocol, sections 1 and 3). Nothing is verified by constructing one.
 */
public record SignedCheckpoint(TimestampedCheckpoint contents, KeyId keyId, Signature signature) {

    private static final byte[] PREFIX = "WARG-CHECKPOINT-SIGNATURE-V0:".getBytes(StandardCharsets.US_ASCII);

    /** Signs {@code contents}. */
    public static SignedCheckpoint sign(TimestampedCheckpoint contents, Signer signer) {
        return new SignedCheckpoint(contents, signer.keyId(), signer.sign(signingInput(contents)));
    }

    /** The message that a checkpoint's signature is over. */
    public static byte[] signingInput(TimestampedCheckpoint contents) {
        return RecordDomain.prefixed(PREFIX, contents.encode());
    }

    /** Whether {@code key} is the key this checkpoint names and made this signature. */
    public boolean verify(PublicKey key, Verifier verifier) {
        return key.keyId().equals(keyId) && verifier.verify(key, signingInput(contents), signature);
    }
}

package dev.lair.signing.dsse;

import dev.lair.signing.MalformedSignatureException;
import dev.lair.signing.PublicKey;
import dev.lair.signing.Signature;
import dev.lair.signing.Signer;
import dev.lair.signing.Verifier;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A payload, what it is, and one signature over both (DSSE protocol 1.0.0, trusted publishing, section 5). Signed is
 *
 * <pre>
 * PAE = "DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload       LEN: bytes, decimal, no leading zeros
 * </pre>
 *
 * so that bytes signed as one type are never taken for another. Our signatures are ECDSA P-256 with SHA-256 in DER.
 *
 * <p>DSSE allows many signatures; an envelope here has exactly one, because a reader that counts one valid signature
 * among many tells nobody what the others are worth. The signature's malleability is that of ECDSA (another s under the
 * same r): who names an envelope names its bytes, not its payload. Immutable; arrays are copied.
 */
public final class DsseEnvelope {

    private static final String DOMAIN = "DSSEv1";

    private final String payloadType;
    private final byte[] payload;
    private final String keyId;
    private final byte[] signature;

    /**
     * The parts as they were read; nothing is verified.
     *
     * @param payloadType not empty, up to 255 bytes of UTF-8 without control characters
     * @param payload up to 256 KiB
     * @param keyId who says to have signed, up to 255 characters; empty when nobody is named
     * @param signature 1 to 1,024 bytes
     * @throws MalformedDsseException when one of them is something else
     */
    public DsseEnvelope(String payloadType, byte[] payload, String keyId, byte[] signature) {
        requireType(payloadType);
        requirePayload(payload);
        requireText("the key id", keyId);
        if (keyId.length() > Limits.KEY_ID_CHARS) {
            throw new MalformedDsseException(
                    "the key id has " + keyId.length() + " characters, and up to " + Limits.KEY_ID_CHARS + " are read");
        }
        if (signature.length == 0 || signature.length > Limits.SIGNATURE_BYTES) {
            throw new MalformedDsseException(
                    "a signature has 1 to " + Limits.SIGNATURE_BYTES + " bytes, this has " + signature.length);
        }
        this.payloadType = payloadType;
        this.payload = payload.clone();
        this.keyId = keyId;
        this.signature = signature.clone();
    }

    /**
     * Signs a payload.
     *
     * @throws MalformedDsseException when the type or the payload cannot stand in an envelope
     * @throws dev.lair.signing.SigningFailedException when the key cannot be used now
     */
    public static DsseEnvelope sign(String payloadType, byte[] payload, Signer signer) {
        byte[] message = preAuthenticationEncoding(payloadType, payload);
        return new DsseEnvelope(
                payloadType,
                payload,
                signer.keyId().toString(),
                signer.sign(message).der());
    }

    /**
     * The bytes that are signed.
     *
     * @throws MalformedDsseException when the type or the payload cannot stand in an envelope
     */
    public static byte[] preAuthenticationEncoding(String payloadType, byte[] payload) {
        requireType(payloadType);
        requirePayload(payload);
        byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + type.length + 32);
        out.writeBytes((DOMAIN + " " + type.length + " ").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(type);
        out.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(payload);
        return out.toByteArray();
    }

    private static void requireType(String payloadType) {
        requireText("the payload type", payloadType);
        int length = payloadType.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > Limits.PAYLOAD_TYPE_BYTES) {
            throw new MalformedDsseException(
                    "a payload type has 1 to " + Limits.PAYLOAD_TYPE_BYTES + " bytes, this has " + length);
        }
    }

    private static void requirePayload(byte[] payload) {
        if (payload.length > Limits.PAYLOAD_BYTES) {
            throw new MalformedDsseException(
                    "the payload has " + payload.length + " bytes, and up to " + Limits.PAYLOAD_BYTES + " are read");
        }
    }

    /** Half a character pair would be signed as a question mark. */
    private static void requireText(String what, String text) {
        if (text.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new MalformedDsseException(what + " must be Unicode text without control characters");
        }
    }

    /**
     * Whether this key signed this payload as this type. An envelope that names another key was not signed by this one;
     * one that names none may be.
     */
    public boolean isSignedBy(PublicKey key, Verifier verifier) {
        if (!keyId.isEmpty() && !keyId.equals(key.keyId().toString())) {
            return false;
        }
        Signature parsed;
        try {
            parsed = Signature.ofDer(signature);
        } catch (MalformedSignatureException notOurs) {
            return false;
        }
        return verifier.verify(key, preAuthenticationEncoding(payloadType, payload), parsed);
    }

    /** What {@link #payload} is. */
    public String payloadType() {
        return payloadType;
    }

    /** What was signed; it says nothing before {@link #isSignedBy} does. */
    public byte[] payload() {
        return payload.clone();
    }

    /** Who says to have signed, which the signature does not cover; empty when nobody is named. */
    public String keyId() {
        return keyId;
    }

    /** The signature's bytes. */
    public byte[] signature() {
        return signature.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DsseEnvelope that
                && payloadType.equals(that.payloadType)
                && keyId.equals(that.keyId)
                && Arrays.equals(payload, that.payload)
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * payloadType.hashCode() + Arrays.hashCode(signature);
    }

    /** Shows what it is and by whom, not the payload. */
    @Override
    public String toString() {
        return "DsseEnvelope[" + payloadType + ", " + payload.length + " bytes, " + (keyId.isEmpty() ? "?" : keyId)
                + "]";
    }
}

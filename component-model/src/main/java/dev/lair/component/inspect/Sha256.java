package dev.lair.component.inspect;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest.
 *
 * @param hex 64 lower-case digits
 */
public record Sha256(String hex) {

    /** As digests of content are written everywhere here. */
    private static final String ALGORITHM = "sha256";

    /** The digest of the bytes between position and limit; the position stays, and a mapped file is read in pieces. */
    public static Sha256 of(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.duplicate());
            return new Sha256(HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    @Override
    public String toString() {
        return ALGORITHM + ':' + hex;
    }
}

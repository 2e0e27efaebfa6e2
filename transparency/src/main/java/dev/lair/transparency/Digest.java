package dev.lair.transparency;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** SHA-256 of content. */
public final class Digest extends Sha256Value {

    private Digest(byte[] bytes) {
        super(bytes);
    }

    /** Wraps a copy of 32 bytes. */
    public static Digest ofBytes(byte[] bytes) {
        return new Digest(bytes);
    }

    /** Parses {@code sha256:<hex>}; see {@link Sha256Value}. */
    public static Digest parse(String text) {
        return new Digest(parseText(text));
    }

    /** Parses 64 hex digits without the prefix, as they stand in content paths. */
    public static Digest parseHexOnly(String hex) {
        return new Digest(parseHex(hex));
    }

    /** Hashes the concatenation of {@code parts}. */
    public static Digest of(byte[]... parts) {
        return new Digest(sha256(parts));
    }

    /** The digest of all that {@code content} still has; reads to its end and leaves it open. */
    public static Digest ofRest(InputStream content) throws IOException {
        MessageDigest sha = newSha256();
        byte[] buffer = new byte[1 << 16];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            sha.update(buffer, 0, read);
        }
        return ofBytes(sha.digest());
    }

    /** Whether a text begins as the text form does, so that {@link #parse} is what it is meant for. */
    public static boolean isMeantBy(String text) {
        return text.startsWith(PREFIX);
    }
}

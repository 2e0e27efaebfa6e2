package dev.lair.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What a server compares an upload with. */
final class Checksums {

    private Checksums() {}

    /** Hash of a range, as request headers carry it. Reads the range once more; it comes from this machine's memory. */
    static String base64(String algorithm, Bucket.Source source, long offset, long length) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has " + algorithm, impossible);
        }
        byte[] buffer = new byte[Limits.COPY_BUFFER_BYTES];
        try (InputStream in = source.open(offset, length)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }
}

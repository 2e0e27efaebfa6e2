package dev.lair.signing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** The same bytes for the same seed on every machine: SHA-256 of seed and counter. For tests only. */
public final class SeededRandom extends SecureRandom {

    private static final long serialVersionUID = 1L;

    private final String seed;
    private long counter;

    /** Bytes that depend on {@code seed} alone. */
    public SeededRandom(String seed) {
        this.seed = seed;
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
        for (int at = 0; at < bytes.length; at += 32) {
            byte[] block = sha256(seed + "/" + counter++);
            System.arraycopy(block, 0, bytes, at, Math.min(32, bytes.length - at));
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

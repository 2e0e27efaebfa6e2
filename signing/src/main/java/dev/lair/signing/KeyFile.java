package dev.lair.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One private key in one file of mode 0600: its {@linkplain PrivateKey#text() text} and nothing else, which is also
 * what the reference client's flat-file keyring keeps. One line feed at the end is tolerated and never written.
 *
 * <p>Writes are whole or not at all, and durable when the call returns; what a crash leaves and how links are treated
 * is said at {@link OwnerOnlyFile}. Without POSIX modes (Windows) modes are neither set nor checked.
 */
public final class KeyFile {

    private KeyFile() {}

    /**
     * Writes {@code key} to a new file.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken; what is there stays
     */
    public static void create(Path file, PrivateKey key) throws IOException {
        byte[] bytes = bytesOf(key);
        try {
            OwnerOnlyFile.writeNew(file, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Writes {@code key} to the file, in place of the key that it holds, if any. */
    public static void replace(Path file, PrivateKey key) throws IOException {
        byte[] bytes = bytesOf(key);
        try {
            OwnerOnlyFile.replace(file, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Reads the key of a file.
     *
     * @throws UnsafeFileModeException when group or others have access to it
     * @throws MalformedKeyException when it holds anything but one private key; its message shows none of the content
     */
    public static PrivateKey read(Path file) throws IOException {
        byte[] bytes = OwnerOnlyFile.read(file, Limits.KEY_FILE_BYTES);
        if (bytes.length > Limits.KEY_FILE_BYTES) {
            throw new MalformedKeyException("`" + file + "` is too long for one private key");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        Arrays.fill(bytes, (byte) 0);
        try {
            return PrivateKey.parse(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        } catch (MalformedKeyException e) {
            throw new MalformedKeyException("`" + file + "` holds no private key: " + e.getMessage());
        }
    }

    private static byte[] bytesOf(PrivateKey key) {
        return key.text().getBytes(StandardCharsets.US_ASCII);
    }
}

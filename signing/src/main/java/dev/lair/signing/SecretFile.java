package dev.lair.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One line of secret text in a file that only its owner may read (mode 0600). */
public final class SecretFile {

    private static final int MAX_BYTES = 4096;

    private SecretFile() {}

    /** Writes the line, in place of what was there. It is durable when this returns. */
    public static void write(Path file, String line) throws IOException {
        OwnerOnlyFile.replace(file, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The line, without white space around it.
     *
     * @throws UnsafeFileModeException when group or others have any access
     * @throws IOException when it is absent, too long or cannot be read
     */
    public static String read(Path file) throws IOException {
        byte[] bytes = OwnerOnlyFile.read(file, MAX_BYTES);
        if (bytes.length > MAX_BYTES) {
            throw new IOException("`" + file + "` has more than " + MAX_BYTES + " bytes, too many for one secret line");
        }
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }

    /** Removes the file; false when there is none. */
    public static boolean delete(Path file) throws IOException {
        return OwnerOnlyFile.delete(file);
    }
}

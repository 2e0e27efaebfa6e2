package dev.lair.signing;

import java.io.IOException;
import java.nio.file.Path;

/** A file with a secret can be read or changed by others than its owner, so it was not read. */
public final class UnsafeFileModeException extends IOException {

    private static final long serialVersionUID = 1L;

    UnsafeFileModeException(Path file, String mode) {
        super("`" + file + "` holds a secret but has mode " + mode + ": only its owner may have access. Run: chmod 600 "
                + file);
    }
}

package dev.lair.cli.author;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A local file and what it contained when it was read. */
public record ContentFile(Path path, Digest digest, long sizeBytes) {

    private static final int BUFFER_BYTES = 1 << 16;

    /** Reads the whole file once, without keeping it. */
    public static ContentFile read(Path path, Reporter reporter) throws Fault {
        if (!Files.isRegularFile(path)) {
            throw ExitCode.LOCAL.fault(
                    "`" + path + "` is no file that can be read; name the WebAssembly binary to use");
        }
        MessageDigest sha = sha256();
        long size = 0;
        try (InputStream in = Files.newInputStream(path);
                Reporter.Progress progress = reporter.start("hash", Files.size(path), Reporter.Unit.BYTES)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sha.update(buffer, 0, count);
                size += count;
                progress.advance(count);
            }
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot read `" + path + "`: " + e.getMessage(), e);
        }
        return new ContentFile(path, Digest.ofBytes(sha.digest()), size);
    }

    /** A new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}

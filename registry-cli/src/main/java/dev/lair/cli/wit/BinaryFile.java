package dev.lair.cli.wit;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A local WebAssembly binary. */
public final class BinaryFile {
    private static final byte[] MAGIC = {0x00, 'a', 's', 'm'};

    private BinaryFile() {}

    /** Whether a file begins as every WebAssembly binary does. */
    public static boolean isBinary(Path file) throws Fault {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * A read-only mapping of a file: large ones are never copied into memory as a whole.
     *
     * @param written how the person named it
     */
    public static ByteBuffer map(Path file, Path written) throws Fault {
        if (!Files.exists(file)) {
            throw ExitCode.LOCAL.fault("`" + written + "` does not exist; name a WebAssembly binary");
        }
        if (!Files.isRegularFile(file)) {
            throw ExitCode.LOCAL.fault("`" + written + "` is no file; name a WebAssembly binary");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size > FileLimits.BINARY_BYTES) {
                throw ExitCode.LOCAL.fault("`" + written + "` has " + size + " bytes; binaries of at most "
                        + FileLimits.BINARY_BYTES + " bytes are read");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        } catch (IOException e) {
            throw unreadable(written, e);
        }
    }

    /** Whether the preamble, which is that of some binary, says layer 0. */
    static boolean isCoreModule(ByteBuffer binary) {
        return binary.remaining() >= 8 && binary.get(binary.position() + 6) == 0;
    }

    static Fault unreadable(Path written, IOException cause) {
        return ExitCode.LOCAL.fault("cannot read `" + written + "`: " + cause.getMessage(), cause);
    }
}

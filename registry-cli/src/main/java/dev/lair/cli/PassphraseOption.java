package dev.lair.cli;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.signing.MalformedKeyException;
import dev.lair.signing.MasterKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the passphrase of sealed keys comes from: a file, else a variable; never the command line itself. */
final class PassphraseOption {

    static final String VARIABLE = "LAIR_KEY_PASSPHRASE";

    private static final int MAX_BYTES = 4096;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Passphrase of sealed keys: the first line of FILE. Default: $$" + VARIABLE)
    private @Nullable Path file;

    /** The passphrase as a master key; null when none is given. */
    @Nullable
    MasterKey masterKey(Lair lair) throws Fault {
        String passphrase =
                file == null ? lair.environment().variables().getOrDefault(VARIABLE, "") : firstLine(lair.path(file));
        if (passphrase.isEmpty() && file == null) {
            return null;
        }
        try {
            return MasterKey.ofPassphrase(passphrase.toCharArray());
        } catch (MalformedKeyException e) {
            throw ExitCode.LOCAL.fault("the passphrase is refused: " + e.getMessage(), e);
        }
    }

    private static String firstLine(Path path) throws Fault {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw ExitCode.LOCAL.fault(
                        "`" + path + "` is no passphrase file: it has more than " + MAX_BYTES + " bytes");
            }
            return Files.readString(path, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault("cannot read the passphrase file `" + path + "`: " + e, e);
        }
    }
}

package dev.lair.cli;

import dev.lair.cli.report.Counted;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.WitBuild;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.wit.Resolved;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair wit build}: texts become a package binary. */
@Command(
        name = "build",
        description = {
            "Build a WIT package binary from its texts.",
            "DIR is a folder of .wit files with dependencies in DIR/deps. The binary carries the documentation and is"
                    + " the same for the same texts and the same version of lair; FILE appears only when all went well."
        })
@SuppressWarnings("NullAway.Init")
final class WitBuildCommand implements Callable<Integer> {

    private static final String STANDARD_OUTPUT = "-";

    @ParentCommand
    private WitCommand parent;

    @Parameters(index = "0", paramLabel = "DIR|FILE", description = "The texts of one package.")
    private Path path;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "Where to put the binary: a file, or - for standard output.")
    private Path output;

    @Mixin
    private WitFeatures features;

    @Override
    public Integer call() throws Fault, IOException {
        Lair lair = parent.lair();
        boolean toStandardOutput = output.toString().equals(STANDARD_OUTPUT);
        if (toStandardOutput && lair.console().isJson()) {
            throw ExitCode.USAGE.fault("`-o -` and --json both want standard output; choose one");
        }
        Resolved resolved = new WitFiles(lair.environment().workingDirectory(), features.features()).resolve(path);
        byte[] binary = WitBuild.encode(resolved, Lair.Version.ofBuild(), lair.console());
        if (toStandardOutput) {
            lair.console().content().write(binary);
            lair.console().content().flush();
            return 0;
        }
        replace(lair.path(output), binary);
        Digest digest = Digest.of(binary);
        lair.console().result("built      " + resolved.main().name() + " into " + output);
        lair.console().result("digest     " + digest + " (" + Counted.of(binary.length, "byte") + ")");
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("package", resolved.main().name().toString());
        members.put("file", output.toString());
        members.put("digest", digest.toString());
        members.put("sizeBytes", binary.length);
        lair.console().json(members);
        return 0;
    }

    /** A crash leaves the old file or the new one, and perhaps a {@code .lair-*} file beside it. */
    private static void replace(Path target, byte[] binary) throws Fault, IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(target)) {
            throw ExitCode.LOCAL.fault("`" + target + "` cannot be written: name a file in a folder that exists");
        }
        Path temporary = folder.resolve(".lair-" + target.getFileName() + ".tmp");
        try {
            Files.write(temporary, binary);
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}

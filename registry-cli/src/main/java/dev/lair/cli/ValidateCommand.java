package dev.lair.cli;

import dev.lair.cli.report.Counted;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.BinaryFile;
import dev.lair.cli.wit.Judgement;
import dev.lair.component.validate.FeatureSet;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair validate}: our verdict on local binaries. */
@Command(
        name = "validate",
        description = {
            "Validate WebAssembly components, WIT packages and core modules.",
            "Each file is valid, invalid (with the broken rule and its byte offset) or not checked (with what lies"
                    + " outside of what is checked here). One invalid file ends the command with 9."
        })
@SuppressWarnings("NullAway.Init")
final class ValidateCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Binaries of at most 100 MiB.")
    private List<Path> files;

    @Mixin
    private FeatureSwitches switches;

    @Option(names = "--strict", description = "End with 9 for files that are not checked, too.")
    private boolean strict;

    @Override
    public Integer call() throws Fault {
        FeatureSet features = switches.features();
        // A wrong name should not show only after minutes of work on the files before it.
        for (Path file : files) {
            BinaryFile.map(lair.path(file), file);
        }
        List<Map<String, Object>> verdicts = new ArrayList<>();
        boolean failed = false;
        for (Path file : files) {
            ByteBuffer bytes = BinaryFile.map(lair.path(file), file);
            Judgement judgement = Judgement.of(bytes, features);
            print(file, bytes.remaining(), judgement);
            verdicts.add(members(file, bytes.remaining(), judgement));
            failed |= switch (judgement) {
                case Judgement.Valid valid -> false;
                case Judgement.Invalid invalid -> true;
                case Judgement.NotChecked notChecked -> strict;
            };
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("valid", !failed);
        members.put("files", verdicts);
        lair.console().json(members);
        return failed ? ExitCode.INVALID.number() : 0;
    }

    private void print(Path file, long sizeBytes, Judgement judgement) {
        switch (judgement) {
            case Judgement.Valid valid ->
                lair.console()
                        .result(file + ": valid " + valid.kind().label() + " (" + Counted.of(sizeBytes, "byte") + ")");
            case Judgement.NotChecked notChecked ->
                lair.console().result(file + ": not checked: " + notChecked.reason());
            case Judgement.Invalid invalid -> {
                lair.console()
                        .result(file + ": invalid: " + invalid.rule() + " (at offset 0x"
                                + Long.toHexString(invalid.offset()) + ")");
                if (invalid.missingFeature() != null) {
                    lair.console()
                            .result("  allowed with --features " + invalid.missingFeature()
                                    + ", where nothing else is wrong");
                }
            }
        }
    }

    private static Map<String, Object> members(Path file, long sizeBytes, Judgement judgement) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("file", file.toString());
        members.put("kind", judgement.kind().label());
        members.put("sizeBytes", sizeBytes);
        switch (judgement) {
            case Judgement.Valid valid -> members.put("verdict", "valid");
            case Judgement.NotChecked notChecked -> {
                members.put("verdict", "not checked");
                members.put("reason", notChecked.reason());
            }
            case Judgement.Invalid invalid -> {
                members.put("verdict", "invalid");
                members.put("rule", invalid.rule());
                members.put("offset", invalid.offset());
                if (invalid.missingFeature() != null) {
                    members.put("missingFeature", invalid.missingFeature());
                }
            }
        }
        return members;
    }
}

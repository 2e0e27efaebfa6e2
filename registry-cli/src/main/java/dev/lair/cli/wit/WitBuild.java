package dev.lair.cli.wit;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import java.nio.ByteBuffer;

/** WIT text as the package binary that a registry takes. */
public final class WitBuild {
    private WitBuild() {}

    /**
     * Encodes the main package, and validates the result as a registry will.
     *
     * @param toolVersion version of this client, for the producers section
     * @param reporter is warned when the package needs a feature that registries refuse unless configured otherwise
     */
    public static byte[] encode(Resolved resolved, String toolVersion, Reporter reporter) throws Fault {
        byte[] binary;
        try {
            binary = WitEncoder.encode(resolved, new EncodeOptions(true, "lair", toolVersion));
        } catch (WitException refused) {
            throw WitFiles.fault(refused);
        }
        switch (Judgement.of(ByteBuffer.wrap(binary), FeatureSet.stable())) {
            case Judgement.Valid valid -> {}
            case Judgement.NotChecked notChecked ->
                reporter.warn("the binary cannot be checked: " + notChecked.reason());
            case Judgement.Invalid gated
            when Judgement.of(ByteBuffer.wrap(binary), FeatureSet.all()) instanceof Judgement.Valid ->
                reporter.warn("the package needs a feature that is not stable yet, and most registries refuse it: "
                        + gated.rule());
            case Judgement.Invalid invalid ->
                throw ExitCode.INVALID.fault(
                        "package `" + resolved.main().name() + "` has no valid binary: " + invalid.rule());
        }
        return binary;
    }
}

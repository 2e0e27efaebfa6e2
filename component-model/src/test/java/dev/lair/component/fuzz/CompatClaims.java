package dev.lair.component.fuzz;

import static dev.lair.component.fuzz.BinaryClaims.require;

import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.CompatibilityCheck;
import dev.lair.component.compat.IncomparableException;
import dev.lair.component.compat.VersionStep;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What holds for every two versions. The input is a byte that says how to read it, then both: 0 for texts, which a zero
 * byte parts; any other for binaries, of which the first has its length in two bytes before it.
 */
final class CompatClaims {
    static final byte TEXTS = 0;
    static final byte BINARIES = 1;

    private CompatClaims() {}

    static void pair(byte[] input) {
        if (input.length == 0) {
            return;
        }
        if (input[0] == TEXTS) {
            String both = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
            int parting = both.indexOf('\0');
            texts(both.substring(0, Math.max(parting, 0)), both.substring(parting + 1));
        } else if (input.length >= 3) {
            int length = Math.min((input[1] & 0xff) << 8 | (input[2] & 0xff), input.length - 3);
            binaries(ByteBuffer.wrap(input, 3, length), ByteBuffer.wrap(input, 3 + length, input.length - 3 - length));
        }
    }

    private static void texts(String before, String after) {
        try {
            Resolved next = resolve(after);
            hasReport(CompatibilityCheck.packages(next, next), true);
            hasReport(CompatibilityCheck.packages(resolve(before), next), false);
        } catch (WitException refused) {
            require(!String.valueOf(refused.getMessage()).isBlank(), "a reason");
        }
    }

    private static void binaries(ByteBuffer before, ByteBuffer after) {
        try {
            hasReport(compared(after, after), true);
            hasReport(compared(before, after), false);
        } catch (IncomparableException refused) {
            require(!String.valueOf(refused.getMessage()).isBlank(), "a reason");
        }
    }

    private static Compatibility compared(ByteBuffer before, ByteBuffer after) throws IncomparableException {
        return CompatibilityCheck.binaries(before, after, FeatureSet.all(), VersionStep.UNVERSIONED);
    }

    private static void hasReport(Compatibility verdict, boolean withItself) {
        String report = verdict.report();
        require(!report.isEmpty(), "a report");
        require(
                !withItself || verdict.level() != Compatibility.Level.BREAKING,
                "a version is compatible with itself:\n" + report);
    }

    private static Resolved resolve(String text) throws WitException {
        return new WitResolver(Features.ALL).resolve(SourceGroup.of("fuzz", text));
    }
}

package dev.lair.component.fuzz;

import static dev.lair.component.fuzz.BinaryClaims.require;

import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.Decoding;
import dev.lair.component.wit.Ordered;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.decode.WitDecoder;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What holds for every WIT text, and for every binary that has WIT. */
final class WitClaims {
    private static final EncodeOptions OPTIONS = new EncodeOptions(true, "test", "1");

    private WitClaims() {}

    static void text(byte[] input) {
        Resolved resolved;
        try {
            resolved = resolve(new String(input, StandardCharsets.UTF_8));
        } catch (WitException refused) {
            require(refused.rendered().contains(String.valueOf(refused.getMessage())), "a rendering with the message");
            return;
        }
        roundTrip(resolved);
    }

    static void binary(byte[] input) {
        try {
            Verdict verdict = ComponentValidator.validate(ByteBuffer.wrap(input), FeatureSet.all());
            if (verdict instanceof Verdict.Valid valid) {
                Resolved decoded = WitDecoder.decode(valid.component());
                String printed = WitPrinter.print(decoded);
                if (WitDecoder.isPackage(valid.component())) {
                    roundTrip(read(printed));
                } else {
                    require(!printed.isEmpty(), "a world");
                }
            }
        } catch (InvalidComponentException | WitException refused) {
            require(!String.valueOf(refused.getMessage()).isBlank(), "a reason");
        }
    }

    /** The printed package; documentation is free text in a binary, so only from here on it is the same each time. */
    private static Resolved read(String printed) {
        try {
            return resolve(printed);
        } catch (WitException refused) {
            throw new AssertionError("decoded, but refused as printed:\n" + printed, refused);
        }
    }

    /** What was accepted prints as text that says the same, and has a binary that says the same, or has none. */
    private static void roundTrip(Resolved resolved) {
        String printed = WitPrinter.print(resolved);
        Resolved again;
        try {
            again = resolve(printed);
        } catch (WitException refused) {
            throw new AssertionError("accepted, but refused as printed:\n" + printed, refused);
        }
        require(again.equals(Ordered.of(resolved)), "the same model as printed:\n" + printed);
        // Of the package alone: the others stand in the order in which they were met.
        require(
                WitPrinter.print(resolved, resolved.main()).equals(WitPrinter.print(again, again.main())),
                "the same text when printed again:\n" + printed);
        if (again.main().interfaces().isEmpty() && again.main().worlds().isEmpty()) {
            return; // its binary has no item, and with it no name
        }
        byte[] binary;
        try {
            binary = WitEncoder.encode(again, OPTIONS);
        } catch (WitException withoutBinary) {
            return;
        }
        try {
            Resolved decoded = Decoding.decode(binary);
            require(decoded.main().equals(again.main()), "the same package from its binary:\n" + printed);
            require(Arrays.equals(binary, WitEncoder.encode(decoded, OPTIONS)), "the same binary again:\n" + printed);
        } catch (InvalidComponentException | WitException refused) {
            throw new AssertionError("encoded, but the binary is refused:\n" + printed, refused);
        }
    }

    private static Resolved resolve(String text) throws WitException {
        return new WitResolver(Features.ALL).resolve(SourceGroup.of("fuzz", text));
    }
}

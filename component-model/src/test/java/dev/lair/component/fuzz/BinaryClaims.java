package dev.lair.component.fuzz;

import dev.lair.component.CoreValidator;
import dev.lair.component.CoreVerdicts;
import dev.lair.component.InvalidWasmException;
import dev.lair.component.binary.ComponentBinary;
import dev.lair.component.binary.ComponentReader;
import dev.lair.component.binary.ComponentWriter;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.UncheckedComponentException;
import dev.lair.component.inspect.BinaryFacts;
import dev.lair.component.inspect.BinaryInspector;
import dev.lair.component.inspect.Validity;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.Verdict;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What holds for every binary. */
final class BinaryClaims {
    private BinaryClaims() {}

    static void component(byte[] input) throws UncheckedComponentException {
        try {
            Verdict verdict = ComponentValidator.validate(ByteBuffer.wrap(input), FeatureSet.all());
            if (verdict instanceof Verdict.Valid valid) {
                writtenAgainReadsTheSame(valid.component().binary());
            }
        } catch (InvalidComponentException refused) {
            require(refused.offset() >= 0 && refused.offset() <= input.length, "offset in the input");
        }
    }

    private static void writtenAgainReadsTheSame(ComponentBinary binary) throws UncheckedComponentException {
        byte[] written = ComponentWriter.write(binary);
        try {
            ComponentBinary again = ComponentReader.read(ByteBuffer.wrap(written));
            require(Arrays.equals(written, ComponentWriter.write(again)), "the same bytes when written again");
            require(
                    ComponentValidator.validate(ByteBuffer.wrap(written), FeatureSet.all()) instanceof Verdict.Valid,
                    "valid when written again");
        } catch (InvalidComponentException refused) {
            throw new AssertionError("valid, but refused when written again", refused);
        }
    }

    static void coreModule(byte[] input) {
        try {
            CoreValidator.validate(ByteBuffer.wrap(input));
            CoreVerdicts.proofsAgreeWithTheValidator(input);
        } catch (InvalidWasmException refused) {
            require(refused.offset() >= 0 && refused.offset() <= input.length, "offset in the input");
        }
    }

    static void inspect(byte[] input) {
        BinaryFacts facts = BinaryInspector.inspect(ByteBuffer.wrap(input), FeatureSet.all());
        require(facts.sizeBytes() == input.length, "the size of the whole input");
        if (facts.validity() instanceof Validity.Invalid invalid) {
            require(invalid.offset() >= 0 && invalid.offset() <= input.length, "offset in the input");
        }
    }

    static void require(boolean holds, String claim) {
        if (!holds) {
            throw new AssertionError("does not hold: " + claim);
        }
    }
}

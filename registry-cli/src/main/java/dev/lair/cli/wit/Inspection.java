package dev.lair.cli.wit;

import dev.lair.component.WasmKind;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.inspect.BinaryFacts;
import dev.lair.component.inspect.BinaryInspector;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.decode.WitDecoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A local binary, validated once and described.
 *
 * @param wit what it says as types; null for core modules and for what WIT cannot say
 */
public record Inspection(BinaryFacts facts, @Nullable Resolved wit) {

    /** Any bytes. */
    public static Inspection of(ByteBuffer bytes, FeatureSet features) {
        if (WasmKind.saysComponent(bytes)) {
            try {
                Verdict verdict = ComponentValidator.validate(bytes, features);
                return new Inspection(BinaryInspector.describe(bytes, verdict), wit(verdict));
            } catch (InvalidComponentException described) {
                // Below, as far as it can be read.
            }
        }
        return new Inspection(BinaryInspector.inspect(bytes, features), null);
    }

    private static @Nullable Resolved wit(Verdict verdict) {
        if (verdict instanceof Verdict.Valid valid) {
            try {
                return WitDecoder.decode(valid.component());
            } catch (WitException cannotBeSaid) {
                return null;
            }
        }
        return null;
    }
}

package dev.lair.component.wit;

import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.decode.WitDecoder;
import java.nio.ByteBuffer;

/** Validates and decodes in one step, with every feature on. */
public final class Decoding {
    private Decoding() {}

    public static Resolved decode(byte[] binary) throws InvalidComponentException, WitException {
        Verdict verdict = ComponentValidator.validate(ByteBuffer.wrap(binary), FeatureSet.all());
        return switch (verdict) {
            case Verdict.Valid valid -> WitDecoder.decode(valid.component());
            case Verdict.NotChecked unchecked ->
                throw new WitException("not checked: " + unchecked.reason(), Place.NONE);
        };
    }
}

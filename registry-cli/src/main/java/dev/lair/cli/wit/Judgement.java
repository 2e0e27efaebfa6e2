package dev.lair.cli.wit;

import dev.lair.component.CoreCheck;
import dev.lair.component.CoreValidator;
import dev.lair.component.InvalidWasmException;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.decode.WitDecoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What our validator says of one binary. */
public sealed interface Judgement {
    /** Everything was checked and holds. */
    record Valid(Kind kind) implements Judgement {}

    /**
     * A rule is broken.
     *
     * @param offset in bytes from the start of the binary
     * @param missingFeature the feature under which it might be allowed, or null
     */
    record Invalid(
            Kind kind, String rule, long offset, @Nullable String missingFeature) implements Judgement {}

    /** What was checked holds, but a part lies outside of what is checked; {@code reason} names it with its place. */
    record NotChecked(Kind kind, String reason) implements Judgement {}

    /** What the bytes are. */
    Kind kind();

    /** Kinds of binaries. */
    enum Kind {
        CORE_MODULE("core module"),
        COMPONENT("component"),
        WIT_PACKAGE("WIT package"),
        UNKNOWN("no WebAssembly");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** Judges a binary; nothing is thrown, whatever the bytes are. */
    static Judgement of(ByteBuffer bytes, FeatureSet features) {
        Kind kind = kind(bytes);
        try {
            if (kind != Kind.COMPONENT) {
                return of(kind, CoreValidator.validate(bytes));
            }
            return switch (ComponentValidator.validate(bytes, features)) {
                case Verdict.Valid valid ->
                    of(WitDecoder.isPackage(valid.component()) ? Kind.WIT_PACKAGE : kind, valid.coreModules());
                case Verdict.NotChecked notChecked ->
                    new NotChecked(
                            kind, notChecked.reason() + " (at offset 0x" + Long.toHexString(notChecked.offset()) + ")");
            };
        } catch (InvalidComponentException e) {
            return new Invalid(kind, e.rule(), e.offset(), e.missingFeature());
        } catch (InvalidWasmException e) {
            return new Invalid(kind, e.rule(), e.offset(), null);
        }
    }

    private static Judgement of(Kind kind, CoreCheck check) {
        return switch (check) {
            case CoreCheck.Valid valid -> new Valid(kind);
            case CoreCheck.NotChecked notChecked -> new NotChecked(kind, notChecked.reason());
        };
    }

    /** By the preamble: magic, then 16 bits of version and 16 of layer; layer 1 are components. */
    private static Kind kind(ByteBuffer bytes) {
        int at = bytes.position();
        if (bytes.remaining() < 8 || bytes.get(at) != 0 || bytes.get(at + 1) != 'a') {
            return Kind.UNKNOWN;
        }
        return bytes.get(at + 6) == 1 ? Kind.COMPONENT : Kind.CORE_MODULE;
    }
}

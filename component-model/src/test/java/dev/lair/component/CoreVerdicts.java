package dev.lair.component;

import java.nio.ByteBuffer;

/** Verdicts on core modules with and without {@link BodyProof}, for tests that compare them. */
public final class CoreVerdicts {
    private CoreVerdicts() {}

    /** Fails when a module passes only because bodies were proven that the validator refuses. */
    public static void proofsAgreeWithTheValidator(byte[] module) {
        String proven = verdict(module, true);
        if (proven.equals("valid")) {
            String validated = verdict(module, false);
            if (validated.startsWith("invalid")) {
                throw new AssertionError("proven valid, but " + validated);
            }
        }
    }

    /** {@code valid}, {@code not checked …} or {@code invalid …}. */
    static String verdict(byte[] module, boolean proofs) {
        try {
            return switch (CoreModule.check(new WasmReader(ByteBuffer.wrap(module)), new CoreWork(), proofs)) {
                case CoreCheck.Valid valid -> "valid";
                case CoreCheck.NotChecked unchecked -> "not checked: " + unchecked.reason();
            };
        } catch (InvalidWasmException refused) {
            return "invalid: " + refused.getMessage();
        }
    }
}

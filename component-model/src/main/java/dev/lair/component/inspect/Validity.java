package dev.lair.component.inspect;

import dev.lair.component.CoreCheck;
import org.jspecify.annotations.Nullable;

/** Whether a binary is valid. */
public sealed interface Validity {
    /**
     * It is.
     *
     * @param coreModules whether all core modules inside were checked too
     */
    record Valid(CoreCheck coreModules) implements Validity {}

    /**
     * It uses something outside of what is validated here, and may be valid.
     *
     * @param offset in bytes from the start of the binary
     */
    record NotChecked(String reason, long offset) implements Validity {}

    /**
     * It is not.
     *
     * @param rule the broken rule
     * @param offset in bytes from the start of the binary
     * @param missingFeature the feature under which it would be valid, or null
     */
    record Invalid(String rule, long offset, @Nullable String missingFeature) implements Validity {}

    /** One line for people. */
    default String text() {
        return switch (this) {
            case Valid v ->
                switch (v.coreModules()) {
                    case CoreCheck.Valid c -> "valid";
                    case CoreCheck.NotChecked c -> "valid, core modules not checked: " + c.reason();
                };
            case NotChecked v -> "not checked: " + v.reason() + " (at offset 0x" + Long.toHexString(v.offset()) + ")";
            case Invalid v ->
                "invalid: " + v.rule() + " (at offset 0x" + Long.toHexString(v.offset()) + ")"
                        + (v.missingFeature() == null ? "" : "; the feature " + v.missingFeature() + " would allow it");
        };
    }
}

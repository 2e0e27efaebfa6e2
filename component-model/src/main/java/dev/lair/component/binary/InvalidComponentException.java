package dev.lair.component.binary;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The bytes are no valid component. The message names the broken rule and ends in the place, as {@code unknown type 3
 * (at offset 0x1f)}; the only exception that decoding and validation throw for bad input.
 */
public final class InvalidComponentException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Characters of a rule that are kept. */
    private static final int RULE = 2_000;

    private final String rule;
    private final long offset;
    private final @Nullable String missingFeature;

    /** A broken rule at a byte offset of the outermost binary. */
    public InvalidComponentException(String rule, long offset) {
        this(rule, offset, null);
    }

    /** A definition that is valid only under a feature that is switched off. */
    public InvalidComponentException(String rule, long offset, @Nullable String missingFeature) {
        super(clipped(rule) + " (at offset 0x" + Long.toHexString(offset) + ")");
        this.rule = clipped(rule);
        this.offset = offset;
        this.missingFeature = missingFeature;
    }

    /** Names of the binary are quoted, and may be long. */
    private static String clipped(String rule) {
        return rule.length() > RULE ? rule.substring(0, RULE) + "…" : rule;
    }

    /** The broken rule, without the place. */
    public String rule() {
        return rule;
    }

    /** Offset in bytes from the start of the outermost binary. */
    public long offset() {
        return offset;
    }

    /** The name of the feature under which the definition would be allowed, or null when no feature helps. */
    public @Nullable String missingFeature() {
        return missingFeature;
    }
}

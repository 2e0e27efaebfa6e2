package dev.lair.component.validate;

/**
 * Which validator gave a verdict. Verdicts are kept beside the binaries that they are about, so whoever changes a rule, a
 * limit, or the validator of core modules so that a verdict can come out otherwise counts this up in the same change;
 * operators then see with {@code lair recheck} what today's validator says about what they hold.
 */
public final class ValidatorVersion {
    /** 1: component model 6d28164, core modules by Endive 1.2.0. */
    public static final String CURRENT = "1";

    private ValidatorVersion() {}
}

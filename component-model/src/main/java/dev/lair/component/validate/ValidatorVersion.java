package dev.lair.component.validate;

/**
 * Which validator gave a verdict. Verdicts are kept beside the binaries that they are about, so whoever changes a rule, a
 * limit, or the validator of core modules so that a verdict can come out otherwise counts this up in the same change;
 * operators then see with {@code lair recheck} what today's validator says about what they hold.
 */
public final class ValidatorVersion {
    /**
     * <ul>
     *   <li>1: component model 6d28164, core modules by Endive 1.2.0.
     *   <li>2: an {@code if} without {@code else} needs parameters that are its results; the core modules of a component
     *       share one limit of work; running out of memory or stack is no verdict.
     * </ul>
     */
    public static final String CURRENT = "2";

    /** Commit of the component model's specification that this version follows. */
    public static final String SPECIFICATION = "6d28164";

    private ValidatorVersion() {}
}

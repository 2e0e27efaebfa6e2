package dev.lair.component.validate;

import dev.lair.component.CoreCheck;

/** What validation finds out about a binary that it does not reject. */
public sealed interface Verdict {
    /**
     * The component is valid.
     *
     * @param component its typed imports and exports
     * @param coreModules whether all core modules inside were checked too
     */
    record Valid(ValidatedComponent component, CoreCheck coreModules) implements Verdict {}

    /**
     * The component uses something outside of what is validated here; it may be valid.
     *
     * @param reason what, in the words of an error
     * @param offset in bytes from the start of the binary
     */
    record NotChecked(String reason, long offset) implements Verdict {}
}

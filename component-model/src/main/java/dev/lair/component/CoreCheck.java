package dev.lair.component;

/** What is known about the core modules of a binary: the module itself, or all modules nested in a component. */
public sealed interface CoreCheck {
    /** Every core module was validated, function bodies included. A binary without any has this verdict too. */
    record Valid() implements CoreCheck {}

    /**
     * A core module uses a feature, or has a size, that is not validated here. It may be valid.
     *
     * @param reason the feature or size, with its place
     */
    record NotChecked(String reason) implements CoreCheck {}
}

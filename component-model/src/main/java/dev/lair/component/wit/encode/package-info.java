/**
 * The resolved model as a WIT package binary (WIT.md, "Package Format"): per interface and world a component type under
 * its name, documentation and gates beside them. Byte for byte what wasm-tools writes for the same model.
 */
@NullMarked
package dev.lair.component.wit.encode;

import org.jspecify.annotations.NullMarked;

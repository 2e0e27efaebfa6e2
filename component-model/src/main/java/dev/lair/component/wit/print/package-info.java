/**
 * The resolved model as WIT text, byte for byte as wasm-tools prints it: equal models give equal text, and the text
 * reads back as the same model.
 */
@NullMarked
package dev.lair.component.wit.print;

import org.jspecify.annotations.NullMarked;

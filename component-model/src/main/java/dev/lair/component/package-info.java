/**
 * Core modules of WebAssembly: whether they are valid ({@link dev.lair.component.CoreValidator}), by the core
 * specification 3.0. Components are {@code validate}'s, with the packages around it.
 */
@NullMarked
package dev.lair.component;

import org.jspecify.annotations.NullMarked;

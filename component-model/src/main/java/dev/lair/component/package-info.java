/**
 * WebAssembly binaries: what kind they are and whether their structure holds.
 *
 * <p>Follows the component model's Binary.md (preamble, sections, nesting) and the core specification's binary format.
 * Component-level types and index spaces are not checked here.
 */
@NullMarked
package dev.lair.component;

import org.jspecify.annotations.NullMarked;

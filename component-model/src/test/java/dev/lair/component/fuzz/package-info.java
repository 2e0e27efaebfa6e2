/**
 * Fuzzing of every parser of this module with Jazzer: what is claimed of all inputs ({@link FuzzTarget}), from which
 * inputs it starts ({@link Seeds}), and how it is run ({@link Campaign}). Finds are files under
 * {@code src/test/resources/fuzz}.
 */
@NullMarked
package dev.lair.component.fuzz;

import org.jspecify.annotations.NullMarked;

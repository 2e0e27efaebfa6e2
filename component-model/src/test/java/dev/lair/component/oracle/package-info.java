/** Verdicts and printed WIT held against those of wasm-tools, which runs in node where it is installed. */
@NullMarked
package dev.lair.component.oracle;

import org.jspecify.annotations.NullMarked;

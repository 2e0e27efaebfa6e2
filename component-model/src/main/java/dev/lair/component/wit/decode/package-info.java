/**
 * Binaries as the resolved model: WIT packages with their documentation, and what a component imports and exports as a
 * world. Reads validated components only, so what it meets is well-typed; what WIT has no words for is refused.
 */
@NullMarked
package dev.lair.component.wit.decode;

import org.jspecify.annotations.NullMarked;

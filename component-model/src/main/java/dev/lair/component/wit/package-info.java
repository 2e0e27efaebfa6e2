/**
 * WIT packages after name resolution: the model that text and binaries have in common, as immutable values that refer
 * to each other by qualified name. Follows WIT.md of the component model; what one text may say is in {@code
 * wit.syntax}, how texts become this model in {@code wit.resolve}.
 */
@NullMarked
package dev.lair.component.wit;

import org.jspecify.annotations.NullMarked;

/**
 * From WIT texts to the resolved model: packages and their dependencies, {@code use}, {@code include … with}, types,
 * feature gates (WIT.md, "Name resolution" and "Feature Gates"). Texts are given by the caller; nothing here reads
 * files. Every rejection is a {@link dev.lair.component.wit.WitException} with a place.
 */
@NullMarked
package dev.lair.component.wit.resolve;

import org.jspecify.annotations.NullMarked;

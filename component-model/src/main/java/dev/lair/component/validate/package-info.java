/**
 * Validation of components (component model, Explainer.md and Binary.md; options and signatures of canonical
 * definitions
 * from CanonicalABI.md): index spaces, aliases, instantiation, names, visibility of types, features. The result is a
 * component with the full types of its imports and exports. Begin at {@link
 * dev.lair.component.validate.ComponentValidator}.
 */
@NullMarked
package dev.lair.component.validate;

import org.jspecify.annotations.NullMarked;

/**
 * Types of components as validation sees them (component model, Explainer.md, "Type Definitions" and "Type
 * Checking"):
 * nodes with identity, resources that each instantiation makes anew, subtyping, and substitution of resources.
 * Building
 * a type measures it, so that no nest of types can explode.
 */
@NullMarked
package dev.lair.component.types;

import org.jspecify.annotations.NullMarked;

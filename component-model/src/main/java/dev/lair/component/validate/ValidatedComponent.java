package dev.lair.component.validate;

import dev.lair.component.binary.ComponentBinary;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.CoreTypes;

/**
 * A valid component.
 *
 * @param binary the decoded sections
 * @param type its imports and exports in order, with names and full types. A WIT package is such a component too:
 * each
 *     export is an {@code Entity.Type} whose type is a {@code ComponentType}, which has the world or interface inside
 * @param coreTypes what the indices of core types in {@code type} mean
 * @param workSteps nodes of types visited: what the check cost
 */
public record ValidatedComponent(ComponentBinary binary, ComponentType type, CoreTypes coreTypes, long workSteps) {}

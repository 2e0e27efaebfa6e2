package dev.lair.component.compat;

import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.Entity;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.ValidatedComponent;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.decode.WitDecoder;
import java.nio.ByteBuffer;
import java.util.Map;

/** Compares an old version with a new one. */
public final class CompatibilityCheck {
    private CompatibilityCheck() {}

    /** Compares the main packages of two sets; their names say which versions they are. */
    public static Compatibility packages(Resolved before, Resolved after) {
        return new PackageComparison(before, after).packages();
    }

    /**
     * Compares two worlds, which may have different names.
     *
     * @param before the set that has the old world
     * @param after the set that has the new one, maybe the same
     */
    public static Compatibility worlds(Resolved before, WitWorld oldWorld, Resolved after, WitWorld newWorld) {
        return PackageComparison.worlds(before, oldWorld, after, newWorld);
    }

    /**
     * Compares two components.
     *
     * @param versions under which they are, or are to be, released: binaries do not have one
     * @throws IncomparableException when the types are too large to compare
     */
    public static Compatibility components(ValidatedComponent before, ValidatedComponent after, VersionStep versions)
            throws IncomparableException {
        return new ComponentComparison(before.type(), after.type()).compare("old", "new", versions);
    }

    /**
     * Whether a component is one of a world, as the old "version" of it: it imports no more than the world and exports no
     * less.
     *
     * @param witPackage the WIT package that has the world
     * @param world the world's own name
     * @throws IncomparableException when the package has no such world, or the types are too large to compare
     */
    public static Compatibility target(ValidatedComponent witPackage, String world, ValidatedComponent component)
            throws IncomparableException {
        Entity.Item export = witPackage.type().exports().get(world);
        if (export != null
                && export.entity() instanceof Entity.Type wrapper
                && wrapper.created() instanceof ComponentType type) {
            for (Map.Entry<String, Entity.Item> inner : type.exports().entrySet()) {
                if (inner.getValue().entity() instanceof Entity.Component wanted) {
                    return new ComponentComparison(wanted.type(), component.type())
                            .compare(inner.getKey(), "component", VersionStep.UNVERSIONED);
                }
            }
        }
        throw new IncomparableException("the WIT package has no world `" + world + "`");
    }

    /**
     * Compares two binaries: two WIT packages, or two components.
     *
     * @param versions for components; packages say theirs themselves
     * @throws IncomparableException when one is not valid, or is not checked, or the two are of different kinds
     */
    public static Compatibility binaries(ByteBuffer before, ByteBuffer after, FeatureSet features, VersionStep versions)
            throws IncomparableException {
        ValidatedComponent old = valid("old", before, features);
        ValidatedComponent next = valid("new", after, features);
        boolean packages = WitDecoder.isPackage(old);
        if (packages != WitDecoder.isPackage(next)) {
            throw new IncomparableException("the old version is a " + kind(packages) + " and the new one a "
                    + kind(!packages) + ": these have nothing to compare");
        }
        return packages ? packages(decoded("old", old), decoded("new", next)) : components(old, next, versions);
    }

    private static String kind(boolean isPackage) {
        return isPackage ? "WIT package" : "component";
    }

    private static ValidatedComponent valid(String which, ByteBuffer bytes, FeatureSet features)
            throws IncomparableException {
        try {
            return switch (ComponentValidator.validate(bytes, features)) {
                case Verdict.Valid valid -> valid.component();
                case Verdict.NotChecked unchecked ->
                    throw new IncomparableException("the " + which + " version is not checked: " + unchecked.reason());
            };
        } catch (InvalidComponentException invalid) {
            throw new IncomparableException("the " + which + " version is no valid component: " + invalid.getMessage());
        }
    }

    private static Resolved decoded(String which, ValidatedComponent component) throws IncomparableException {
        try {
            return WitDecoder.decode(component);
        } catch (WitException unspeakable) {
            throw new IncomparableException("the " + which + " version is no WIT package: " + unspeakable.getMessage());
        }
    }
}

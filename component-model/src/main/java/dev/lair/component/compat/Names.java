package dev.lair.component.compat;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import java.util.Objects;

/**
 * Which names of the old and the new version mean the same. The two packages themselves do, whatever their versions;
 * other packages do on one version track.
 */
record Names(PackageName oldMain, PackageName newMain, Owner.WorldId oldWorld, Owner.WorldId newWorld) {
    /** The names of two versions of a package. */
    static Names of(PackageName oldMain, PackageName newMain) {
        return new Names(oldMain, newMain, new Owner.WorldId(oldMain, ""), new Owner.WorldId(newMain, ""));
    }

    /** The same with two worlds that may have different names. */
    Names with(Owner.WorldId before, Owner.WorldId after) {
        return new Names(oldMain, newMain, before, after);
    }

    boolean same(PackageName before, PackageName after) {
        if (before.equals(oldMain) && after.equals(newMain)) {
            return true;
        }
        return samePath(before, after) && sameTrack(before, after);
    }

    static boolean samePath(PackageName before, PackageName after) {
        return before.namespace().equals(after.namespace()) && before.name().equals(after.name());
    }

    static boolean sameTrack(PackageName before, PackageName after) {
        SemanticVersion from = before.version();
        SemanticVersion to = after.version();
        return from == null || to == null ? Objects.equals(from, to) : from.sameTrack(to);
    }

    boolean same(Owner before, Owner after) {
        return switch (before) {
            case Owner.InterfaceId a ->
                after instanceof Owner.InterfaceId b
                        && a.name().equals(b.name())
                        && same(a.packageName(), b.packageName());
            case Owner.WorldId a -> after instanceof Owner.WorldId b && sameWorld(a, b);
            case Owner.InlineId a ->
                after instanceof Owner.InlineId b
                        && a.export() == b.export()
                        && a.label().equals(b.label())
                        && sameWorld(a.world(), b.world());
        };
    }

    private boolean sameWorld(Owner.WorldId before, Owner.WorldId after) {
        return (before.equals(oldWorld) && after.equals(newWorld))
                || (before.name().equals(after.name()) && same(before.packageName(), after.packageName()));
    }
}

package dev.lair.component.wit.decode;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.WitWorld;

/**
 * Makes sure that {@code @since} names versions up to the package's own, as text has to. In a binary the gates stand in
 * {@code package-docs}, which is free text to all that reads types.
 */
final class ReleasedGates {
    private final PackageName name;

    private ReleasedGates(PackageName name) {
        this.name = name;
    }

    static void check(WitPackage each) throws WitException {
        ReleasedGates gates = new ReleasedGates(each.name());
        for (WitInterface item : each.interfaces()) {
            gates.check(item);
        }
        for (WitWorld world : each.worlds()) {
            gates.check(world.annotations());
            for (WitWorld.WorldItem item : world.imports()) {
                gates.check(item);
            }
            for (WitWorld.WorldItem item : world.exports()) {
                gates.check(item);
            }
        }
    }

    private void check(WitWorld.WorldItem item) throws WitException {
        check(item.annotations());
        if (item instanceof WitWorld.InlineItem inline) {
            check(inline.body());
        }
    }

    private void check(WitInterface item) throws WitException {
        check(item.annotations());
        for (WitTypeDef type : item.types()) {
            check(type.annotations());
        }
        for (WitFunction function : item.functions()) {
            check(function.annotations());
        }
    }

    private void check(Annotations annotations) throws WitException {
        SemanticVersion version = name.version();
        if (annotations.stability() instanceof Stability.Stable stable
                && (version == null || stable.since().compareTo(version) > 0)) {
            throw new WitException(
                    "package-docs of `" + name + "` has an item @since " + stable.since()
                            + ", which is no version up to the package's own",
                    Place.NONE);
        }
    }
}

package dev.lair.component.compat;

import dev.lair.component.compat.Difference.Grounds;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import dev.lair.component.wit.print.WitFragment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two worlds. Whoever runs the components of a world provides its imports, so an added import breaks consumers; a
 * component that is written for a world relies on them, so a removed one breaks implementers. Exports may be added:
 * consumers of the old world do not ask for them.
 */
final class WorldComparison {
    private final TypeMatch match;
    private final InterfaceComparison interfaces;
    private final Findings findings;

    WorldComparison(VersionStep versions, TypeMatch match, Findings findings) {
        this.match = match;
        this.interfaces = new InterfaceComparison(versions, match, findings);
        this.findings = findings;
    }

    void compare(WitWorld before, WitWorld after) {
        Spot spot = new Spot(
                "world " + after.name(),
                "",
                before.annotations().place(),
                after.annotations().place());
        interfaces.gates(Item.WORLD, spot, before.annotations(), after.annotations());
        items(spot, before.imports(), after.imports(), Item.IMPORT);
        items(spot, before.exports(), after.exports(), Item.EXPORT);
    }

    private void items(Spot world, List<WorldItem> before, List<WorldItem> after, Item side) {
        WorldItems news = new WorldItems(match.names(), after);
        List<WorldItem> missing = new ArrayList<>();
        for (WorldItem item : before) {
            WorldItem other = news.take(item);
            if (other == null) {
                missing.add(item);
            } else {
                pair(world, item, other, side);
            }
        }
        missing.forEach(item -> missing(world, item, news.takeAnyVersion(item), side));
        news.rest().forEach(item -> added(world, item, side));
    }

    /** An item of the old world; the other is the same interface on another track, if there is one. */
    private void missing(Spot world, WorldItem item, @Nullable WorldItem other, Item side) {
        if (item instanceof WitWorld.TypeItem type && type.type().used() != null) {
            return; // as in added()
        }
        Spot spot = world.at(
                side.label() + ' ' + item.key(),
                item.annotations().place(),
                other == null ? Place.NONE : other.annotations().place());
        if (other != null) {
            findings.add(new Difference.Moved(
                    side,
                    spot,
                    item.key(),
                    other.key(),
                    InterfaceComparison.broken(item.annotations(), InterfaceComparison.BOTH)));
        } else {
            Party party = side == Item.IMPORT ? Party.IMPLEMENTERS : Party.CONSUMERS;
            findings.add(new Difference.Removed(
                    side, spot, text(item), InterfaceComparison.broken(item.annotations(), Set.of(party))));
        }
    }

    private void added(Spot world, WorldItem item, Item side) {
        if (item instanceof WitWorld.TypeItem type && type.type().used() != null) {
            return; // a name inside the world for a type of an interface, which is an item of its own
        }
        Annotations annotations = item.annotations();
        boolean promised = Gate.promised(annotations.stability());
        boolean required = promised && side == Item.IMPORT;
        Grounds grounds = required ? Grounds.REQUIRED : promised ? Grounds.FREE : Grounds.UNSTABLE;
        findings.add(new Difference.Added(
                side,
                world.at(side.label() + ' ' + item.key(), Place.NONE, annotations.place()),
                text(item),
                grounds,
                Gate.since(annotations.stability()),
                required ? Set.of(Party.CONSUMERS) : InterfaceComparison.NOBODY));
    }

    private void pair(Spot world, WorldItem before, WorldItem after, Item side) {
        Spot spot = world.at(
                side.label() + ' ' + before.key(),
                before.annotations().place(),
                after.annotations().place());
        switch (before) {
            case WitWorld.InterfaceItem a
            when after instanceof WitWorld.InterfaceItem b -> {
                if (interfaces.gates(side, spot, a.annotations(), b.annotations())
                        && !match.names().same(a.id(), b.id())) {
                    changed(side, spot, before, after);
                }
            }
            case WitWorld.InlineItem a
            when after instanceof WitWorld.InlineItem b -> {
                if (Gate.promised(a.annotations().stability())
                        && Gate.promised(b.annotations().stability())) {
                    interfaces.compare(world.owner() + ", " + side.label() + ' ' + a.label(), a.body(), b.body());
                } else {
                    interfaces.gates(side, spot, a.annotations(), b.annotations());
                }
            }
            case WitWorld.FunctionItem a
            when after instanceof WitWorld.FunctionItem b ->
                interfaces.function(side, world, a.function(), b.function());
            case WitWorld.TypeItem a
            when after instanceof WitWorld.TypeItem b -> interfaces.type(world, a.type(), b.type());
            default -> changed(side, spot, before, after);
        }
    }

    private void changed(Item side, Spot spot, WorldItem before, WorldItem after) {
        findings.add(new Difference.Changed(
                side,
                spot,
                text(before),
                text(after),
                List.of(),
                InterfaceComparison.broken(before.annotations(), InterfaceComparison.BOTH)));
    }

    private static String text(WorldItem item) {
        return switch (item) {
            case WitWorld.InterfaceItem named ->
                named.label() == null ? named.key() : named.label() + ": " + named.id();
            case WitWorld.InlineItem inline -> inline.label() + ": interface";
            case WitWorld.FunctionItem function -> WitFragment.function(function.function());
            case WitWorld.TypeItem type -> WitFragment.declaration(type.type());
        };
    }
}

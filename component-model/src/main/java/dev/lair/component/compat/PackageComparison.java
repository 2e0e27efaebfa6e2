package dev.lair.component.compat;

import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.InterfaceUses;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitWorld;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The main packages of two sets. */
final class PackageComparison {
    private final WitPackage before;
    private final WitPackage after;
    private final VersionStep versions;
    private final TypeMatch match;
    private final Findings findings = new Findings();

    PackageComparison(Resolved before, Resolved after) {
        this.before = before.main();
        this.after = after.main();
        PackageName oldName = this.before.name();
        PackageName newName = this.after.name();
        versions = new VersionStep(oldName.version(), newName.version());
        match = new TypeMatch(Names.of(oldName, newName), before, after);
    }

    Compatibility packages() {
        if (!Names.samePath(before.name(), after.name())) {
            findings.add(new Difference.Changed(
                    Item.PACKAGE,
                    new Spot("package " + before.name(), "", Place.NONE, Place.NONE),
                    before.name().toString(),
                    after.name().toString(),
                    List.of("it is another package"),
                    InterfaceComparison.BOTH));
        }
        dependencies();
        InterfaceComparison interfaces = new InterfaceComparison(versions, match, findings);
        each(
                Item.INTERFACE,
                named(before.interfaces(), PackageComparison::name),
                named(after.interfaces(), PackageComparison::name),
                WitInterface::annotations,
                (name, a, b) -> interfaces.compare("interface " + name, a, b));
        WorldComparison worlds = new WorldComparison(versions, match, findings);
        each(
                Item.WORLD,
                named(before.worlds(), WitWorld::name),
                named(after.worlds(), WitWorld::name),
                WitWorld::annotations,
                (name, a, b) -> worlds.compare(a, b));
        return new Compatibility(before.name().toString(), after.name().toString(), versions, findings.all());
    }

    /** One world against another, which may have another name or be of another version. */
    static Compatibility worlds(Resolved before, WitWorld oldWorld, Resolved after, WitWorld newWorld) {
        PackageName oldName = oldWorld.id().packageName();
        PackageName newName = newWorld.id().packageName();
        VersionStep versions = new VersionStep(oldName.version(), newName.version());
        Names names = Names.of(oldName, newName).with(oldWorld.id(), newWorld.id());
        Findings findings = new Findings();
        new WorldComparison(versions, new TypeMatch(names, before, after), findings).compare(oldWorld, newWorld);
        return new Compatibility(oldWorld.id().toString(), newWorld.id().toString(), versions, findings.all());
    }

    private interface Pair<T> {
        void compare(String name, T before, T after);
    }

    private <T> void each(
            Item item, Map<String, T> olds, Map<String, T> news, Function<T, Annotations> annotations, Pair<T> pair) {
        olds.forEach((name, old) -> {
            T other = news.get(name);
            Annotations gates = annotations.apply(old);
            if (other == null) {
                findings.add(new Difference.Removed(
                        item,
                        new Spot(item.label() + ' ' + name, "", gates.place(), Place.NONE),
                        name,
                        InterfaceComparison.broken(
                                gates, item == Item.WORLD ? InterfaceComparison.BOTH : Set.of(Party.CONSUMERS))));
            } else if (Gate.promised(gates.stability())) {
                pair.compare(name, old, other);
            } else {
                comesOrGoes(item, name, gates, annotations.apply(other));
            }
        });
        news.forEach((name, added) -> {
            if (!olds.containsKey(name)) {
                Annotations gates = annotations.apply(added);
                boolean promised = Gate.promised(gates.stability());
                findings.add(new Difference.Added(
                        item,
                        new Spot(item.label() + ' ' + name, "", Place.NONE, gates.place()),
                        name,
                        promised ? Difference.Grounds.FREE : Difference.Grounds.UNSTABLE,
                        Gate.since(gates.stability()),
                        Set.of()));
            }
        });
    }

    /** An interface or world that was unstable: nothing inside was promised, and as a whole it may come at any time. */
    private void comesOrGoes(Item item, String name, Annotations from, Annotations to) {
        if (Gate.promised(to.stability())) {
            findings.add(new Difference.Regated(
                    item,
                    new Spot(item.label() + ' ' + name, "", from.place(), to.place()),
                    from.stability(),
                    to.stability(),
                    Set.of()));
        }
    }

    /** Other packages of which another version is used now; what that breaks is said at each use. */
    private void dependencies() {
        Map<String, PackageName> olds = foreign(before);
        foreign(after).forEach((path, newName) -> {
            PackageName oldName = olds.get(path);
            if (oldName != null && !oldName.equals(newName)) {
                findings.add(new Difference.Moved(
                        Item.PACKAGE,
                        new Spot("dependency " + path, "", Place.NONE, Place.NONE),
                        oldName.toString(),
                        newName.toString(),
                        match.names().same(oldName, newName) ? Set.of() : InterfaceComparison.BOTH));
            }
        });
    }

    private static Map<String, PackageName> foreign(WitPackage each) {
        Map<String, PackageName> names = new TreeMap<>();
        InterfaceUses.of(each).keySet().forEach(id -> {
            PackageName name = id.packageName();
            if (!name.equals(each.name())) {
                names.merge(name.namespace() + ':' + name.name(), name, (a, b) -> a.compareTo(b) < 0 ? b : a);
            }
        });
        return names;
    }

    private static String name(WitInterface item) {
        return item.id() instanceof Owner.InterfaceId id ? id.name() : item.id().toString();
    }

    private static <T> Map<String, T> named(List<T> items, Function<T, String> name) {
        Map<String, T> all = new LinkedHashMap<>();
        items.forEach(item -> all.put(name.apply(item), item));
        return all;
    }
}

package dev.lair.component.compat;

import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.CoreTypes;
import dev.lair.component.types.Entity;
import dev.lair.component.types.InstanceType;
import dev.lair.component.types.Resource;
import dev.lair.component.types.Substitution;
import dev.lair.component.types.Subtyping;
import dev.lair.component.types.TypeException;
import dev.lair.component.types.Work;
import dev.lair.component.wit.Place;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a component's type is a subtype of an older one's: it imports no more and exports no less. Imports and exports
 * are checked one by one, and instances item by item, so that every difference is found and not the first alone.
 */
final class ComponentComparison {
    private static final Set<Party> CONSUMERS = Set.of(Party.CONSUMERS);

    private final ComponentType before;
    private final ComponentType after;
    private final Work work = new Work(ComponentLimits.WORK_STEPS);
    private final Subtyping subtyping = new Subtyping(work, new CoreTypes());
    private final Findings findings = new Findings();

    ComponentComparison(ComponentType before, ComponentType after) {
        this.before = before;
        this.after = after;
    }

    Compatibility compare(String oldName, String newName, VersionStep versions) throws IncomparableException {
        try {
            Map<Resource, Resource> imported = imports();
            exports(new Substitution(imported, work).items(after.exports()));
        } catch (TypeException tooLarge) {
            throw new IncomparableException("the types cannot be compared: " + tooLarge.rule());
        }
        return new Compatibility(oldName, newName, versions, findings.all());
    }

    /** What the new component wants is looked for among what the old one got. */
    private Map<Resource, Resource> imports() throws TypeException {
        TrackNames olds = new TrackNames(before.imports());
        Map<String, Entity> given = new LinkedHashMap<>();
        Map<String, String> partner = new LinkedHashMap<>();
        after.imports().forEach((name, item) -> {
            String old = olds.find(name, item.name());
            Entity.Item found = old == null ? null : before.imports().get(old);
            if (old != null && found != null) {
                given.put(name, found.entity());
                partner.put(name, old);
            }
        });
        Side side = new Side(Item.IMPORT, given, after.imports(), after.imported());
        for (Map.Entry<String, Entity.Item> wanted : side.expected.entrySet()) {
            String name = wanted.getKey();
            Entity found = given.get(name);
            if (found == null) {
                findings.add(new Difference.Added(
                        Item.IMPORT,
                        spot(Item.IMPORT, name, ""),
                        text(name, wanted.getValue().entity()),
                        Difference.Grounds.REQUIRED,
                        null,
                        CONSUMERS));
            } else {
                moved(Item.IMPORT, partner.getOrDefault(name, name), name);
                side.check(name, found, wanted.getValue().entity());
            }
        }
        Set<String> needed = new HashSet<>(partner.values());
        for (Map.Entry<String, Entity.Item> old : before.imports().entrySet()) {
            if (!needed.contains(old.getKey())) {
                findings.add(new Difference.Removed(
                        Item.IMPORT,
                        spot(Item.IMPORT, old.getKey(), ""),
                        text(old.getKey(), old.getValue().entity()),
                        Set.of()));
            }
        }
        return side.resources;
    }

    /** What the old component gave is looked for among what the new one gives. */
    private void exports(Map<String, Entity.Item> exports) throws TypeException {
        TrackNames news = new TrackNames(exports);
        Map<String, Entity> given = new LinkedHashMap<>();
        Map<String, String> partner = new LinkedHashMap<>();
        before.exports().forEach((name, item) -> {
            String next = news.find(name, item.name());
            Entity.Item found = next == null ? null : exports.get(next);
            if (next != null && found != null) {
                given.put(name, found.entity());
                partner.put(name, next);
            }
        });
        Side side = new Side(Item.EXPORT, given, before.exports(), before.defined());
        for (Map.Entry<String, Entity.Item> wanted : side.expected.entrySet()) {
            String name = wanted.getKey();
            Entity found = given.get(name);
            if (found == null) {
                findings.add(new Difference.Removed(
                        Item.EXPORT,
                        spot(Item.EXPORT, name, ""),
                        text(name, wanted.getValue().entity()),
                        CONSUMERS));
            } else {
                moved(Item.EXPORT, name, partner.getOrDefault(name, name));
                side.check(name, found, wanted.getValue().entity());
            }
        }
        Set<String> asked = new HashSet<>(partner.values());
        exports.forEach((name, item) -> {
            if (!asked.contains(name)) {
                findings.add(new Difference.Added(
                        Item.EXPORT,
                        spot(Item.EXPORT, name, ""),
                        text(name, item.entity()),
                        Difference.Grounds.FREE,
                        null,
                        Set.of()));
            }
        });
    }

    private void moved(Item item, String from, String to) {
        if (!from.equals(to)) {
            findings.add(new Difference.Moved(item, spot(item, to, ""), from, to, Set.of()));
        }
    }

    private static Spot spot(Item side, String name, String item) {
        return new Spot(side.label() + ' ' + name, item, Place.NONE, Place.NONE);
    }

    private static String text(String name, Entity entity) {
        return name + ": " + entity.label();
    }

    /** Imports or exports: what is expected, with the resources in place that what is given has for it. */
    private final class Side {
        private final Item side;
        private final Map<Resource, Resource> resources;
        private final Map<String, Entity.Item> expected;

        Side(Item side, Map<String, Entity> given, Map<String, Entity.Item> expected, Map<Resource, List<String>> paths)
                throws TypeException {
            this.side = side;
            this.resources =
                    subtyping.satisfy(given, Map.of(), paths, side.label()).resources();
            this.expected = new Substitution(resources, work).items(expected);
        }

        /** Checks that what is found may stand where the other is expected. */
        void check(String name, Entity found, Entity expected) throws TypeException {
            if (found instanceof Entity.Instance a && expected instanceof Entity.Instance b) {
                instance(name, a.type(), b.type());
            } else {
                item(side, name, "", found, expected);
            }
        }

        private void instance(String name, InstanceType found, InstanceType type) throws TypeException {
            for (Map.Entry<String, Entity.Item> inner : exports(found, type).entrySet()) {
                Entity other = found.export(inner.getKey());
                Entity wanted = inner.getValue().entity();
                if (other == null) {
                    lacking(name, inner.getKey(), wanted);
                } else {
                    item(word(wanted), name, inner.getKey(), other, wanted);
                }
            }
            found.exports().forEach((inner, item) -> {
                if (type.export(inner) == null) {
                    surplus(name, inner, item.entity());
                }
            });
        }

        /** What is expected of an instance, with the resources in place that its type declares. */
        private Map<String, Entity.Item> exports(InstanceType found, InstanceType type) throws TypeException {
            if (type.defined().isEmpty()) {
                return type.exports();
            }
            Map<Resource, List<String>> paths = new LinkedHashMap<>(type.explicit());
            paths.keySet().retainAll(new HashSet<>(type.defined()));
            Map<String, Entity> given = new LinkedHashMap<>();
            found.exports().forEach((name, item) -> given.put(name, item.entity()));
            return new Substitution(
                            subtyping
                                    .satisfy(given, Map.of(), paths, "instance export")
                                    .resources(),
                            work)
                    .items(type.exports());
        }

        /** What is expected of an instance is not there: on the import side the new component asks for more. */
        private void lacking(String name, String inner, Entity entity) {
            Spot spot = spot(side, name, inner);
            findings.add(
                    side == Item.IMPORT
                            ? new Difference.Added(
                                    word(entity), spot, inner, Difference.Grounds.REQUIRED, null, CONSUMERS)
                            : new Difference.Removed(word(entity), spot, inner, CONSUMERS));
        }

        private void surplus(String name, String inner, Entity entity) {
            Spot spot = spot(side, name, inner);
            findings.add(
                    side == Item.IMPORT
                            ? new Difference.Removed(word(entity), spot, inner, Set.of())
                            : new Difference.Added(word(entity), spot, inner, Difference.Grounds.FREE, null, Set.of()));
        }

        private void item(Item word, String name, String inner, Entity found, Entity expected) throws TypeException {
            try {
                subtyping.entity(found, expected);
            } catch (TypeException mismatch) {
                if (work.steps() > ComponentLimits.WORK_STEPS) {
                    throw mismatch;
                }
                String what = inner.isEmpty() ? text(name, found) : inner;
                findings.add(new Difference.Changed(
                        word, spot(side, name, inner), what, what, List.of(mismatch.rule()), CONSUMERS));
            }
        }

        private Item word(Entity entity) {
            return entity instanceof Entity.Func ? Item.FUNCTION : entity instanceof Entity.Type ? Item.TYPE : side;
        }
    }
}

package dev.lair.component.compat;

import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.WitWorld;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a type of the old version is one of the new version. Types under corresponding names are taken to be the same:
 * a difference inside is reported where they are declared. Types under other names are the same when they have the same
 * structure; resources have none, so for them the name at which they are declared decides.
 */
final class TypeMatch {
    private final Names names;
    private final Map<TypeName, WitTypeDef> oldTypes;
    private final Map<TypeName, WitTypeDef> newTypes;
    private final Map<Pair, Boolean> known = new HashMap<>();
    private int steps;

    private record Pair(TypeName before, TypeName after) {}

    TypeMatch(Names names, Resolved before, Resolved after) {
        this(names, types(before), types(after));
    }

    private TypeMatch(Names names, Map<TypeName, WitTypeDef> oldTypes, Map<TypeName, WitTypeDef> newTypes) {
        this.names = names;
        this.oldTypes = oldTypes;
        this.newTypes = newTypes;
    }

    /** The same types under other names of worlds. */
    TypeMatch with(Names others) {
        return new TypeMatch(others, oldTypes, newTypes);
    }

    Names names() {
        return names;
    }

    private static Map<TypeName, WitTypeDef> types(Resolved resolved) {
        Map<TypeName, WitTypeDef> types = new HashMap<>();
        for (WitPackage each : resolved.packages()) {
            each.interfaces().forEach(item -> index(item, types));
            for (WitWorld world : each.worlds()) {
                for (List<WitWorld.WorldItem> items : List.of(world.imports(), world.exports())) {
                    items.forEach(item -> index(item, types));
                }
            }
        }
        return types;
    }

    private static void index(WitWorld.WorldItem item, Map<TypeName, WitTypeDef> types) {
        switch (item) {
            case WitWorld.TypeItem type -> types.put(type.type().id(), type.type());
            case WitWorld.InlineItem inline -> index(inline.body(), types);
            case WitWorld.FunctionItem function -> {}
            case WitWorld.InterfaceItem named -> {}
        }
    }

    private static void index(WitInterface item, Map<TypeName, WitTypeDef> types) {
        item.types().forEach(type -> types.put(type.id(), type));
    }

    boolean same(@Nullable WitType before, @Nullable WitType after) {
        return same(before, after, 0);
    }

    private boolean same(@Nullable WitType before, @Nullable WitType after, int depth) {
        if (before == null || after == null) {
            return before == null && after == null;
        }
        if (depth > CompareLimits.TYPE_DEPTH || ++steps > CompareLimits.TYPE_STEPS) {
            return false;
        }
        if (before instanceof WitType.Named a && after instanceof WitType.Named b) {
            return same(a.name(), b.name(), depth);
        }
        if (before instanceof WitType.Named a) {
            WitType target = aliased(oldTypes, a.name());
            return target != null && same(target, after, depth + 1);
        }
        if (after instanceof WitType.Named b) {
            WitType target = aliased(newTypes, b.name());
            return target != null && same(before, target, depth + 1);
        }
        return sameForm(before, after, depth);
    }

    private boolean sameForm(WitType before, WitType after, int depth) {
        if (before instanceof WitType.Own a && after instanceof WitType.Own b) {
            return same(a.resource(), b.resource(), depth);
        }
        if (before instanceof WitType.Borrow a && after instanceof WitType.Borrow b) {
            return same(a.resource(), b.resource(), depth);
        }
        if (before instanceof WitType.Result a && after instanceof WitType.Result b) {
            return same(a.ok(), b.ok(), depth + 1) && same(a.err(), b.err(), depth + 1);
        }
        if (before instanceof WitType.FixedList a && after instanceof WitType.FixedList b && a.length() != b.length()) {
            return false;
        }
        List<WitType> parts = before.parts();
        List<WitType> others = after.parts();
        if (before.getClass() != after.getClass() || parts.size() != others.size()) {
            return false;
        }
        return parts.isEmpty() ? sameLeaf(before, after) : each(parts, others, (a, b) -> same(a, b, depth + 1));
    }

    /** Primitives, and futures and streams without payload. */
    private static boolean sameLeaf(WitType before, WitType after) {
        return before.equals(after);
    }

    private boolean same(TypeName before, TypeName after, int depth) {
        if (before.name().equals(after.name()) && names.same(before.owner(), after.owner())) {
            return true;
        }
        Pair pair = new Pair(before, after);
        Boolean answer = known.get(pair);
        if (answer == null) {
            answer = sameStructure(before, after, depth);
            known.put(pair, answer);
        }
        return answer;
    }

    private boolean sameStructure(TypeName before, TypeName after, int depth) {
        TypeName a = origin(oldTypes, before);
        TypeName b = origin(newTypes, after);
        if (a.name().equals(b.name()) && names.same(a.owner(), b.owner())) {
            return true;
        }
        WitTypeDef oldDef = oldTypes.get(a);
        WitTypeDef newDef = newTypes.get(b);
        return oldDef != null && newDef != null && sameBody(oldDef.kind(), newDef.kind(), depth + 1);
    }

    /** Whether two declarations say the same. */
    boolean sameBody(WitTypeDef.Kind before, WitTypeDef.Kind after, int depth) {
        return switch (before) {
            case WitTypeDef.Alias a -> after instanceof WitTypeDef.Alias b && same(a.type(), b.type(), depth);
            case WitTypeDef.RecordOf a ->
                after instanceof WitTypeDef.RecordOf b
                        && each(
                                a.fields(),
                                b.fields(),
                                (x, y) -> x.name().equals(y.name()) && same(x.type(), y.type(), depth + 1));
            case WitTypeDef.Variant a ->
                after instanceof WitTypeDef.Variant b
                        && each(
                                a.cases(),
                                b.cases(),
                                (x, y) -> x.name().equals(y.name()) && same(x.type(), y.type(), depth + 1));
            case WitTypeDef.EnumOf a -> after instanceof WitTypeDef.EnumOf b && labels(a.cases(), b.cases());
            case WitTypeDef.Flags a -> after instanceof WitTypeDef.Flags b && labels(a.flags(), b.flags());
            // Resources under names that do not correspond are never the same: depth 0 is the declaration itself.
            case WitTypeDef.Resource a -> after instanceof WitTypeDef.Resource && depth == 0;
        };
    }

    private static boolean labels(List<WitTypeDef.Label> before, List<WitTypeDef.Label> after) {
        return each(before, after, (a, b) -> a.name().equals(b.name()));
    }

    private static <T> boolean each(List<T> before, List<T> after, BiPredicate<T, T> same) {
        if (before.size() != after.size()) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            if (!same.test(before.get(i), after.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable WitType aliased(Map<TypeName, WitTypeDef> types, TypeName name) {
        WitTypeDef def = types.get(name);
        return def != null && def.kind() instanceof WitTypeDef.Alias alias ? alias.type() : null;
    }

    /** The name behind names that only stand for others. */
    private static TypeName origin(Map<TypeName, WitTypeDef> types, TypeName name) {
        TypeName at = name;
        Set<TypeName> seen = new HashSet<>();
        while (seen.add(at) && aliased(types, at) instanceof WitType.Named next) {
            at = next.name();
        }
        return at;
    }

    /** Where the names in a type of the old version come from, for when its text says too little. */
    String oldOrigins(@Nullable WitType type) {
        return origins(oldTypes, type);
    }

    String newOrigins(@Nullable WitType type) {
        return origins(newTypes, type);
    }

    private static String origins(Map<TypeName, WitTypeDef> types, @Nullable WitType type) {
        Set<String> found = new LinkedHashSet<>();
        collect(types, type, found);
        return String.join(", ", found);
    }

    private static void collect(Map<TypeName, WitTypeDef> types, @Nullable WitType type, Set<String> found) {
        if (type == null) {
            return;
        }
        TypeName name =
                switch (type) {
                    case WitType.Named n -> n.name();
                    case WitType.Own o -> o.resource();
                    case WitType.Borrow b -> b.resource();
                    default -> null;
                };
        if (name != null) {
            TypeName origin = origin(types, name);
            Owner owner = origin.owner();
            found.add(owner + "." + origin.name());
        }
        type.parts().forEach(part -> collect(types, part, found));
    }
}

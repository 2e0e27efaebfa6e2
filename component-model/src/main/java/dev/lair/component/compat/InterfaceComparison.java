package dev.lair.component.compat;

import dev.lair.component.compat.Difference.Grounds;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.print.WitFragment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Functions and types of an interface, or of anything that has them. */
final class InterfaceComparison {
    static final Set<Party> NOBODY = Set.of();
    static final Set<Party> BOTH = Set.of(Party.CONSUMERS, Party.IMPLEMENTERS);

    private final VersionStep versions;
    private final TypeDetails details;
    private final Findings findings;

    InterfaceComparison(VersionStep versions, TypeMatch match, Findings findings) {
        this.versions = versions;
        this.details = new TypeDetails(match);
        this.findings = findings;
    }

    /** Compares two interfaces of which both are promised. */
    void compare(String owner, WitInterface before, WitInterface after) {
        Place inOld = before.annotations().place();
        Place inNew = after.annotations().place();
        Spot spot = new Spot(owner, "", inOld, inNew);
        gates(Item.INTERFACE, spot, before.annotations(), after.annotations());
        Map<String, WitTypeDef> types = new LinkedHashMap<>();
        after.types().forEach(type -> types.put(type.name(), type));
        for (WitTypeDef type : before.types()) {
            WitTypeDef other = types.remove(type.name());
            if (other == null) {
                removed(Item.TYPE, spot.at(type.name(), type.annotations().place(), Place.NONE), type);
            } else {
                type(spot, type, other);
            }
        }
        Map<String, WitFunction> functions = new LinkedHashMap<>();
        after.functions().forEach(function -> functions.put(function.name(), function));
        for (WitFunction function : before.functions()) {
            WitFunction other = functions.remove(function.name());
            if (other == null) {
                removed(spot, function);
            } else {
                function(Item.FUNCTION, spot, function, other);
            }
        }
        types.values().forEach(type -> added(spot, type));
        functions.values().forEach(function -> added(spot, function, after));
    }

    void type(Spot owner, WitTypeDef before, WitTypeDef after) {
        Spot spot = owner.at(
                before.name(), before.annotations().place(), after.annotations().place());
        if (gates(Item.TYPE, spot, before.annotations(), after.annotations())) {
            List<String> inside = details.of(before, after);
            if (!inside.isEmpty()) {
                findings.add(new Difference.Changed(
                        Item.TYPE,
                        spot,
                        WitFragment.declaration(before),
                        WitFragment.declaration(after),
                        inside,
                        broken(before.annotations(), BOTH)));
            }
        }
    }

    void function(Item item, Spot owner, WitFunction before, WitFunction after) {
        Spot spot = owner.at(
                name(before), before.annotations().place(), after.annotations().place());
        if (gates(item, spot, before.annotations(), after.annotations())) {
            List<String> inside = details.of(before, after);
            if (!inside.isEmpty()) {
                findings.add(new Difference.Changed(
                        item,
                        spot,
                        WitFragment.function(before),
                        WitFragment.function(after),
                        inside,
                        broken(before.annotations(), BOTH)));
            }
        }
    }

    /** Whom a change to an item breaks, when it is promised. */
    static Set<Party> broken(Annotations before, Set<Party> parties) {
        return Gate.promised(before.stability()) ? parties : NOBODY;
    }

    /**
     * Compares gates.
     *
     * @return whether the items themselves are to be compared: not when the gate says that the item comes or goes
     */
    boolean gates(Item item, Spot spot, Annotations before, Annotations after) {
        Stability from = before.stability();
        Stability to = after.stability();
        boolean was = Gate.promised(from);
        boolean is = Gate.promised(to);
        if (was && !is) {
            findings.add(new Difference.Regated(item, spot, from, to, Set.of(Party.CONSUMERS)));
            return false;
        }
        if (!was && is) {
            Grounds grounds = Gate.addition(to, versions);
            findings.add(new Difference.Regated(
                    item, spot, from, to, grounds == Grounds.SINCE ? NOBODY : Set.of(Party.IMPLEMENTERS)));
            return false;
        }
        if (was && (younger(from, to) || !Objects.equals(Gate.deprecated(from), Gate.deprecated(to)))) {
            findings.add(new Difference.Regated(item, spot, from, to, NOBODY));
        }
        return true;
    }

    /** Whether an item that was there claims to be there only since a later version. */
    private boolean younger(Stability from, Stability to) {
        return Gate.since(to) != null
                && !Objects.equals(Gate.since(from), Gate.since(to))
                && Gate.addition(to, versions) == Grounds.SINCE;
    }

    private void removed(Spot owner, WitFunction function) {
        findings.add(new Difference.Removed(
                Item.FUNCTION,
                owner.at(name(function), function.annotations().place(), Place.NONE),
                WitFragment.function(function),
                broken(function.annotations(), Set.of(Party.CONSUMERS))));
    }

    private void removed(Item item, Spot spot, WitTypeDef type) {
        findings.add(new Difference.Removed(
                item, spot, WitFragment.declaration(type), broken(type.annotations(), Set.of(Party.CONSUMERS))));
    }

    private void added(Spot owner, WitTypeDef type) {
        added(
                Item.TYPE,
                owner.at(type.name(), Place.NONE, type.annotations().place()),
                WitFragment.declaration(type),
                type.annotations().stability());
    }

    private void added(Spot owner, WitFunction function, WitInterface in) {
        Stability own = function.annotations().stability();
        added(
                Item.FUNCTION,
                owner.at(name(function), Place.NONE, function.annotations().place()),
                WitFragment.function(function),
                own.isUnknown() ? gateOf(function.resource(), in) : own);
    }

    /** Functions of a resource that is new too need no mark of their own. */
    private Stability gateOf(@Nullable TypeName resource, WitInterface in) {
        if (resource == null) {
            return Stability.unknown();
        }
        Stability gate = in.type(resource.name())
                .map(type -> type.annotations().stability())
                .orElse(Stability.unknown());
        return Gate.addition(gate, versions) == Grounds.STALE_SINCE ? Stability.unknown() : gate;
    }

    private void added(Item item, Spot spot, String text, Stability stability) {
        Grounds grounds = Gate.addition(stability, versions);
        boolean allowed = grounds == Grounds.SINCE || grounds == Grounds.UNSTABLE;
        findings.add(new Difference.Added(
                item, spot, text, grounds, Gate.since(stability), allowed ? NOBODY : Set.of(Party.IMPLEMENTERS)));
    }

    static String name(WitFunction function) {
        TypeName resource = function.resource();
        return (resource == null ? "" : resource.name() + '.') + function.item();
    }
}

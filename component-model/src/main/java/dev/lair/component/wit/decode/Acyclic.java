package dev.lair.component.wit.decode;

import dev.lair.component.wit.InterfaceUses;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes sure that packages, and interfaces, depend on each other in one direction only. Text cannot have it otherwise; a
 * binary can, because it repeats an interface wherever it is used.
 */
final class Acyclic {
    private Acyclic() {}

    static void check(Resolved resolved) throws WitException {
        Map<PackageName, Set<PackageName>> packages = new LinkedHashMap<>();
        Map<Owner.InterfaceId, List<Owner.InterfaceId>> interfaces = new LinkedHashMap<>();
        for (WitPackage each : resolved.packages()) {
            Set<PackageName> others = InterfaceUses.of(each).keySet().stream()
                    .map(Owner.InterfaceId::packageName)
                    .filter(name -> !name.equals(each.name()))
                    .collect(Collectors.toSet());
            packages.put(each.name(), others);
            for (WitInterface item : each.interfaces()) {
                if (item.id() instanceof Owner.InterfaceId id) {
                    interfaces.put(id, item.dependencies());
                }
            }
        }
        check("package", packages);
        check("interface", interfaces);
    }

    /** Takes away what depends on nothing that is left, until nothing is left, or only cycles. */
    private static <T> void check(String what, Map<T, ? extends Collection<T>> dependencies) throws WitException {
        Map<T, Integer> missing = new HashMap<>();
        Map<T, List<T>> dependents = new HashMap<>();
        Deque<T> ready = new ArrayDeque<>();
        dependencies.forEach((name, others) -> {
            int count = 0;
            for (T other : others) {
                if (dependencies.containsKey(other)) {
                    dependents.computeIfAbsent(other, o -> new ArrayList<>()).add(name);
                    count++;
                }
            }
            missing.put(name, count);
            if (count == 0) {
                ready.add(name);
            }
        });
        int left = dependencies.size();
        for (T next = ready.poll(); next != null; next = ready.poll()) {
            left--;
            for (T dependent : dependents.getOrDefault(next, List.of())) {
                if (missing.merge(dependent, -1, Integer::sum) == 0) {
                    ready.add(dependent);
                }
            }
        }
        if (left > 0) {
            for (T name : dependencies.keySet()) {
                if (missing.getOrDefault(name, 0) > 0) {
                    throw new WitException(what + " `" + name + "` depends on itself, by way of others", Place.NONE);
                }
            }
        }
    }
}

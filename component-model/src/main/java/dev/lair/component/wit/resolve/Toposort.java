package dev.lair.component.wit.resolve;

import dev.lair.component.wit.syntax.WitTree.Ident;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Names in an order where each stands after those it depends on, and otherwise as close to the order of the text as
 * that allows: among the names that could come next, the first of the text does. Printing and reading again keeps the
 * order, which other WIT tools rely on.
 */
final class Toposort {
    private Toposort() {}

    /**
     * Sorts the keys.
     *
     * @param what how errors call the names: `type`, or `interface or world`
     * @throws WitResolveException when a dependency is no key, or when names depend on themselves
     */
    static List<String> sort(String what, Map<String, List<Ident>> dependencies) throws WitResolveException {
        List<String> names = List.copyOf(dependencies.keySet());
        Map<String, Integer> index = new HashMap<>();
        for (String name : names) {
            index.put(name, index.size());
        }
        int[] missing = new int[names.size()];
        List<List<Integer>> dependents = new ArrayList<>();
        names.forEach(name -> dependents.add(new ArrayList<>()));
        for (int i = 0; i < missing.length; i++) {
            List<Ident> edges = edges(dependencies, names.get(i));
            missing[i] = edges.size();
            for (Ident edge : edges) {
                Integer target = index.get(edge.name());
                if (target == null) {
                    throw new WitResolveException(what + " `" + edge.name() + "` does not exist", edge.place());
                }
                dependents.get(target).add(i);
            }
        }
        List<String> order = drain(names, missing, dependents);
        if (order.size() < names.size()) {
            throw cycle(what, dependencies, names, index, missing);
        }
        return order;
    }

    private static List<String> drain(List<String> names, int[] missing, List<List<Integer>> dependents) {
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < missing.length; i++) {
            if (missing[i] == 0) {
                ready.add(i);
            }
        }
        List<String> order = new ArrayList<>();
        for (Integer next = ready.poll(); next != null; next = ready.poll()) {
            order.add(names.get(next));
            for (int dependent : dependents.get(next)) {
                if (--missing[dependent] == 0) {
                    ready.add(dependent);
                }
            }
        }
        return order;
    }

    /** What is left over leads into a cycle; the first edge between two names that are left is reported. */
    private static WitResolveException cycle(
            String what,
            Map<String, List<Ident>> dependencies,
            List<String> names,
            Map<String, Integer> index,
            int[] missing) {
        for (int i = 0; i < missing.length; i++) {
            if (missing[i] > 0) {
                for (Ident edge : edges(dependencies, names.get(i))) {
                    if (missing[index.getOrDefault(edge.name(), i)] > 0) {
                        return new WitResolveException(what + " `" + edge.name() + "` depends on itself", edge.place());
                    }
                }
            }
        }
        throw new IllegalStateException("names are left over, but none depends on another");
    }

    private static List<Ident> edges(Map<String, List<Ident>> dependencies, String name) {
        return dependencies.getOrDefault(name, List.of());
    }
}

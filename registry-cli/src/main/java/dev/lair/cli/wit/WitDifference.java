package dev.lair.cli.wit;

import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.print.WitPrinter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Two packages, or components, item by item: the package itself, each interface, each world, by their printed text. Of
 * components the interfaces of other packages belong to the comparison, because the binary is what says them.
 */
public final class WitDifference {
    /** How an item differs. */
    public enum Change {
        ADDED,
        REMOVED,
        CHANGED
    }

    /**
     * One item that differs.
     *
     * @param name {@code package}, {@code interface NAME} or {@code world NAME}
     * @param lines with a mark in front: {@code -}, {@code +} or a space
     */
    public record Item(String name, Change change, List<String> lines) {}

    private WitDifference() {}

    /** What differs, in the order of the old package, added items last. */
    public static List<Item> between(Resolved before, Resolved after) {
        Map<String, List<String>> old = items(before);
        Map<String, List<String>> now = items(after);
        Set<String> names = new LinkedHashSet<>(old.keySet());
        names.addAll(now.keySet());
        List<Item> differ = new ArrayList<>();
        for (String name : names) {
            List<String> oldLines = old.get(name);
            List<String> newLines = now.get(name);
            if (oldLines == null && newLines != null) {
                differ.add(new Item(name, Change.ADDED, LineDiff.marked('+', newLines)));
            } else if (oldLines != null && newLines == null) {
                differ.add(new Item(name, Change.REMOVED, LineDiff.marked('-', oldLines)));
            } else if (oldLines != null && newLines != null && !oldLines.equals(newLines)) {
                differ.add(new Item(name, Change.CHANGED, LineDiff.near(oldLines, newLines)));
            }
        }
        return differ;
    }

    private static Map<String, List<String>> items(Resolved resolved) {
        Map<String, List<String>> items = new LinkedHashMap<>();
        WitPackage main = resolved.main();
        items.put(
                "package",
                WitPrinter.print(resolved, only(main, List.of(), List.of()))
                        .lines()
                        .filter(line -> !line.isEmpty())
                        .toList());
        add(resolved, main, true, items);
        boolean component =
                main.name().namespace().equals("root") && main.name().name().equals("component");
        if (component) {
            for (WitPackage each : resolved.packages()) {
                if (!each.name().equals(main.name())) {
                    add(resolved, each, false, items);
                }
            }
        }
        return items;
    }

    private static void add(Resolved resolved, WitPackage each, boolean main, Map<String, List<String>> items) {
        for (WitInterface item : each.interfaces()) {
            Owner.InterfaceId id = (Owner.InterfaceId) item.id();
            items.put(
                    "interface " + (main ? id.name() : id),
                    body(WitPrinter.print(resolved, only(each, List.of(item), List.of()))));
        }
        for (WitWorld world : each.worlds()) {
            items.put(
                    "world " + (main ? world.name() : world.id()),
                    body(WitPrinter.print(resolved, only(each, List.of(), List.of(world)))));
        }
    }

    private static WitPackage only(WitPackage each, List<WitInterface> interfaces, List<WitWorld> worlds) {
        return new WitPackage(
                each.name(), interfaces.isEmpty() && worlds.isEmpty() ? each.docs() : null, interfaces, worlds);
    }

    /** The printed item without the line of its package and the blank one behind. */
    private static List<String> body(String printed) {
        List<String> lines = new ArrayList<>(printed.lines().skip(2).toList());
        while (!lines.isEmpty() && lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return List.copyOf(lines);
    }
}

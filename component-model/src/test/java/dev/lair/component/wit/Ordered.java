package dev.lair.component.wit;

import java.util.List;

/**
 * A model with functions in the order of printed text. Text may have a function before a resource's; printing moves it
 * behind, so a model equals what is read back up to that order.
 */
public final class Ordered {
    private Ordered() {}

    public static Resolved of(Resolved resolved) {
        return new Resolved(
                resolved.main().name(),
                resolved.packages().stream().map(Ordered::of).toList());
    }

    static WitPackage of(WitPackage each) {
        return new WitPackage(
                each.name(),
                each.docs(),
                each.interfaces().stream().map(Ordered::of).toList(),
                each.worlds().stream()
                        .map(w -> new WitWorld(w.id(), items(w.imports()), items(w.exports()), w.annotations()))
                        .toList());
    }

    private static WitInterface of(WitInterface each) {
        return new WitInterface(each.id(), each.types(), each.orderedFunctions(), each.annotations());
    }

    private static List<WitWorld.WorldItem> items(List<WitWorld.WorldItem> items) {
        return items.stream()
                .map(item -> item instanceof WitWorld.InlineItem inline
                        ? new WitWorld.InlineItem(inline.label(), of(inline.body()))
                        : item)
                .toList();
    }
}

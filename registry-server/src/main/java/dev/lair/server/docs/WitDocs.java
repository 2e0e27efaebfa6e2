package dev.lair.server.docs;

import dev.lair.registry.api.WitModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The WIT of a release as people read it: the interfaces and worlds of its own package, each with a page or more. Anchors
 * and pages follow from the WIT alone. Packages that it refers to are not here: their items are linked to.
 */
public final class WitDocs {

    private final String name;
    private final @Nullable String docs;
    private final Map<String, DocItem> items;

    private WitDocs(String name, @Nullable String docs, Map<String, DocItem> items) {
        this.name = name;
        this.docs = docs;
        this.items = items;
    }

    /** What the model says of its main package. */
    public static WitDocs of(WitModel model) {
        Map<String, DocItem> items = new LinkedHashMap<>();
        String docs = null;
        for (WitModel.Package each : model.packages()) {
            if (each.name().equals(model.main())) {
                docs = each.docs();
                each.worlds().forEach(world -> put(items, ItemWriter.of(world)));
                each.interfaces().forEach(one -> put(items, ItemWriter.of(one)));
            }
        }
        return new WitDocs(model.main(), docs, items);
    }

    private static void put(Map<String, DocItem> items, DocItem item) {
        items.put(item.name(), item);
    }

    /** {@code ns:name@version} as the WIT says it; {@code root:component} for a component. */
    public String name() {
        return name;
    }

    /** The comment of the package. */
    public @Nullable String docs() {
        return docs;
    }

    /** Worlds first, each kind in the order of the WIT. */
    public List<DocItem> items() {
        return List.copyOf(items.values());
    }

    public Optional<DocItem> item(String itemName) {
        return Optional.ofNullable(items.get(itemName));
    }

    /** Whether a place is in this package: its own name and version. */
    public boolean owns(DocTarget target) {
        String owner = target.packageName() + (target.version() == null ? "" : "@" + target.version());
        return owner.equals(name) && items.containsKey(target.item());
    }
}

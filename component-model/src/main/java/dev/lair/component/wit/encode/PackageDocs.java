package dev.lair.component.wit.encode;

import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The custom section {@code package-docs}: a version byte 1, then JSON with comments and gates by item. Items without
 * either are left out. Member order is that of wasm-tools, but functions go in the order that they have in the binary
 * itself and in printed text, so that text, binary, text and binary again end in the same bytes.
 */
final class PackageDocs {
    private PackageDocs() {}

    static byte[] encode(WitPackage each) {
        JsonObject worlds = new JsonObject();
        each.worlds().forEach(world -> worlds.object(world.name(), world(world)));
        JsonObject interfaces = new JsonObject();
        each.interfaces()
                .forEach(item -> interfaces.object(((Owner.InterfaceId) item.id()).name(), interfaceItem(item)));
        JsonObject root = new JsonObject();
        docs(root, each.docs());
        root.object("worlds", worlds).object("interfaces", interfaces);
        return ("\u0001" + root).getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject world(WitWorld world) {
        JsonObject interfaces = new JsonObject();
        JsonObject types = new JsonObject();
        JsonObject functions = new JsonObject();
        JsonObject importGates = new JsonObject();
        collect(world.imports(), interfaces, types, functions, importGates);
        JsonObject interfaceExports = new JsonObject();
        JsonObject functionExports = new JsonObject();
        JsonObject exportGates = new JsonObject();
        collect(world.exports(), interfaceExports, types, functionExports, exportGates);
        return annotated(world.annotations())
                .object("interfaces", interfaces)
                .object("types", types)
                .object("funcs", functions)
                .object("interface_exports", interfaceExports)
                .object("func_exports", functionExports)
                .object("interface_import_stability", importGates)
                .object("interface_export_stability", exportGates);
    }

    private static void collect(
            List<WorldItem> items, JsonObject interfaces, JsonObject types, JsonObject functions, JsonObject gates) {
        for (WorldItem item : items) {
            switch (item) {
                case WitWorld.InterfaceItem named ->
                    gates.object(item.key(), stability(named.annotations().stability()));
                case WitWorld.InlineItem inline -> interfaces.object(item.key(), interfaceItem(inline.body()));
                case WitWorld.TypeItem type -> types.object(item.key(), type(type.type()));
                case WitWorld.FunctionItem function -> functions.object(item.key(), annotated(function.annotations()));
            }
        }
    }

    private static JsonObject interfaceItem(WitInterface item) {
        JsonObject functions = new JsonObject();
        for (WitFunction function : item.orderedFunctions()) {
            functions.object(function.name(), annotated(function.annotations()));
        }
        JsonObject types = new JsonObject();
        item.types().forEach(type -> types.object(type.name(), type(type)));
        return annotated(item.annotations()).object("funcs", functions).object("types", types);
    }

    private static JsonObject type(WitTypeDef def) {
        JsonObject items = new JsonObject();
        switch (def.kind()) {
            case WitTypeDef.RecordOf body -> body.fields().forEach(f -> items.text(f.name(), f.docs()));
            case WitTypeDef.Variant body -> body.cases().forEach(c -> items.text(c.name(), c.docs()));
            case WitTypeDef.EnumOf body -> body.cases().forEach(c -> items.text(c.name(), c.docs()));
            case WitTypeDef.Flags body -> body.flags().forEach(f -> items.text(f.name(), f.docs()));
            case WitTypeDef.Alias plain -> {}
            case WitTypeDef.Resource plain -> {}
        }
        return annotated(def.annotations()).object("items", items);
    }

    private static JsonObject annotated(Annotations annotations) {
        JsonObject object = new JsonObject();
        docs(object, annotations.docs());
        return object.object("stability", stability(annotations.stability()));
    }

    private static void docs(JsonObject object, @Nullable String docs) {
        object.text("docs", docs);
    }

    private static JsonObject stability(Stability stability) {
        return switch (stability) {
            case Stability.Unknown none -> new JsonObject();
            case Stability.Stable stable ->
                new JsonObject()
                        .object(
                                "stable",
                                new JsonObject()
                                        .text("since", stable.since().toString())
                                        .text("deprecated", text(stable.deprecated())));
            case Stability.Unstable unstable ->
                new JsonObject()
                        .object(
                                "unstable",
                                new JsonObject()
                                        .text("feature", unstable.feature())
                                        .text("deprecated", text(unstable.deprecated())));
        };
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}

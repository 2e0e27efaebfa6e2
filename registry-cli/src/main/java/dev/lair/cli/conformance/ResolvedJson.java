package dev.lair.cli.conformance;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Primitive;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.WitWorld;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the JSON in which wit-parser writes a resolved package: tables of worlds, interfaces, types and packages that
 * refer to each other by index. Gives our model, so that expectations compare by value.
 */
final class ResolvedJson {
    private final JsonNode root;
    private final Map<Integer, Owner> interfaceOwners = new HashMap<>();

    private ResolvedJson(JsonNode root) {
        this.root = root;
    }

    /** The packages, in the order of the file. */
    static List<WitPackage> read(JsonNode root) {
        return new ResolvedJson(root).packages();
    }

    private List<WitPackage> packages() {
        List<WitPackage> packages = new ArrayList<>();
        for (int i = 0; i < root.get("interfaces").size(); i++) {
            JsonNode each = root.get("interfaces").get(i);
            if (!each.get("name").isNull()) {
                interfaceOwners.put(
                        i,
                        new Owner.InterfaceId(
                                packageName(each.get("package").asInt()),
                                each.get("name").asString()));
            }
        }
        for (int i = 0; i < root.get("worlds").size(); i++) {
            Owner.WorldId world = worldId(i);
            inline(world, root.get("worlds").get(i).get("imports"), false);
            inline(world, root.get("worlds").get(i).get("exports"), true);
        }
        for (int i = 0; i < root.get("packages").size(); i++) {
            JsonNode each = root.get("packages").get(i);
            List<WitInterface> interfaces = new ArrayList<>();
            each.get("interfaces")
                    .properties()
                    .forEach(e -> interfaces.add(interfaceAt(e.getValue().asInt(), Stability.unknown())));
            List<WitWorld> worlds = new ArrayList<>();
            each.get("worlds")
                    .properties()
                    .forEach(e -> worlds.add(world(e.getValue().asInt())));
            packages.add(new WitPackage(packageName(i), docs(each), interfaces, worlds));
        }
        return packages;
    }

    private void inline(Owner.WorldId world, JsonNode items, boolean export) {
        items.properties().forEach(e -> {
            JsonNode named = e.getValue().get("interface");
            if (named != null) {
                interfaceOwners.putIfAbsent(named.get("id").asInt(), new Owner.InlineId(world, export, e.getKey()));
            }
        });
    }

    private PackageName packageName(int index) {
        return parsePackageName(root.get("packages").get(index).get("name").asString());
    }

    static PackageName parsePackageName(String text) {
        int at = text.indexOf('@');
        String name = at < 0 ? text : text.substring(0, at);
        int colon = name.indexOf(':');
        return new PackageName(
                name.substring(0, colon),
                name.substring(colon + 1),
                at < 0 ? null : SemanticVersion.parse(text.substring(at + 1)));
    }

    private Owner.WorldId worldId(int index) {
        JsonNode world = root.get("worlds").get(index);
        return new Owner.WorldId(
                packageName(world.get("package").asInt()), world.get("name").asString());
    }

    private WitInterface interfaceAt(int index, Stability fallback) {
        JsonNode node = root.get("interfaces").get(index);
        Owner owner = Objects.requireNonNull(interfaceOwners.get(index));
        List<WitTypeDef> types = new ArrayList<>();
        node.get("types")
                .properties()
                .forEach(e -> types.add(typeDef(e.getValue().asInt())));
        List<WitFunction> functions = new ArrayList<>();
        node.get("functions").properties().forEach(e -> functions.add(function(e.getValue())));
        Annotations annotations = annotations(node);
        return new WitInterface(
                owner,
                types,
                functions,
                annotations.stability().isUnknown() ? annotations.withStability(fallback) : annotations);
    }

    private WitWorld world(int index) {
        JsonNode node = root.get("worlds").get(index);
        return new WitWorld(worldId(index), items(node.get("imports")), items(node.get("exports")), annotations(node));
    }

    private List<WitWorld.WorldItem> items(JsonNode items) {
        List<WitWorld.WorldItem> read = new ArrayList<>();
        items.properties().forEach(e -> {
            JsonNode node = e.getValue();
            if (node.has("type")) {
                read.add(new WitWorld.TypeItem(typeDef(node.get("type").asInt())));
            } else if (node.has("function")) {
                read.add(new WitWorld.FunctionItem(function(node.get("function"))));
            } else {
                JsonNode named = node.get("interface");
                int id = named.get("id").asInt();
                Stability stability = stability(named);
                if (interfaceOwners.get(id) instanceof Owner.InterfaceId interfaceId) {
                    read.add(new WitWorld.InterfaceItem(
                            interfaceId,
                            e.getKey().startsWith("interface-") ? null : e.getKey(),
                            Annotations.NONE.withStability(stability)));
                } else {
                    read.add(new WitWorld.InlineItem(e.getKey(), interfaceAt(id, stability)));
                }
            }
        });
        return read;
    }

    private WitTypeDef typeDef(int index) {
        JsonNode node = root.get("types").get(index);
        return new WitTypeDef(typeName(index), kind(node.get("kind")), annotations(node));
    }

    private TypeName typeName(int index) {
        JsonNode node = root.get("types").get(index);
        JsonNode owner = node.get("owner");
        Owner read = owner.has("world")
                ? worldId(owner.get("world").asInt())
                : Objects.requireNonNull(
                        interfaceOwners.get(owner.get("interface").asInt()));
        return new TypeName(read, node.get("name").asString());
    }

    private WitTypeDef.Kind kind(JsonNode kind) {
        if (kind.isString()) {
            return switch (kind.asString()) {
                case "resource" -> new WitTypeDef.Resource();
                default -> new WitTypeDef.Alias(anonymous(kind));
            };
        }
        if (kind.has("record")) {
            List<WitTypeDef.Field> fields = new ArrayList<>();
            kind.get("record")
                    .get("fields")
                    .forEach(f -> fields.add(
                            new WitTypeDef.Field(f.get("name").asString(), type(f.get("type")), docs(f), Place.NONE)));
            return new WitTypeDef.RecordOf(fields);
        }
        if (kind.has("variant")) {
            List<WitTypeDef.Case> cases = new ArrayList<>();
            kind.get("variant")
                    .get("cases")
                    .forEach(c -> cases.add(new WitTypeDef.Case(
                            c.get("name").asString(), optional(c.get("type")), docs(c), Place.NONE)));
            return new WitTypeDef.Variant(cases);
        }
        if (kind.has("enum")) {
            return new WitTypeDef.EnumOf(labels(kind.get("enum").get("cases")));
        }
        if (kind.has("flags")) {
            return new WitTypeDef.Flags(labels(kind.get("flags").get("flags")));
        }
        if (kind.has("type")) {
            return new WitTypeDef.Alias(type(kind.get("type")));
        }
        return new WitTypeDef.Alias(anonymous(kind));
    }

    private static List<WitTypeDef.Label> labels(JsonNode nodes) {
        List<WitTypeDef.Label> labels = new ArrayList<>();
        nodes.forEach(n -> labels.add(new WitTypeDef.Label(n.get("name").asString(), docs(n), Place.NONE)));
        return labels;
    }

    private WitType type(JsonNode type) {
        if (type.isString()) {
            return Primitive.valueOf(type.asString().toUpperCase(Locale.ROOT).replace('-', '_'));
        }
        JsonNode node = root.get("types").get(type.asInt());
        return node.get("name").isNull() ? anonymous(node.get("kind")) : new WitType.Named(typeName(type.asInt()));
    }

    private @Nullable WitType optional(@Nullable JsonNode type) {
        return type == null || type.isNull() ? null : type(type);
    }

    private WitType anonymous(JsonNode kind) {
        if (kind.isString()) {
            return switch (kind.asString()) {
                case "future" -> new WitType.Future(null);
                case "stream" -> new WitType.Stream(null);
                default -> throw new IllegalArgumentException(kind.toString());
            };
        }
        Map.Entry<String, JsonNode> only = kind.properties().iterator().next();
        JsonNode value = only.getValue();
        return switch (only.getKey()) {
            case "list" -> new WitType.ListOf(type(value));
            case "option" -> new WitType.Option(type(value));
            case "result" -> new WitType.Result(optional(value.get("ok")), optional(value.get("err")));
            case "map" -> new WitType.MapOf(type(value.get(0)), type(value.get(1)));
            case "future" -> new WitType.Future(optional(value));
            case "stream" -> new WitType.Stream(optional(value));
            case "tuple" -> {
                List<WitType> types = new ArrayList<>();
                value.get("types").forEach(t -> types.add(type(t)));
                yield new WitType.Tuple(types);
            }
            case "handle" ->
                value.has("own")
                        ? new WitType.Own(typeName(value.get("own").asInt()))
                        : new WitType.Borrow(typeName(value.get("borrow").asInt()));
            default -> throw new IllegalArgumentException(kind.toString());
        };
    }

    private WitFunction function(JsonNode node) {
        JsonNode kind = node.get("kind");
        String word = kind.isString()
                ? kind.asString()
                : kind.properties().iterator().next().getKey();
        boolean async = word.startsWith("async-");
        WitFunction.Kind read = WitFunction.Kind.valueOf((async ? word.substring(6) : word).toUpperCase(Locale.ROOT));
        TypeName resource = kind.isString()
                ? null
                : typeName(kind.properties().iterator().next().getValue().asInt());
        String name = node.get("name").asString();
        String item = read == WitFunction.Kind.CONSTRUCTOR ? "constructor" : name.substring(name.lastIndexOf('.') + 1);
        List<WitFunction.Param> params = new ArrayList<>();
        node.get("params")
                .forEach(p ->
                        params.add(new WitFunction.Param(p.get("name").asString(), type(p.get("type")), Place.NONE)));
        return new WitFunction(item, read, resource, async, params, optional(node.get("result")), annotations(node));
    }

    private static @Nullable String docs(JsonNode node) {
        return node.has("docs") ? node.get("docs").get("contents").asString() : null;
    }

    private static Annotations annotations(JsonNode node) {
        return new Annotations(docs(node), stability(node), null, Place.NONE);
    }

    private static Stability stability(JsonNode node) {
        JsonNode stability = node.get("stability");
        if (stability == null) {
            return Stability.unknown();
        }
        JsonNode stable = stability.get("stable");
        if (stable != null) {
            return new Stability.Stable(
                    SemanticVersion.parse(stable.get("since").asString()), version(stable.get("deprecated")));
        }
        JsonNode unstable = stability.get("unstable");
        return new Stability.Unstable(unstable.get("feature").asString(), version(unstable.get("deprecated")));
    }

    private static @Nullable SemanticVersion version(@Nullable JsonNode node) {
        return node == null || node.isNull() ? null : SemanticVersion.parse(node.asString());
    }
}

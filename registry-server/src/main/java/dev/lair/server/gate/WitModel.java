package dev.lair.server.gate;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Primitive;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Resolved WIT as JSON (docs/API.md, "WIT as JSON"): packages with interfaces and worlds in their order; a name is written
 * out wherever it is used, so that each item can be read alone. Only this form is stable; what has no value is left out.
 *
 * <pre>
 *   type  =  "u32" … | {"ref": NAME} | {"own": NAME} | {"borrow": NAME} | {"list": type, "length"?: n}
 *          | {"map": {"key": type, "value": type}} | {"tuple": [type…]} | {"option": type}
 *          | {"result": {"ok"?: type, "err"?: type}} | "future" | {"future": type} | "stream" | {"stream": type}
 *   NAME  =  {"owner": "ns:pkg/interface@version", "name": "t"}
 * </pre>
 */
final class WitModel {

    /** Characters around a name and its value. */
    private static final int PUNCTUATION = 6;

    /** Texts of owners, which stand wherever one of their types is used: a long name must not cost its length each time. */
    private final Map<Owner, String> owners = new HashMap<>();

    private long left;

    private WitModel(long characters) {
        this.left = characters;
    }

    /** More characters than were allowed. */
    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The whole set; empty when it would have more than so many characters, about. A short binary can say very much, so
     * nothing is built beyond them.
     */
    static Optional<Map<String, Object>> of(Resolved wit, long characters) {
        try {
            return Optional.of(new WitModel(characters).whole(wit));
        } catch (TooLongException tooLong) {
            return Optional.empty();
        }
    }

    private Map<String, Object> whole(Resolved wit) {
        return object("main", wit.main().name().toString())
                .with("packages", wit.packages().stream().map(this::ofPackage).toList());
    }

    private Map<String, Object> ofPackage(WitPackage each) {
        return object("name", each.name().toString())
                .with("docs", each.docs())
                .with(
                        "interfaces",
                        each.interfaces().stream()
                                .map(item -> ofInterface(item.id().toString(), item))
                                .toList())
                .with("worlds", each.worlds().stream().map(this::ofWorld).toList());
    }

    private Node ofInterface(String name, WitInterface item) {
        return annotated(object("name", name), item.annotations())
                .with("types", item.types().stream().map(this::ofTypeDef).toList())
                .with(
                        "functions",
                        item.functions().stream().map(this::ofFunction).toList());
    }

    private Map<String, Object> ofWorld(WitWorld world) {
        return annotated(object("name", world.id().toString()), world.annotations())
                .with("imports", world.imports().stream().map(this::ofItem).toList())
                .with("exports", world.exports().stream().map(this::ofItem).toList());
    }

    private Map<String, Object> ofItem(WorldItem item) {
        return switch (item) {
            case WitWorld.InterfaceItem named ->
                annotated(object("kind", "interface"), named.annotations())
                        .with("name", named.key())
                        .with("interface", named.id().toString());
            case WitWorld.InlineItem inline ->
                object("kind", "inline-interface")
                        .with("name", inline.label())
                        .with("body", ofInterface(inline.label(), inline.body()));
            case WitWorld.FunctionItem function ->
                object("kind", "function")
                        .with("name", function.key())
                        .with("function", ofFunction(function.function()));
            case WitWorld.TypeItem type ->
                object("kind", "type").with("name", type.key()).with("type", ofTypeDef(type.type()));
        };
    }

    private Map<String, Object> ofTypeDef(WitTypeDef def) {
        Node node = annotated(object("name", def.name()), def.annotations());
        return switch (def.kind()) {
            case WitTypeDef.Alias alias -> node.with("kind", "alias").with("type", ofType(alias.type()));
            case WitTypeDef.RecordOf body ->
                node.with("kind", "record")
                        .with(
                                "fields",
                                body.fields().stream()
                                        .map(field -> object("name", field.name())
                                                .with("docs", field.docs())
                                                .with("type", ofType(field.type())))
                                        .toList());
            case WitTypeDef.Variant body ->
                node.with("kind", "variant")
                        .with(
                                "cases",
                                body.cases().stream()
                                        .map(one -> object("name", one.name())
                                                .with("docs", one.docs())
                                                .with("type", one.type() == null ? null : ofType(one.type())))
                                        .toList());
            case WitTypeDef.EnumOf body -> node.with("kind", "enum").with("cases", labels(body.cases()));
            case WitTypeDef.Flags body -> node.with("kind", "flags").with("flags", labels(body.flags()));
            case WitTypeDef.Resource body -> node.with("kind", "resource");
        };
    }

    private List<Node> labels(List<WitTypeDef.Label> labels) {
        return labels.stream()
                .map(label -> object("name", label.name()).with("docs", label.docs()))
                .toList();
    }

    private Map<String, Object> ofFunction(WitFunction function) {
        WitType result = function.result();
        return annotated(object("name", function.item()), function.annotations())
                .with("kind", function.kind().name().toLowerCase(Locale.ROOT))
                .with(
                        "resource",
                        function.resource() == null
                                ? null
                                : Objects.requireNonNull(function.resource()).name())
                .with("async", function.async() ? Boolean.TRUE : null)
                .with(
                        "params",
                        function.params().stream()
                                .map(param -> object("name", param.name()).with("type", ofType(param.type())))
                                .toList())
                .with("result", result == null ? null : ofType(result));
    }

    private Object ofType(WitType type) {
        return switch (type) {
            case Primitive primitive -> primitive.keyword();
            case WitType.Named named -> object("ref", name(named.name()));
            case WitType.Own own -> object("own", name(own.resource()));
            case WitType.Borrow borrow -> object("borrow", name(borrow.resource()));
            case WitType.ListOf list -> object("list", ofType(list.element()));
            case WitType.FixedList list ->
                object("list", ofType(list.element())).with("length", list.length());
            case WitType.MapOf map ->
                object("map", object("key", ofType(map.key())).with("value", ofType(map.value())));
            case WitType.Tuple tuple ->
                object("tuple", tuple.types().stream().map(this::ofType).toList());
            case WitType.Option option -> object("option", ofType(option.some()));
            case WitType.Result result ->
                object(
                        "result",
                        new Node()
                                .with("ok", result.ok() == null ? null : ofType(result.ok()))
                                .with("err", result.err() == null ? null : ofType(result.err())));
            case WitType.Future future -> carrying("future", future.payload());
            case WitType.Stream stream -> carrying("stream", stream.payload());
        };
    }

    private Object carrying(String kind, @Nullable WitType payload) {
        return payload == null ? kind : object(kind, ofType(payload));
    }

    private Node name(TypeName name) {
        return object("owner", owners.computeIfAbsent(name.owner(), Owner::toString))
                .with("name", name.name());
    }

    private Node annotated(Node node, Annotations annotations) {
        node.with("docs", annotations.docs()).with("externalId", annotations.externalId());
        return switch (annotations.stability()) {
            case Stability.Unknown unknown -> node;
            case Stability.Stable stable ->
                node.with("since", text(stable.since())).with("deprecated", text(stable.deprecated()));
            case Stability.Unstable unstable ->
                node.with("unstable", unstable.feature()).with("deprecated", text(unstable.deprecated()));
        };
    }

    private static @Nullable String text(@Nullable SemanticVersion version) {
        return version == null ? null : version.toString();
    }

    private Node object(String name, Object value) {
        return new Node().with(name, value);
    }

    /** A JSON object that leaves out what has no value. */
    @SuppressWarnings("serial") // written as JSON only
    private final class Node extends LinkedHashMap<String, Object> {

        Node with(String name, @Nullable Object value) {
            if (value != null) {
                // Of what it holds besides texts something is counted, too, so that many small items end as well.
                left -= name.length() + PUNCTUATION + (value instanceof String text ? text.length() : 0);
                if (left < 0) {
                    throw new TooLongException();
                }
                put(name, value);
            }
            return this;
        }
    }
}

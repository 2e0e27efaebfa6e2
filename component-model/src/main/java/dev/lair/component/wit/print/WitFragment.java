package dev.lair.component.wit.print;

import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Single items as WIT text on one line, without documentation and gates: for lists and messages. */
public final class WitFragment {
    private WitFragment() {}

    /** A type as it stands at a use; {@code _} for none. */
    public static String type(@Nullable WitType type) {
        return type == null ? "_" : WitText.type(type);
    }

    /** {@code name: func(…) -> …}, for functions of resources with {@code resource.} in front. */
    public static String function(WitFunction function) {
        String owner = function.resource() == null
                ? ""
                : WitText.name(function.resource().name()) + '.';
        String keyword = function.async() ? "async func" : "func";
        String head =
                switch (function.kind()) {
                    case FREESTANDING, METHOD -> owner + WitText.name(function.item()) + ": " + keyword;
                    case STATIC -> owner + WitText.name(function.item()) + ": static " + keyword;
                    case CONSTRUCTOR -> owner + "constructor";
                };
        WitType result = function.result();
        return head
                + params(function)
                + (result == null || (function.kind() == WitFunction.Kind.CONSTRUCTOR && result instanceof WitType.Own)
                        ? ""
                        : " -> " + WitText.type(result));
    }

    private static String params(WitFunction function) {
        return function.params().stream()
                .skip(function.kind() == WitFunction.Kind.METHOD ? 1 : 0)
                .map(param -> WitText.name(param.name()) + ": " + WitText.type(param.type()))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /** A type's declaration: {@code record point { x: u32, y: u32 }}, {@code use a:b/i.{t}}. */
    public static String declaration(WitTypeDef def) {
        String name = WitText.name(def.name());
        TypeName used = def.used();
        if (used != null) {
            String from = WitText.name(used.name());
            return "use " + used.owner() + ".{" + (from.equals(name) ? name : from + " as " + name) + "}";
        }
        return switch (def.kind()) {
            case WitTypeDef.Alias alias -> "type " + name + " = " + WitText.type(alias.type());
            case WitTypeDef.RecordOf body ->
                "record " + name
                        + body(body.fields().stream()
                                .map(f -> WitText.name(f.name()) + ": " + WitText.type(f.type()))
                                .toList());
            case WitTypeDef.Variant body ->
                "variant " + name
                        + body(body.cases().stream()
                                .map(c -> WitText.name(c.name()) + (c.type() == null ? "" : '(' + type(c.type()) + ')'))
                                .toList());
            case WitTypeDef.EnumOf body -> "enum " + name + labels(body.cases());
            case WitTypeDef.Flags body -> "flags " + name + labels(body.flags());
            case WitTypeDef.Resource body -> "resource " + name;
        };
    }

    private static String labels(List<WitTypeDef.Label> labels) {
        return body(labels.stream().map(label -> WitText.name(label.name())).toList());
    }

    private static String body(List<String> parts) {
        return parts.stream().collect(Collectors.joining(", ", " { ", " }"));
    }
}

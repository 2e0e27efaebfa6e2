package dev.lair.component.wit.print;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Primitive;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.WitType;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Indented lines of WIT and the parts that stand within one: names, types, comments, attributes. */
final class WitText {
    /** Words that need a {@code %} to be names. */
    private static final Set<String> KEYWORDS = Set.of(
            "as",
            "async",
            "bool",
            "borrow",
            "char",
            "constructor",
            "enum",
            "error-context",
            "export",
            "f32",
            "f64",
            "flags",
            "from",
            "func",
            "future",
            "import",
            "include",
            "interface",
            "list",
            "map",
            "option",
            "own",
            "package",
            "record",
            "resource",
            "result",
            "s16",
            "s32",
            "s64",
            "s8",
            "static",
            "stream",
            "string",
            "tuple",
            "type",
            "u16",
            "u32",
            "u64",
            "u8",
            "use",
            "variant",
            "with",
            "world",
            "_");

    /** Letters that Unicode discourages, which the lexer refuses. */
    private static final Set<Integer> HIDDEN_LETTERS =
            Set.of(0x149, 0x673, 0xF77, 0xF79, 0x17A3, 0x17A4, 0x17B4, 0x17B5);

    private final StringBuilder out = new StringBuilder();
    private int indent;

    void line(String text) {
        out.append("  ".repeat(indent)).append(text).append('\n');
    }

    void blank() {
        out.append('\n');
    }

    void open(String text) {
        line(text + " {");
        indent++;
    }

    void close() {
        indent--;
        line("}");
    }

    void docs(@Nullable String docs) {
        if (docs != null) {
            // Without the guard an empty comment would vanish, and its empty text with it.
            if (docs.isEmpty()) {
                line("///");
            }
            docs.lines().forEach(each -> line(each.isEmpty() ? "///" : "/// " + shown(each)));
        }
    }

    /** Comments of foreign binaries may hold what WIT text may not; there is no escape for it in a comment. */
    private static String shown(String line) {
        StringBuilder out = new StringBuilder();
        line.codePoints().forEach(c -> out.appendCodePoint(hidden(c) ? 0xFFFD : c));
        return out.toString();
    }

    private static boolean hidden(int c) {
        return (Character.isISOControl(c) && c != '\t')
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069)
                || (c >= 0xD800 && c <= 0xDFFF)
                || HIDDEN_LETTERS.contains(c);
    }

    void docsAndGates(Annotations annotations) {
        docs(annotations.docs());
        gates(annotations);
    }

    void gates(Annotations annotations) {
        switch (annotations.stability()) {
            case Stability.Unknown none -> {}
            case Stability.Stable stable -> {
                line("@since(version = " + stable.since() + ")");
                deprecated(stable.deprecated());
            }
            case Stability.Unstable unstable -> {
                line("@unstable(feature = " + name(unstable.feature()) + ")");
                deprecated(unstable.deprecated());
            }
        }
        String id = annotations.externalId();
        if (id != null) {
            line("@external-id(" + quoted(id) + ")");
        }
    }

    private void deprecated(@Nullable SemanticVersion version) {
        if (version != null) {
            line("@deprecated(version = " + version + ")");
        }
    }

    /** A string literal, as wasm-tools writes it: few characters stand for themselves. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\t' -> quoted.append("\\t");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '"', '\\' -> quoted.append('\\').append((char) c);
                default -> {
                    if (c < 0x80 && (Character.isLetterOrDigit(c) || " -_./:".indexOf(c) >= 0)) {
                        quoted.append((char) c);
                    } else {
                        quoted.append(String.format(Locale.ROOT, "\\u{%x}", c));
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    static String name(String name) {
        return KEYWORDS.contains(name) ? "%" + name : name;
    }

    static String packageName(PackageName name) {
        SemanticVersion version = name.version();
        return name(name.namespace()) + ':' + name(name.name()) + (version == null ? "" : "@" + version);
    }

    /** An interface as a text of a package refers to it. */
    static String path(Owner.InterfaceId id, PackageName from) {
        PackageName in = id.packageName();
        if (in.equals(from)) {
            return name(id.name());
        }
        SemanticVersion version = in.version();
        return name(in.namespace())
                + ':'
                + name(in.name())
                + '/'
                + name(id.name())
                + (version == null ? "" : "@" + version);
    }

    static String type(WitType type) {
        return switch (type) {
            case Primitive primitive -> primitive.keyword();
            case WitType.Named named -> name(named.name().name());
            case WitType.Own own -> name(own.resource().name());
            case WitType.Borrow borrow -> "borrow<" + name(borrow.resource().name()) + '>';
            case WitType.ListOf list -> "list<" + type(list.element()) + '>';
            case WitType.FixedList list -> "list<" + type(list.element()) + ", " + list.length() + '>';
            case WitType.MapOf map -> "map<" + type(map.key()) + ", " + type(map.value()) + '>';
            case WitType.Tuple tuple ->
                "tuple<"
                        + String.join(
                                ", ", tuple.types().stream().map(WitText::type).toList()) + '>';
            case WitType.Option option -> "option<" + type(option.some()) + '>';
            case WitType.Result result -> result(result);
            case WitType.Future future -> "future" + payload(future.payload());
            case WitType.Stream stream -> "stream" + payload(stream.payload());
        };
    }

    private static String result(WitType.Result result) {
        WitType ok = result.ok();
        WitType err = result.err();
        if (ok == null && err == null) {
            return "result";
        }
        return "result<"
                + String.join(", ", List.of(ok == null ? "_" : type(ok), err == null ? "" : type(err)))
                        .replaceFirst(", $", "")
                + '>';
    }

    private static String payload(@Nullable WitType payload) {
        return payload == null ? "" : '<' + type(payload) + '>';
    }

    @Override
    public String toString() {
        return out.toString();
    }
}

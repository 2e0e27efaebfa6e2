package dev.lair.server.docs;

import dev.lair.registry.api.WitModel;
import dev.lair.server.docs.DocToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes one signature as WIT has it: tokens, with the places where types are defined. */
final class Signatures {

    /** Characters behind which parameters stand on lines of their own. */
    private static final int LINE = 88;

    private final List<DocToken> out = new ArrayList<>();

    private Signatures() {}

    static List<DocToken> function(WitModel.Function function) {
        List<DocToken> line = function(function, false);
        int characters = line.stream().mapToInt(token -> token.text().length()).sum();
        return characters <= LINE || function.params().size() < 2 ? line : function(function, true);
    }

    private static List<DocToken> function(WitModel.Function function, boolean isBroken) {
        Signatures to = new Signatures();
        boolean isConstructor = function.kind().equals("constructor");
        if (!isConstructor) {
            to.add(Kind.NAME, function.name());
            to.plain(": ");
        }
        if (function.kind().equals("static")) {
            to.keyword("static ");
        }
        if (function.async()) {
            to.keyword("async ");
        }
        to.keyword(isConstructor ? "constructor" : "func");
        to.plain("(");
        List<WitModel.Param> params = function.params().stream()
                .skip(function.kind().equals("method") ? 1 : 0)
                .toList();
        for (int i = 0; i < params.size(); i++) {
            to.plain(isBroken ? "\n  " : i == 0 ? "" : " ");
            to.add(Kind.NAME, params.get(i).name());
            to.plain(": ");
            to.type(params.get(i).type());
            to.plain(i + 1 < params.size() || isBroken ? "," : "");
        }
        to.plain(isBroken ? "\n)" : ")");
        WitModel.Type result = function.result();
        // A constructor's result goes without saying unless it may fail.
        if (result != null && !(isConstructor && result.kind().equals("own"))) {
            to.plain(" -> ");
            to.type(result);
        }
        to.plain(";");
        return to.out;
    }

    static List<DocToken> declared(WitModel.TypeDef type) {
        Signatures to = new Signatures();
        boolean isAlias = type.kind().equals("alias");
        to.keyword(isAlias ? "type " : type.kind() + " ");
        to.add(Kind.NAME, type.name());
        if (isAlias) {
            to.plain(" = ");
            to.type(Objects.requireNonNull(type.type()));
            to.plain(";");
        }
        return to.out;
    }

    /** {@code use ns:pkg/interface@version.{name as other};}. */
    static List<DocToken> used(WitModel.TypeDef type) {
        WitModel.Type from = Objects.requireNonNull(type.type());
        String owner = Objects.requireNonNull(from.owner());
        Signatures to = new Signatures();
        to.keyword("use ");
        to.out.add(new DocToken(Kind.REFERENCE, owner, DocTarget.ofItem(owner)));
        to.plain(".{");
        to.reference(from);
        if (!Objects.equals(from.name(), type.name())) {
            to.keyword(" as ");
            to.add(Kind.NAME, type.name());
        }
        to.plain("};");
        return to.out;
    }

    /** {@code import ns:pkg/interface@version;}, with the name that it has when that is another. */
    static List<DocToken> external(String direction, String name, String id) {
        Signatures to = new Signatures();
        to.keyword(direction + " ");
        if (!name.equals(id)) {
            to.add(Kind.NAME, name);
            to.plain(": ");
        }
        to.out.add(new DocToken(Kind.REFERENCE, id, DocTarget.ofItem(id)));
        to.plain(";");
        return to.out;
    }

    /** {@code import label: interface}. */
    static List<DocToken> inline(String direction, String label) {
        Signatures to = new Signatures();
        to.keyword(direction + " ");
        to.add(Kind.NAME, label);
        to.plain(": ");
        to.keyword("interface");
        return to.out;
    }

    /** {@code import name: func(…);}. */
    static List<DocToken> external(String direction, WitModel.Function function) {
        Signatures to = new Signatures();
        to.keyword(direction + " ");
        to.out.addAll(function(function));
        return to.out;
    }

    /** What stands behind the name of a field, {@code : type}, or of a case, {@code (type)}; nothing for one that carries none. */
    static List<DocToken> member(WitModel.@Nullable Type type, boolean isCase) {
        Signatures to = new Signatures();
        if (type != null) {
            to.plain(isCase ? "(" : ": ");
            to.type(type);
            to.plain(isCase ? ")" : "");
        }
        return to.out;
    }

    private void type(WitModel.Type type) {
        switch (type.kind()) {
            case "ref", "own" -> reference(type);
            case "borrow" -> {
                add(Kind.BUILT_IN, "borrow");
                plain("<");
                reference(type);
                plain(">");
            }
            case "list", "option", "future", "stream" -> {
                add(Kind.BUILT_IN, type.kind());
                if (type.element() != null) {
                    plain("<");
                    type(type.element());
                    plain(type.length() == null ? ">" : ", " + type.length() + ">");
                }
            }
            case "map" -> all("map", List.of(Objects.requireNonNull(type.key()), Objects.requireNonNull(type.value())));
            case "tuple" -> all("tuple", Objects.requireNonNullElse(type.types(), List.of()));
            case "result" -> result(type.ok(), type.err());
            default -> add(Kind.BUILT_IN, type.kind());
        }
    }

    private void all(String word, List<WitModel.Type> types) {
        add(Kind.BUILT_IN, word);
        plain("<");
        for (int i = 0; i < types.size(); i++) {
            plain(i == 0 ? "" : ", ");
            type(types.get(i));
        }
        plain(">");
    }

    private void result(WitModel.@Nullable Type ok, WitModel.@Nullable Type err) {
        add(Kind.BUILT_IN, "result");
        if (ok == null && err == null) {
            return;
        }
        plain("<");
        if (ok == null) {
            plain("_");
        } else {
            type(ok);
        }
        if (err != null) {
            plain(", ");
            type(err);
        }
        plain(">");
    }

    private void reference(WitModel.Type type) {
        String name = Objects.requireNonNull(type.name());
        String owner = type.owner();
        out.add(new DocToken(Kind.REFERENCE, name, owner == null ? null : DocTarget.ofType(owner, name)));
    }

    private void keyword(String text) {
        add(Kind.KEYWORD, text);
    }

    private void plain(String text) {
        if (!text.isEmpty()) {
            add(Kind.PLAIN, text);
        }
    }

    private void add(Kind kind, String text) {
        out.add(DocToken.of(kind, text));
    }
}

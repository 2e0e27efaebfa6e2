package dev.lair.component.wit.syntax;

import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitSource;
import dev.lair.component.wit.syntax.WitTree.Docs;
import dev.lair.component.wit.syntax.WitTree.ExternDecl;
import dev.lair.component.wit.syntax.WitTree.ExternKind;
import dev.lair.component.wit.syntax.WitTree.FunctionDecl;
import dev.lair.component.wit.syntax.WitTree.Gate;
import dev.lair.component.wit.syntax.WitTree.Ident;
import dev.lair.component.wit.syntax.WitTree.IncludeDecl;
import dev.lair.component.wit.syntax.WitTree.InterfaceItem;
import dev.lair.component.wit.syntax.WitTree.Item;
import dev.lair.component.wit.syntax.WitTree.PackageDecl;
import dev.lair.component.wit.syntax.WitTree.Renamed;
import dev.lair.component.wit.syntax.WitTree.UseDecl;
import dev.lair.component.wit.syntax.WitTree.UsePath;
import dev.lair.component.wit.syntax.WitTree.WorldItem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of WIT.md, by recursive descent: items and worlds here, types in {@link TypeGrammar}, names, versions,
 * comments and attributes in {@link Tokens}. Work is linear in the text; nesting is bounded by {@link WitLimits}.
 */
public final class WitParser {
    private final Tokens tokens;
    private final TypeGrammar types;

    private WitParser(WitSource source) throws WitSyntaxException {
        this.tokens = new Tokens(source);
        this.types = new TypeGrammar(tokens);
    }

    /**
     * Reads one text.
     *
     * @throws WitSyntaxException when it is not WIT; nothing else is thrown, whatever the text
     */
    public static WitTree.File parse(WitSource source) throws WitSyntaxException {
        if (source.text().length() > WitLimits.SOURCE_CHARS) {
            throw new WitSyntaxException(
                    "a WIT text has at most " + WitLimits.SOURCE_CHARS + " characters", Place.of(source, 0, 0));
        }
        return new WitParser(source).file();
    }

    private WitTree.File file() throws WitSyntaxException {
        List<Item> items = new ArrayList<>();
        PackageDecl decl = null;
        Docs docs = tokens.docs();
        if (tokens.at(TokenKind.PACKAGE)) {
            Place keyword = tokens.expect(TokenKind.PACKAGE);
            PackageDecl found = tokens.packageDecl(docs);
            if (tokens.at(TokenKind.LEFT_BRACE)) {
                items.add(nested(found, keyword, 1));
            } else {
                tokens.expect(TokenKind.SEMICOLON);
                decl = found;
            }
            docs = tokens.docs();
        }
        while (!tokens.at(TokenKind.END)) {
            items.add(item(docs, 0));
            docs = tokens.docs();
        }
        return new WitTree.File(decl, List.copyOf(items));
    }

    private Item nested(PackageDecl decl, Place keyword, int depth) throws WitSyntaxException {
        if (depth > WitLimits.PACKAGE_DEPTH) {
            throw new WitSyntaxException("package nesting too deep", keyword);
        }
        tokens.expect(TokenKind.LEFT_BRACE);
        List<Item> items = new ArrayList<>();
        Docs docs = tokens.docs();
        while (!tokens.eat(TokenKind.RIGHT_BRACE)) {
            items.add(item(docs, depth));
            docs = tokens.docs();
        }
        return new Item.NestedPackage(decl, List.copyOf(items));
    }

    private Item item(Docs docs, int depth) throws WitSyntaxException {
        List<Gate> gates = tokens.gates();
        if (tokens.at(TokenKind.PACKAGE)) {
            Place keyword = tokens.expect(TokenKind.PACKAGE);
            if (!gates.isEmpty()) {
                throw new WitSyntaxException(
                        "cannot place attributes on a nested package",
                        gates.getFirst().place());
            }
            return nested(tokens.packageDecl(docs), keyword, depth + 1);
        }
        if (tokens.eat(TokenKind.INTERFACE)) {
            Ident id = tokens.id();
            return new Item.Interface(docs, gates, id, interfaceItems());
        }
        if (tokens.eat(TokenKind.WORLD)) {
            Ident id = tokens.id();
            return new Item.World(docs, gates, id, worldItems());
        }
        if (tokens.eat(TokenKind.USE)) {
            UsePath path = tokens.usePath();
            Ident as = tokens.eat(TokenKind.AS) ? tokens.id() : null;
            tokens.expect(TokenKind.SEMICOLON);
            return new Item.Use(gates, path, as);
        }
        throw tokens.expected("`world`, `interface` or `use`");
    }

    private List<InterfaceItem> interfaceItems() throws WitSyntaxException {
        tokens.expect(TokenKind.LEFT_BRACE);
        List<InterfaceItem> items = new ArrayList<>();
        Docs docs = tokens.docs();
        while (!tokens.eat(TokenKind.RIGHT_BRACE)) {
            List<Gate> gates = tokens.gates();
            if (tokens.at(TokenKind.ID) || tokens.at(TokenKind.EXPLICIT_ID)) {
                items.add(function(docs, gates));
            } else if (tokens.eat(TokenKind.USE)) {
                items.add(use(gates));
            } else if (types.atTypeDecl()) {
                items.add(types.typeDecl(docs, gates));
            } else {
                throw tokens.expected("`type`, `resource` or `func`");
            }
            docs = tokens.docs();
        }
        return List.copyOf(items);
    }

    private FunctionDecl function(Docs docs, List<Gate> gates) throws WitSyntaxException {
        Ident id = tokens.id();
        tokens.expect(TokenKind.COLON);
        WitTree.Function function = types.function();
        tokens.expect(TokenKind.SEMICOLON);
        return new FunctionDecl(docs, gates, id, function);
    }

    private UseDecl use(List<Gate> gates) throws WitSyntaxException {
        UsePath from = tokens.usePath();
        tokens.expect(TokenKind.PERIOD);
        List<Renamed> names = tokens.list(TokenKind.LEFT_BRACE, TokenKind.RIGHT_BRACE, docs -> {
            Ident name = tokens.id();
            return new Renamed(name, tokens.eat(TokenKind.AS) ? tokens.id() : null);
        });
        tokens.expect(TokenKind.SEMICOLON);
        return new UseDecl(gates, from, names);
    }

    private List<WorldItem> worldItems() throws WitSyntaxException {
        tokens.expect(TokenKind.LEFT_BRACE);
        List<WorldItem> items = new ArrayList<>();
        Docs docs = tokens.docs();
        while (!tokens.eat(TokenKind.RIGHT_BRACE)) {
            List<Gate> gates = tokens.gates();
            if (tokens.eat(TokenKind.IMPORT)) {
                items.add(new ExternDecl(false, docs, gates, extern()));
            } else if (tokens.eat(TokenKind.EXPORT)) {
                items.add(new ExternDecl(true, docs, gates, extern()));
            } else if (tokens.eat(TokenKind.USE)) {
                items.add(use(gates));
            } else if (tokens.eat(TokenKind.INCLUDE)) {
                items.add(include(gates));
            } else if (types.atTypeDecl()) {
                items.add(types.typeDecl(docs, gates));
            } else {
                throw tokens.expected("`import`, `export`, `include`, `use`, or type definition");
            }
            docs = tokens.docs();
        }
        return List.copyOf(items);
    }

    private IncludeDecl include(List<Gate> gates) throws WitSyntaxException {
        UsePath from = tokens.usePath();
        List<Renamed> names = List.of();
        if (tokens.eat(TokenKind.WITH)) {
            names = tokens.list(TokenKind.LEFT_BRACE, TokenKind.RIGHT_BRACE, docs -> {
                Ident name = tokens.id();
                tokens.expect(TokenKind.AS);
                return new Renamed(name, tokens.id());
            });
            // The closing brace ends the item; printed WIT writes no semicolon, but one does no harm.
            tokens.eat(TokenKind.SEMICOLON);
        } else {
            tokens.expect(TokenKind.SEMICOLON);
        }
        return new IncludeDecl(gates, from, names);
    }

    /**
     * What follows {@code import} or {@code export}. {@code a:b} without a space reads as the start of a package path,
     * {@code a: b} as a label and a name (WIT.md, "Item: world").
     */
    private ExternKind extern() throws WitSyntaxException {
        int start = tokens.position();
        Ident first = tokens.id();
        if (!tokens.at(TokenKind.COLON)) {
            return path(start);
        }
        tokens.expect(TokenKind.COLON);
        if (tokens.at(TokenKind.FUNC) || tokens.at(TokenKind.ASYNC)) {
            WitTree.Function function = types.function();
            tokens.expect(TokenKind.SEMICOLON);
            return new ExternKind.Func(first, function);
        }
        if (tokens.eat(TokenKind.INTERFACE)) {
            return new ExternKind.Inline(first, interfaceItems());
        }
        ExternKind labelled = labelled(first, tokens.position());
        return labelled == null ? path(start) : labelled;
    }

    private ExternKind.Path path(int start) throws WitSyntaxException {
        tokens.moveTo(start);
        ExternKind.Path path = new ExternKind.Path(tokens.usePath());
        tokens.expect(TokenKind.SEMICOLON);
        return path;
    }

    private ExternKind.@Nullable Labelled labelled(Ident label, int afterColon) throws WitSyntaxException {
        Ident second = tokens.id();
        if (tokens.at(TokenKind.SLASH)) {
            return null;
        }
        if (tokens.at(TokenKind.SEMICOLON) && second.place().offset() == afterColon) {
            throw new WitSyntaxException(
                    "expected '/', found ';': a package cannot be imported or exported; write `" + label.name() + ": "
                            + second.name() + "` to name an interface of this package",
                    second.place());
        }
        tokens.moveTo(afterColon);
        UsePath path = tokens.usePath();
        tokens.expect(TokenKind.SEMICOLON);
        return new ExternKind.Labelled(label, path);
    }
}

package dev.lair.component.wit.syntax;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitSource;
import dev.lair.component.wit.syntax.Lexer.Token;
import dev.lair.component.wit.syntax.WitTree.Docs;
import dev.lair.component.wit.syntax.WitTree.Gate;
import dev.lair.component.wit.syntax.WitTree.Ident;
import dev.lair.component.wit.syntax.WitTree.PackageDecl;
import dev.lair.component.wit.syntax.WitTree.PackageRef;
import dev.lair.component.wit.syntax.WitTree.UsePath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parts of the grammar that all items share: names, versions, paths, lists, comments and attributes. */
final class Tokens {
    /** Reads one element of a list; its comments are already taken. */
    @FunctionalInterface
    interface Element<T> {
        T read(Docs docs) throws WitSyntaxException;
    }

    private final Lexer lexer;

    Tokens(WitSource source) throws WitSyntaxException {
        this.lexer = new Lexer(source);
    }

    int position() {
        return lexer.position();
    }

    void moveTo(int position) {
        lexer.moveTo(position);
    }

    Token next() throws WitSyntaxException {
        return lexer.next();
    }

    Place place(Token token) {
        return lexer.place(token);
    }

    String text(Token token) {
        return lexer.text(token);
    }

    boolean at(TokenKind kind) throws WitSyntaxException {
        return lexer.peek().kind() == kind;
    }

    boolean eat(TokenKind kind) throws WitSyntaxException {
        boolean there = at(kind);
        if (there) {
            lexer.next();
        }
        return there;
    }

    Place expect(TokenKind kind) throws WitSyntaxException {
        if (!at(kind)) {
            throw expected(kind.description());
        }
        return lexer.place(lexer.next());
    }

    /** The error that the next token is not what the grammar asks for. */
    WitSyntaxException expected(String what) throws WitSyntaxException {
        Token found = lexer.peek();
        return new WitSyntaxException(
                "expected " + what + ", found " + found.kind().description(), lexer.place(found));
    }

    Ident id() throws WitSyntaxException {
        Token token = lexer.peek();
        if (token.kind() != TokenKind.ID && token.kind() != TokenKind.EXPLICIT_ID) {
            throw expected("an identifier or string");
        }
        lexer.next();
        String text = lexer.text(token);
        String name = token.kind() == TokenKind.ID ? text : text.substring(1);
        Place place = lexer.place(token);
        checkKebab(name, place);
        return new Ident(name, place);
    }

    /** The grammar of an identifier: words in one case each, separated by single hyphens, the first one a letter's. */
    private static void checkKebab(String name, Place place) throws WitSyntaxException {
        if (name.isEmpty()) {
            throw new WitSyntaxException("identifiers must have characters between '-'s", place);
        }
        boolean first = true;
        for (String word : name.split("-", -1)) {
            if (word.isEmpty()) {
                throw new WitSyntaxException("identifiers must have characters between '-'s: `" + name + "`", place);
            }
            boolean upper = false;
            boolean lower = false;
            for (int i = 0; i < word.length(); i++) {
                char c = word.charAt(i);
                boolean digit = c >= '0' && c <= '9';
                upper |= c >= 'A' && c <= 'Z';
                lower |= c >= 'a' && c <= 'z';
                if ((!digit && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) || (digit && first && i == 0)) {
                    throw new WitSyntaxException(
                            "invalid character in identifier " + Lexer.shownAs(name.codePointAt(name.indexOf(c)))
                                    + ": `" + name + "`",
                            place);
                }
            }
            if (upper && lower) {
                throw new WitSyntaxException(
                        "invalid identifier `" + name + "`: each word is all lowercase or all uppercase", place);
            }
            first = false;
        }
    }

    PackageDecl packageDecl(Docs docs) throws WitSyntaxException {
        int start = lexer.peek().start();
        Ident namespace = id();
        expect(TokenKind.COLON);
        Ident name = id();
        SemanticVersion version = optionalVersion();
        return new PackageDecl(
                docs, lexer.place(start, lexer.position()), new PackageName(namespace.name(), name.name(), version));
    }

    UsePath usePath() throws WitSyntaxException {
        int start = lexer.peek().start();
        Ident first = id();
        if (!eat(TokenKind.COLON)) {
            return new UsePath(null, first);
        }
        Ident packageId = id();
        Place place = lexer.place(start, lexer.position());
        expect(TokenKind.SLASH);
        Ident item = id();
        SemanticVersion version = optionalVersion();
        return new UsePath(new PackageRef(place, new PackageName(first.name(), packageId.name(), version)), item);
    }

    private @Nullable SemanticVersion optionalVersion() throws WitSyntaxException {
        return eat(TokenKind.AT) ? version() : null;
    }

    private SemanticVersion version() throws WitSyntaxException {
        Token token = lexer.version();
        try {
            return SemanticVersion.parse(lexer.text(token));
        } catch (IllegalArgumentException notAVersion) {
            throw new WitSyntaxException(
                    "invalid version " + lexer.text(token) + ": " + notAVersion.getMessage(), lexer.place(token));
        }
    }

    long integer(String what) throws WitSyntaxException {
        if (!at(TokenKind.INTEGER)) {
            throw expected(what);
        }
        Token token = lexer.next();
        try {
            return Long.parseLong(lexer.text(token));
        } catch (NumberFormatException tooLarge) {
            throw new WitSyntaxException("the number " + lexer.text(token) + " is too large", lexer.place(token));
        }
    }

    /** Elements between two tokens, separated by commas; one more comma may end the list. */
    <T> List<T> list(TokenKind open, TokenKind close, Element<T> element) throws WitSyntaxException {
        expect(open);
        List<T> items = new ArrayList<>();
        while (true) {
            Docs docs = docs();
            if (eat(close)) {
                return List.copyOf(items);
            }
            items.add(element.read(docs));
            if (!eat(TokenKind.COMMA)) {
                expect(close);
                return List.copyOf(items);
            }
        }
    }

    /**
     * The comments before the next token. Comments of every form count, {@code //} too, as other WIT tools have it.
     * Each loses its marks and as many leading spaces as all of them have; inner lines of a block stay as they are.
     */
    Docs docs() throws WitSyntaxException {
        List<Token> comments = lexer.comments();
        if (comments.isEmpty()) {
            return new Docs(null, lexer.place(lexer.position(), lexer.position()));
        }
        List<String> bodies =
                comments.stream().map(comment -> body(lexer.text(comment))).toList();
        int margin = bodies.stream()
                .filter(body -> !body.isBlank())
                .mapToInt(Tokens::leadingSpaces)
                .min()
                .orElse(0);
        String text = bodies.stream()
                .map(body -> body.isBlank() ? "" : body.substring(margin).stripTrailing())
                .collect(Collectors.joining("\n"));
        Place place =
                lexer.place(comments.getFirst().start(), comments.getLast().end());
        return new Docs(
                text.lines()
                        .map(String::stripTrailing)
                        .collect(Collectors.joining("\n"))
                        .stripTrailing(),
                place);
    }

    private static String body(String comment) {
        if (comment.startsWith("//")) {
            int marks = 0;
            while (marks < comment.length() && comment.charAt(marks) == '/') {
                marks++;
            }
            return comment.substring(marks);
        }
        int open = comment.startsWith("/**") && comment.length() > 4 ? 3 : 2;
        return comment.substring(open, comment.length() - 2);
    }

    private static int leadingSpaces(String body) {
        int spaces = 0;
        while (spaces < body.length() && body.charAt(spaces) == ' ') {
            spaces++;
        }
        return spaces;
    }

    List<Gate> gates() throws WitSyntaxException {
        List<Gate> gates = new ArrayList<>();
        while (eat(TokenKind.AT)) {
            Ident id = id();
            expect(TokenKind.LEFT_PAREN);
            gates.add(
                    switch (id.name()) {
                        case "since" -> new Gate.Since(id.place(), versionField());
                        case "deprecated" -> new Gate.DeprecatedIn(id.place(), versionField());
                        case "unstable" -> new Gate.Unstable(id.place(), featureField());
                        case "external-id" -> new Gate.ExternalId(id.place(), string());
                        default -> throw new WitSyntaxException("unknown attribute `" + id.name() + "`", id.place());
                    });
            expect(TokenKind.RIGHT_PAREN);
        }
        return List.copyOf(gates);
    }

    private SemanticVersion versionField() throws WitSyntaxException {
        field("version");
        return version();
    }

    private String featureField() throws WitSyntaxException {
        field("feature");
        return id().name();
    }

    private void field(String name) throws WitSyntaxException {
        Ident id = id();
        if (!id.name().equals(name)) {
            throw new WitSyntaxException("expected `" + name + "`, found `" + id.name() + "`", id.place());
        }
        expect(TokenKind.EQUALS);
    }

    private String string() throws WitSyntaxException {
        if (!at(TokenKind.STRING_LITERAL)) {
            throw expected("a string");
        }
        Token token = lexer.next();
        return StringLiteral.value(lexer.text(token), lexer.place(token));
    }
}

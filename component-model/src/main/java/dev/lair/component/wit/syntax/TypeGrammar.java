package dev.lair.component.wit.syntax;

import dev.lair.component.wit.Place;
import dev.lair.component.wit.Primitive;
import dev.lair.component.wit.syntax.Lexer.Token;
import dev.lair.component.wit.syntax.WitTree.Case;
import dev.lair.component.wit.syntax.WitTree.Docs;
import dev.lair.component.wit.syntax.WitTree.Field;
import dev.lair.component.wit.syntax.WitTree.Function;
import dev.lair.component.wit.syntax.WitTree.FunctionDecl;
import dev.lair.component.wit.syntax.WitTree.Gate;
import dev.lair.component.wit.syntax.WitTree.Ident;
import dev.lair.component.wit.syntax.WitTree.Label;
import dev.lair.component.wit.syntax.WitTree.Param;
import dev.lair.component.wit.syntax.WitTree.ResourceFunction;
import dev.lair.component.wit.syntax.WitTree.ResourceFunctionKind;
import dev.lair.component.wit.syntax.WitTree.TypeBody;
import dev.lair.component.wit.syntax.WitTree.TypeDecl;
import dev.lair.component.wit.syntax.WitTree.TypeExpr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Types and functions of the grammar. */
final class TypeGrammar {
    private final Tokens tokens;

    TypeGrammar(Tokens tokens) {
        this.tokens = tokens;
    }

    boolean atTypeDecl() throws WitSyntaxException {
        return tokens.at(TokenKind.TYPE)
                || tokens.at(TokenKind.RECORD)
                || tokens.at(TokenKind.VARIANT)
                || tokens.at(TokenKind.ENUM)
                || tokens.at(TokenKind.FLAGS)
                || tokens.at(TokenKind.RESOURCE);
    }

    TypeDecl typeDecl(Docs docs, List<Gate> gates) throws WitSyntaxException {
        TokenKind keyword = tokens.next().kind();
        Ident id = tokens.id();
        TypeBody body =
                switch (keyword) {
                    case RECORD -> new TypeBody.RecordOf(members(this::field));
                    case VARIANT -> new TypeBody.Variant(members(this::variantCase));
                    case ENUM -> new TypeBody.EnumOf(members(d -> new Label(d, tokens.id())));
                    case FLAGS -> new TypeBody.Flags(members(d -> new Label(d, tokens.id())));
                    case RESOURCE -> new TypeBody.Resource(resourceFunctions());
                    default -> {
                        tokens.expect(TokenKind.EQUALS);
                        TypeExpr type = type();
                        tokens.expect(TokenKind.SEMICOLON);
                        yield new TypeBody.Alias(type);
                    }
                };
        return new TypeDecl(docs, gates, id, body);
    }

    private <T> List<T> members(Tokens.Element<T> element) throws WitSyntaxException {
        return tokens.list(TokenKind.LEFT_BRACE, TokenKind.RIGHT_BRACE, element);
    }

    private Field field(Docs docs) throws WitSyntaxException {
        Ident id = tokens.id();
        tokens.expect(TokenKind.COLON);
        return new Field(docs, id, type());
    }

    private Case variantCase(Docs docs) throws WitSyntaxException {
        Ident id = tokens.id();
        if (!tokens.eat(TokenKind.LEFT_PAREN)) {
            return new Case(docs, id, null);
        }
        TypeExpr type = type();
        tokens.expect(TokenKind.RIGHT_PAREN);
        return new Case(docs, id, type);
    }

    private List<ResourceFunction> resourceFunctions() throws WitSyntaxException {
        List<ResourceFunction> functions = new ArrayList<>();
        if (!tokens.eat(TokenKind.LEFT_BRACE)) {
            tokens.expect(TokenKind.SEMICOLON);
            return List.of();
        }
        Docs docs = tokens.docs();
        while (!tokens.eat(TokenKind.RIGHT_BRACE)) {
            functions.add(resourceFunction(docs, tokens.gates()));
            docs = tokens.docs();
        }
        return List.copyOf(functions);
    }

    private ResourceFunction resourceFunction(Docs docs, List<Gate> gates) throws WitSyntaxException {
        if (tokens.at(TokenKind.CONSTRUCTOR)) {
            Ident id = new Ident("constructor", tokens.expect(TokenKind.CONSTRUCTOR));
            List<Param> params = params();
            TypeExpr result = tokens.eat(TokenKind.ARROW) ? type() : null;
            tokens.expect(TokenKind.SEMICOLON);
            Function function = new Function(false, params, result);
            return new ResourceFunction(ResourceFunctionKind.CONSTRUCTOR, new FunctionDecl(docs, gates, id, function));
        }
        if (!tokens.at(TokenKind.ID) && !tokens.at(TokenKind.EXPLICIT_ID)) {
            throw tokens.expected("`constructor` or identifier");
        }
        Ident id = tokens.id();
        tokens.expect(TokenKind.COLON);
        ResourceFunctionKind kind =
                tokens.eat(TokenKind.STATIC) ? ResourceFunctionKind.STATIC : ResourceFunctionKind.METHOD;
        Function function = function();
        tokens.expect(TokenKind.SEMICOLON);
        return new ResourceFunction(kind, new FunctionDecl(docs, gates, id, function));
    }

    Function function() throws WitSyntaxException {
        boolean async = tokens.eat(TokenKind.ASYNC);
        tokens.expect(TokenKind.FUNC);
        List<Param> params = params();
        return new Function(async, params, tokens.eat(TokenKind.ARROW) ? type() : null);
    }

    private List<Param> params() throws WitSyntaxException {
        return tokens.list(TokenKind.LEFT_PAREN, TokenKind.RIGHT_PAREN, docs -> {
            Ident id = tokens.id();
            tokens.expect(TokenKind.COLON);
            return new Param(id, type());
        });
    }

    TypeExpr type() throws WitSyntaxException {
        return type(1);
    }

    private TypeExpr type(int depth) throws WitSyntaxException {
        int start = tokens.position();
        Token token = tokens.next();
        Place place = tokens.place(token);
        if (depth > WitLimits.TYPE_DEPTH) {
            throw new WitSyntaxException("type nesting too deep", place);
        }
        return switch (token.kind()) {
            case BOOL, S8, U8, S16, U16, S32, U32, S64, U64, F32, F64, CHAR, STRING, ERROR_CONTEXT ->
                new TypeExpr.Plain(place, Primitive.valueOf(token.kind().name()));
            case LIST -> list(place, depth);
            case MAP -> map(place, depth);
            case TUPLE ->
                new TypeExpr.Tuple(
                        place, tokens.list(TokenKind.LESS_THAN, TokenKind.GREATER_THAN, d -> type(depth + 1)));
            case OPTION -> {
                tokens.expect(TokenKind.LESS_THAN);
                TypeExpr some = type(depth + 1);
                tokens.expect(TokenKind.GREATER_THAN);
                yield new TypeExpr.Option(place, some);
            }
            case RESULT -> result(place, depth);
            case FUTURE -> new TypeExpr.Future(place, payload(depth));
            case STREAM -> new TypeExpr.Stream(place, payload(depth));
            case OWN -> new TypeExpr.Own(place, handled());
            case BORROW -> new TypeExpr.Borrow(place, handled());
            case ID, EXPLICIT_ID -> {
                tokens.moveTo(start);
                yield new TypeExpr.Named(tokens.id());
            }
            default -> {
                tokens.moveTo(start);
                throw tokens.expected("a type");
            }
        };
    }

    private TypeExpr list(Place place, int depth) throws WitSyntaxException {
        tokens.expect(TokenKind.LESS_THAN);
        TypeExpr element = type(depth + 1);
        if (tokens.eat(TokenKind.COMMA)) {
            long size = tokens.integer("fixed-length");
            tokens.expect(TokenKind.GREATER_THAN);
            if (size < 1 || size > 0xFFFF_FFFFL) {
                throw new WitSyntaxException("the length of a list is between 1 and 4294967295: " + size, place);
            }
            return new TypeExpr.FixedList(place, element, size);
        }
        tokens.expect(TokenKind.GREATER_THAN);
        return new TypeExpr.ListOf(place, element);
    }

    private TypeExpr map(Place place, int depth) throws WitSyntaxException {
        tokens.expect(TokenKind.LESS_THAN);
        TypeExpr key = type(depth + 1);
        tokens.expect(TokenKind.COMMA);
        TypeExpr value = type(depth + 1);
        tokens.expect(TokenKind.GREATER_THAN);
        return new TypeExpr.MapOf(place, key, value);
    }

    private TypeExpr result(Place place, int depth) throws WitSyntaxException {
        TypeExpr ok = null;
        TypeExpr err = null;
        if (tokens.eat(TokenKind.LESS_THAN)) {
            if (tokens.eat(TokenKind.UNDERSCORE)) {
                tokens.expect(TokenKind.COMMA);
                err = type(depth + 1);
            } else {
                ok = type(depth + 1);
                err = tokens.eat(TokenKind.COMMA) ? type(depth + 1) : null;
            }
            tokens.expect(TokenKind.GREATER_THAN);
        }
        return new TypeExpr.Result(place, ok, err);
    }

    private @Nullable TypeExpr payload(int depth) throws WitSyntaxException {
        if (!tokens.eat(TokenKind.LESS_THAN)) {
            return null;
        }
        TypeExpr payload = type(depth + 1);
        tokens.expect(TokenKind.GREATER_THAN);
        return payload;
    }

    private Ident handled() throws WitSyntaxException {
        tokens.expect(TokenKind.LESS_THAN);
        Ident resource = tokens.id();
        tokens.expect(TokenKind.GREATER_THAN);
        return resource;
    }
}

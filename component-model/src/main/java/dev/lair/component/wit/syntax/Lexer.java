package dev.lair.component.wit.syntax;

import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Tokens of one text (WIT.md, "Lexical structure"). A lexer is a position: {@link #next} moves it, {@link #peek} does
 * not. Whitespace and comments lie between tokens; {@link #comments} takes those before the next one.
 */
final class Lexer {
    /** A token and its chars {@code [start, end)}. */
    record Token(TokenKind kind, int start, int end) {}

    private final WitSource source;
    private final String text;
    private int at;

    Lexer(WitSource source) throws WitSyntaxException {
        this.source = source;
        this.text = source.text();
        refuseHiddenCharacters();
        this.at = text.startsWith("\uFEFF") ? 1 : 0;
    }

    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    Place place(int start, int end) {
        return Place.of(source, start, end);
    }

    Place place(Token token) {
        return place(token.start(), token.end());
    }

    String text(Token token) {
        return text.substring(token.start(), token.end());
    }

    Token next() throws WitSyntaxException {
        skipBlank(new ArrayList<>());
        Token token = token();
        at = token.end();
        return token;
    }

    Token peek() throws WitSyntaxException {
        int before = at;
        Token token = next();
        at = before;
        return token;
    }

    /** Takes the comments before the next token, each with its marks. */
    List<Token> comments() throws WitSyntaxException {
        List<Token> comments = new ArrayList<>();
        skipBlank(comments);
        return comments;
    }

    /** A version as it stands after {@code @} or {@code version =}: the longest text of that shape. */
    Token version() throws WitSyntaxException {
        skipBlank(new ArrayList<>());
        int start = at;
        for (int part = 0; part < 3; part++) {
            if (part > 0) {
                if (charAt(at) != '.') {
                    throw unexpected("'.'");
                }
                at++;
            }
            int digits = at;
            while (isDigit(charAt(at))) {
                at++;
            }
            if (at == digits) {
                throw unexpected("an integer");
            }
        }
        if (charAt(at) == '-') {
            at++;
            identifiers();
        }
        if (charAt(at) == '+') {
            at++;
            identifiers();
        }
        return new Token(TokenKind.INTEGER, start, at);
    }

    /** Dot-separated identifiers; a dot that no identifier follows belongs to what comes next: `@1.0.0-rc.{`. */
    private void identifiers() throws WitSyntaxException {
        while (true) {
            int start = at;
            while (isVersionCharacter(charAt(at))) {
                at++;
            }
            if (at == start) {
                throw unexpected("an id or integer");
            }
            if (charAt(at) != '.' || !isVersionCharacter(charAt(at + 1))) {
                return;
            }
            at++;
        }
    }

    private WitSyntaxException unexpected(String expected) throws WitSyntaxException {
        Token found = next();
        return new WitSyntaxException(
                "expected " + expected + ", found " + found.kind().description(), place(found));
    }

    private Token token() throws WitSyntaxException {
        int start = at;
        char c = charAt(at);
        return switch (c) {
            case '\0' -> new Token(TokenKind.END, start, start);
            case '=' -> one(TokenKind.EQUALS);
            case ',' -> one(TokenKind.COMMA);
            case ':' -> one(TokenKind.COLON);
            case ';' -> one(TokenKind.SEMICOLON);
            case '(' -> one(TokenKind.LEFT_PAREN);
            case ')' -> one(TokenKind.RIGHT_PAREN);
            case '{' -> one(TokenKind.LEFT_BRACE);
            case '}' -> one(TokenKind.RIGHT_BRACE);
            case '<' -> one(TokenKind.LESS_THAN);
            case '>' -> one(TokenKind.GREATER_THAN);
            case '*' -> one(TokenKind.STAR);
            case '@' -> one(TokenKind.AT);
            case '/' -> one(TokenKind.SLASH);
            case '+' -> one(TokenKind.PLUS);
            case '.' -> one(TokenKind.PERIOD);
            case '-' -> charAt(at + 1) == '>' ? new Token(TokenKind.ARROW, start, start + 2) : one(TokenKind.MINUS);
            case '"' -> new Token(TokenKind.STRING_LITERAL, start, StringLiteral.end(source, start));
            case '%' -> new Token(TokenKind.EXPLICIT_ID, start, wordEnd(start + 1));
            default -> word(start, c);
        };
    }

    private Token one(TokenKind kind) {
        return new Token(kind, at, at + 1);
    }

    private Token word(int start, char c) throws WitSyntaxException {
        if (isDigit(c)) {
            int end = start;
            while (isDigit(charAt(end))) {
                end++;
            }
            return new Token(TokenKind.INTEGER, start, end);
        }
        if (c == '_' && !isWordCharacter(charAt(start + 1))) {
            return one(TokenKind.UNDERSCORE);
        }
        if (!isWordCharacter(c)) {
            int shown = text.codePointAt(start);
            throw new WitSyntaxException(
                    "unexpected character " + shownAs(shown), place(start, start + Character.charCount(shown)));
        }
        int end = wordEnd(start);
        return new Token(TokenKind.ofWord(text.substring(start, end)), start, end);
    }

    private int wordEnd(int from) {
        int end = from;
        while (isWordCharacter(charAt(end)) || isDigit(charAt(end)) || (charAt(end) == '-' && charAt(end + 1) != '>')) {
            end++;
        }
        return end;
    }

    private void skipBlank(List<Token> comments) throws WitSyntaxException {
        while (true) {
            char c = charAt(at);
            if (c == ' ' || c == '\t' || c == '\n' || (c == '\r' && charAt(at + 1) == '\n')) {
                at++;
            } else if (c == '/' && charAt(at + 1) == '/') {
                int end = text.indexOf('\n', at);
                int stop = end < 0 ? text.length() : end;
                comments.add(new Token(TokenKind.END, at, stop));
                at = stop;
            } else if (c == '/' && charAt(at + 1) == '*') {
                int stop = blockEnd(at);
                comments.add(new Token(TokenKind.END, at, stop));
                at = stop;
            } else {
                return;
            }
        }
    }

    private int blockEnd(int start) throws WitSyntaxException {
        int depth = 0;
        for (int i = start; i + 1 < text.length(); i++) {
            if (text.charAt(i) == '/' && text.charAt(i + 1) == '*') {
                depth++;
                i++;
            } else if (text.charAt(i) == '*' && text.charAt(i + 1) == '/') {
                depth--;
                i++;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        throw new WitSyntaxException("unterminated block comment", place(start, start + 1));
    }

    /** The char at an index; NUL, which no text holds (see below), past the end. */
    private char charAt(int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    /**
     * Characters that make a text look other than it reads: controls (a carriage return without line feed too),
     * bidirectional overrides, and letters that Unicode discourages.
     */
    private void refuseHiddenCharacters() throws WitSyntaxException {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean lineEnd = c == '\n' || (c == '\r' && charAt(i + 1) == '\n');
            boolean control = Character.isISOControl(c) && !lineEnd && c != '\t';
            boolean bidirectional = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
            boolean discouraged = c == 0x149
                    || c == 0x673
                    || c == 0xF77
                    || c == 0xF79
                    || c == 0x17A3
                    || c == 0x17A4
                    || c == 0x17B4
                    || c == 0x17B5;
            boolean half = c >= 0xD800 && c <= 0xDFFF;
            if (control || bidirectional || discouraged || half) {
                String kind = control ? "control code " : bidirectional ? "bidirectional override " : "code point ";
                throw new WitSyntaxException(
                        kind + shownAs(c) + " is not allowed in WIT", place(i, i + Character.charCount(c)));
            }
            i += Character.charCount(c);
        }
    }

    static String shownAs(int codePoint) {
        return codePoint > 0x20 && codePoint < 0x7F ? "'" + (char) codePoint + "'" : String.format("U+%04X", codePoint);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || Character.isUnicodeIdentifierStart(c);
    }

    private static boolean isVersionCharacter(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    }
}

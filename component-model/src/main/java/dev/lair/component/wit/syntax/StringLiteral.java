package dev.lair.component.wit.syntax;

import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitSource;

/** String literals: double-quoted, with the escapes of a core WebAssembly text {@code name}. */
final class StringLiteral {
    private StringLiteral() {}

    /** The end of the literal that starts at a quote. */
    static int end(WitSource source, int start) throws WitSyntaxException {
        String text = source.text();
        for (int i = start + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\n' || c == '\r') {
                break;
            }
            if (c == '\\') {
                i++;
            }
        }
        throw new WitSyntaxException("unterminated string literal", Place.of(source, start, start + 1));
    }

    /** The text that a literal, quotes included, stands for. */
    static String value(String literal, Place place) throws WitSyntaxException {
        StringBuilder out = new StringBuilder();
        int end = literal.length() - 1;
        int i = 1;
        while (i < end) {
            char c = literal.charAt(i++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escape = literal.charAt(i++);
            switch (escape) {
                case 't' -> out.append('\t');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case '"', '\'', '\\' -> out.append(escape);
                case 'u' -> {
                    int close = literal.indexOf('}', i);
                    if (literal.charAt(i) != '{' || close < 0 || close - i > 8) {
                        throw new WitSyntaxException("invalid escape in a string: expected \\u{…}", place);
                    }
                    out.appendCodePoint(scalar(literal.substring(i + 1, close), place));
                    i = close + 1;
                }
                default ->
                    throw new WitSyntaxException(
                            "invalid escape in a string: \\" + escape + " (known: t n r \" ' \\ u)", place);
            }
        }
        return out.toString();
    }

    private static int scalar(String hex, Place place) throws WitSyntaxException {
        int value = -1;
        if (hex.chars().allMatch(c -> Character.digit(c, 16) >= 0) && !hex.isEmpty()) {
            value = Integer.parseInt(hex, 16);
        }
        if (value < 0 || value > Character.MAX_CODE_POINT || (value >= 0xD800 && value <= 0xDFFF)) {
            throw new WitSyntaxException("invalid escape in a string: " + hex + " is no Unicode scalar value", place);
        }
        return value;
    }
}

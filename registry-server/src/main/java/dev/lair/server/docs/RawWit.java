package dev.lair.server.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * WIT text with its words told apart, a page of lines at a time. Reads any text: what is no WIT is shown as it is.
 */
public final class RawWit {

    private static final Set<String> KEYWORDS = Set.of(
            "as",
            "async",
            "constructor",
            "enum",
            "export",
            "flags",
            "from",
            "func",
            "import",
            "include",
            "interface",
            "package",
            "record",
            "resource",
            "static",
            "type",
            "use",
            "variant",
            "with",
            "world");

    private static final Set<String> BUILT_IN = Set.of(
            "bool",
            "borrow",
            "char",
            "error-context",
            "f32",
            "f64",
            "future",
            "list",
            "map",
            "option",
            "own",
            "result",
            "s16",
            "s32",
            "s64",
            "s8",
            "stream",
            "string",
            "tuple",
            "u16",
            "u32",
            "u64",
            "u8");

    private final List<DocToken> tokens = new ArrayList<>();
    private final String text;
    private int at;

    private RawWit(String text) {
        this.text = text;
    }

    /**
     * One page.
     *
     * @param firstLine from 1
     * @param tokens whose texts behind each other are the text of the page
     */
    public record Page(int number, int count, int firstLine, int lineCount, List<DocToken> tokens) {
        public Page {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * A page of a text.
     *
     * @param number from 1; beyond the last one the last is given
     */
    public static Page page(String text, int number) {
        List<int[]> pages = pages(text);
        int shown = Math.max(1, Math.min(number, pages.size()));
        int[] range = pages.get(shown - 1);
        String part = text.substring(range[0], range[1]);
        return new Page(shown, pages.size(), range[2], (int) part.lines().count(), tokens(part));
    }

    /** Start, end and first line of each page. */
    private static List<int[]> pages(String text) {
        List<int[]> pages = new ArrayList<>();
        int start = 0;
        int line = 1;
        int firstLine = 1;
        int position = 0;
        while (position < text.length()) {
            int end = text.indexOf('\n', position);
            int next = end < 0 ? text.length() : end + 1;
            boolean isFull = line - firstLine == DocsLimits.RAW_LINES_A_PAGE
                    || (next - start > DocsLimits.RAW_CHARACTERS_A_PAGE && position > start);
            if (isFull) {
                pages.add(new int[] {start, position, firstLine});
                start = position;
                firstLine = line;
            }
            line++;
            position = next;
        }
        pages.add(new int[] {start, text.length(), firstLine});
        return pages;
    }

    /** The words of a text; neighbours of one kind are one token. */
    static List<DocToken> tokens(String text) {
        RawWit reader = new RawWit(text);
        while (reader.at < text.length()) {
            reader.next();
        }
        return reader.tokens;
    }

    private void next() {
        char c = text.charAt(at);
        if (text.startsWith("//", at)) {
            add(DocToken.Kind.COMMENT, end(text.indexOf('\n', at)));
        } else if (text.startsWith("/*", at)) {
            int close = text.indexOf("*/", at + 2);
            add(DocToken.Kind.COMMENT, close < 0 ? text.length() : close + 2);
        } else if (c == '"') {
            int close = at + 1;
            while (close < text.length() && text.charAt(close) != '"' && text.charAt(close) != '\n') {
                close += text.charAt(close) == '\\' ? 2 : 1;
            }
            add(DocToken.Kind.STRING, Math.min(text.length(), close + 1));
        } else if (c == '@' && at + 1 < text.length() && Character.isLetter(text.charAt(at + 1))) {
            add(DocToken.Kind.ATTRIBUTE, wordEnd(at + 1));
        } else if (isWord(c) || c == '%') {
            int end = wordEnd(at + 1);
            String word = text.substring(at, end);
            add(
                    KEYWORDS.contains(word)
                            ? DocToken.Kind.KEYWORD
                            : BUILT_IN.contains(word) ? DocToken.Kind.BUILT_IN : DocToken.Kind.PLAIN,
                    end);
        } else {
            add(DocToken.Kind.PLAIN, at + 1);
        }
    }

    private int end(int newline) {
        return newline < 0 ? text.length() : newline;
    }

    private int wordEnd(int from) {
        int end = from;
        while (end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private void add(DocToken.Kind kind, int end) {
        String part = text.substring(at, end);
        DocToken last = tokens.isEmpty() ? null : tokens.getLast();
        if (last != null && last.kind() == kind && kind == DocToken.Kind.PLAIN) {
            tokens.set(tokens.size() - 1, DocToken.of(kind, last.text() + part));
        } else {
            tokens.add(DocToken.of(kind, part));
        }
        at = end;
    }
}

package dev.lair.component.wit;

import org.jspecify.annotations.Nullable;

/**
 * Where something stands in a WIT text. A place never says what the thing is: all places are equal to each other, so
 * that models compare by meaning whether they come from text, from other text, or from a binary.
 */
public final class Place {
    /** The place of what has no text: items decoded from a binary. */
    public static final Place NONE = new Place(null, 0, 0);

    private final @Nullable WitSource source;
    private final int offset;
    private final int length;

    private Place(@Nullable WitSource source, int offset, int length) {
        this.source = source;
        this.offset = offset;
        this.length = length;
    }

    /** The chars {@code [start, end)} of a text. */
    public static Place of(WitSource source, int start, int end) {
        return new Place(source, start, Math.max(end - start, 0));
    }

    /** Whether there is a text to point at. */
    public boolean isKnown() {
        return source != null;
    }

    /** The name of the text; empty when there is none. */
    public String file() {
        return source == null ? "" : source.name();
    }

    /** Offset in chars from the start of the text. */
    public int offset() {
        return offset;
    }

    /** Line from 1; 0 when there is no text. */
    public int line() {
        return source == null ? 0 : source.line(offset);
    }

    /** Column in code points from 1; 0 when there is no text. */
    public int column() {
        return source == null ? 0 : source.column(offset);
    }

    /**
     * A message with this place, the source line and a caret under it, as compilers print them; the message alone when
     * there is no text.
     */
    public String render(String message) {
        if (source == null) {
            return message;
        }
        int line = line();
        int column = column();
        String text = source.lineText(line);
        int columns = text.codePointCount(0, text.length());
        int dashes = Math.max(0, Math.min(length, columns - column + 1) - 1);
        return message + '\n' + "     --> " + source.name() + ':' + line + ':' + column + '\n' + "      |\n"
                + String.format("%5d | %s%n", line, text).replace("\r\n", "\n")
                + "      | " + " ".repeat(column - 1) + '^' + "-".repeat(dashes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Place;
    }

    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return source == null ? "(no place)" : file() + ':' + line() + ':' + column();
    }
}

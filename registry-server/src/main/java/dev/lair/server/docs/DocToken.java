package dev.lair.server.docs;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a signature; all pieces behind each other are its text.
 *
 * @param target where the name is defined, for a reference
 */
public record DocToken(Kind kind, String text, @Nullable DocTarget target) {

    /** What a piece is. */
    public enum Kind {
        KEYWORD("k"),
        /** The name that is declared, and names of parameters. */
        NAME("n"),
        /** A type that somebody declared. */
        REFERENCE("t"),
        /** A type that WIT has by itself. */
        BUILT_IN("p"),
        ATTRIBUTE("a"),
        COMMENT("c"),
        STRING("s"),
        /** Punctuation and white space. */
        PLAIN("");

        private final String style;

        Kind(String style) {
            this.style = style;
        }

        /** A short name for style sheets; empty for what is not set apart. */
        public String style() {
            return style;
        }
    }

    static DocToken of(Kind kind, String text) {
        return new DocToken(kind, text, null);
    }
}

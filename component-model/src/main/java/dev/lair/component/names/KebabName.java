package dev.lair.component.names;

import java.util.Locale;

/**
 * A label: words (lower case) and acronyms (upper case), joined by hyphens; only the first must begin with a letter
 * (Explainer.md, {@code label}). Two labels that differ only in case are equal, as the rules of name uniqueness ask.
 */
public final class KebabName {
    private final String text;

    private KebabName(String text) {
        this.text = text;
    }

    /**
     * Reads a label.
     *
     * @throws InvalidNameException when the text is none
     */
    public static KebabName parse(String text) throws InvalidNameException {
        if (!isKebab(text)) {
            throw new InvalidNameException("`" + text + "` is not in kebab case");
        }
        return new KebabName(text);
    }

    /** Whether the text is a label. */
    public static boolean isKebab(String text) {
        boolean start = true;
        boolean lower = false;
        boolean upper = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '-') {
                if (start) {
                    return false;
                }
                start = true;
                lower = false;
                upper = false;
                continue;
            }
            boolean digit = c >= '0' && c <= '9';
            lower |= c >= 'a' && c <= 'z';
            upper |= c >= 'A' && c <= 'Z';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if ((lower && upper) || (!digit && !letter) || (digit && i == 0)) {
                return false;
            }
            start = false;
        }
        return !start;
    }

    /** Whether the text is a label of words only, as names of namespaces and packages are. */
    public static boolean isLowerKebab(String text) {
        return isKebab(text) && text.equals(text.toLowerCase(Locale.ROOT));
    }

    /** The text in lower case: equal for equal labels. */
    public String folded() {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KebabName name && name.folded().equals(folded());
    }

    @Override
    public int hashCode() {
        return folded().hashCode();
    }

    /** The label as written. */
    @Override
    public String toString() {
        return text;
    }
}

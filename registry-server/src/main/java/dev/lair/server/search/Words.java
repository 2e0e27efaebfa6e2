package dev.lair.server.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How text falls into words, the same for what is indexed, asked and marked. A word is a run of letters and digits in lower
 * case. Runs that hyphens join are a word each, and all together one more, so that {@code incoming-handler} is found by
 * {@code handler} and as a whole. Ideographs stand alone.
 */
final class Words {

    private static final int SHORTEST_STEM = 4;

    private Words() {}

    /**
     * A word in its text.
     *
     * @param text in lower case
     * @param start first character
     * @param end behind the last
     * @param isWhole whether it is several runs, joined by hyphens
     */
    record Word(String text, int start, int end, boolean isWhole) {}

    /** Single runs in order; each name with hyphens before its own runs. */
    static List<Word> of(String text) {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int code = text.codePointAt(at);
            if (!Character.isLetterOrDigit(code)) {
                at += Character.charCount(code);
            } else if (standsAlone(code)) {
                int end = at + Character.charCount(code);
                words.add(word(text, at, end, false));
                at = end;
            } else {
                at = name(text, at, words);
            }
        }
        return words;
    }

    /** Reads runs that hyphens join; answers the place behind them. */
    private static int name(String text, int start, List<Word> words) {
        int first = words.size();
        int at = start;
        int runs = 0;
        while (true) {
            int end = endOfRun(text, at);
            words.add(word(text, at, end, false));
            runs++;
            boolean goesOn = end + 1 < text.length()
                    && text.charAt(end) == '-'
                    && Character.isLetterOrDigit(text.codePointAt(end + 1))
                    && !standsAlone(text.codePointAt(end + 1));
            if (!goesOn) {
                if (runs > 1) {
                    words.add(first, word(text, start, end, true));
                }
                return end;
            }
            at = end + 1;
        }
    }

    private static int endOfRun(String text, int start) {
        int at = start;
        while (at < text.length()) {
            int code = text.codePointAt(at);
            if (!Character.isLetterOrDigit(code) || standsAlone(code)) {
                break;
            }
            at += Character.charCount(code);
        }
        return at;
    }

    private static Word word(String text, int start, int end, boolean isWhole) {
        return new Word(text.substring(start, end).toLowerCase(Locale.ROOT), start, end, isWhole);
    }

    private static boolean standsAlone(int code) {
        if (Character.isIdeographic(code)) {
            return true;
        }
        Character.UnicodeScript script =
                code < 0x3000 ? Character.UnicodeScript.COMMON : Character.UnicodeScript.of(code);
        return script == Character.UnicodeScript.HIRAGANA || script == Character.UnicodeScript.KATAKANA;
    }

    /** The single runs of a text. */
    static List<String> runs(String text) {
        return of(text).stream().filter(word -> !word.isWhole()).map(Word::text).toList();
    }

    /** A word of prose without the ending of a plural, so that {@code components} finds {@code component}. */
    static String stem(String word) {
        if (word.length() < SHORTEST_STEM || !word.endsWith("s") || word.endsWith("ss") || word.endsWith("us")) {
            return word;
        }
        if (word.endsWith("ies") && word.length() > SHORTEST_STEM) {
            return word.substring(0, word.length() - 3) + "y";
        }
        if (word.endsWith("is")) {
            return word;
        }
        if (word.endsWith("xes") || word.endsWith("ches") || word.endsWith("shes") || word.endsWith("sses")) {
            return word.substring(0, word.length() - 2);
        }
        return word.substring(0, word.length() - 1);
    }
}

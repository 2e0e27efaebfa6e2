package dev.lair.server.web;

import java.util.Locale;

/** Numbers and times as people read them. */
final class Words {

    private Words() {}

    /** {@code 12.3 kB}, by thousands; empty text for a negative number, which stands for what is not known. */
    static String size(long bytes) {
        if (bytes < 0) {
            return "unknown";
        }
        if (bytes < 1_000) {
            return bytes + " bytes";
        }
        double left = bytes;
        String unit = "";
        for (String next : new String[] {"kB", "MB", "GB"}) {
            if (left < 1_000) {
                break;
            }
            left /= 1_000;
            unit = next;
        }
        return String.format(Locale.ROOT, left < 100 ? "%.1f %s" : "%.0f %s", left, unit);
    }

    /** A number with thousands set apart, and a word for one or many. */
    static String count(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }

    /** The first characters of a digest or key id, behind its algorithm. */
    static String shortened(String digest) {
        int colon = digest.indexOf(':');
        int end = Math.min(digest.length(), colon + 1 + 12);
        return digest.substring(colon + 1, end);
    }
}

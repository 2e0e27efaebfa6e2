package dev.lair.server.trustedpublishing;

/**
 * Comparing names of forges without regard to case: letters of ASCII alone, in every language. {@code equalsIgnoreCase} and
 * {@code toLowerCase} would take the Kelvin sign for a k, and the long s for an s.
 */
final class AsciiCase {

    private AsciiCase() {}

    /** With the letters A to Z made small. */
    static String folded(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            folded.append(letter >= 'A' && letter <= 'Z' ? (char) (letter + ('a' - 'A')) : letter);
        }
        return folded.toString();
    }

    static boolean same(String one, String other) {
        return folded(one).equals(folded(other));
    }
}

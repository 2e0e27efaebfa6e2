package dev.lair.server.trustedpublishing;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which refs may publish: {@code refs/tags/v*}, {@code refs/heads/main}, {@code protected}, or both as
 * {@code protected refs/tags/v*}. {@code *} stands for anything but a slash, {@code **} for anything; all else is compared
 * letter by letter. {@code protected} demands that rules of the forge guard the ref.
 *
 * @param onlyProtected whether the ref must be guarded
 * @param glob which refs, or null for all
 */
record RefPattern(boolean onlyProtected, @Nullable String glob) {

    private static final String PROTECTED = "protected";

    /** What git allows in refs, and stars, which it does not. */
    private static final Pattern GLOB = Pattern.compile("refs/(heads|tags)/[^\\x00-\\x20\\x7f~^:?\\[\\\\]+");

    static final RefPattern ONLY_PROTECTED = new RefPattern(true, null);

    /** Empty when the text is no pattern. */
    static Optional<RefPattern> parse(String text) {
        if (text.equals(PROTECTED)) {
            return Optional.of(ONLY_PROTECTED);
        }
        boolean guarded = text.startsWith(PROTECTED + " ");
        String glob = guarded ? text.substring(PROTECTED.length() + 1) : text;
        return GLOB.matcher(glob).matches() ? Optional.of(new RefPattern(guarded, glob)) : Optional.empty();
    }

    boolean allows(String ref, boolean refProtected) {
        return (!onlyProtected || refProtected) && (glob == null || matches(glob, ref));
    }

    /**
     * {@code possible[i]} says whether the pattern so far can stand for the first i characters: as many steps as both
     * lengths multiplied, whatever a stranger's ref and an owner's stars are.
     */
    private static boolean matches(String glob, String ref) {
        boolean[] possible = new boolean[ref.length() + 1];
        possible[0] = true;
        for (int at = 0; at < glob.length(); at++) {
            boolean star = glob.charAt(at) == '*';
            boolean any = star && at + 1 < glob.length() && glob.charAt(at + 1) == '*';
            at += any ? 1 : 0;
            boolean[] next = new boolean[possible.length];
            next[0] = star && possible[0];
            for (int i = 1; i < next.length; i++) {
                char letter = ref.charAt(i - 1);
                next[i] = star
                        ? possible[i] || (next[i - 1] && (any || letter != '/'))
                        : possible[i - 1] && letter == glob.charAt(at);
            }
            possible = next;
        }
        return possible[ref.length()];
    }

    @Override
    public String toString() {
        return glob == null ? PROTECTED : (onlyProtected ? PROTECTED + " " : "") + glob;
    }
}

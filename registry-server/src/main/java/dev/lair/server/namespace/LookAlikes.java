package dev.lair.server.namespace;

import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names that people take for one another: the same once separators are dropped, letters and digits that look alike are one
 * ({@code 0o}, {@code 1li}, {@code 5s}, {@code rn} and {@code m}, {@code vv} and {@code w}) and doubled ones are single; or, from
 * four characters on, one slip of the finger apart: a character more, less or other, or two exchanged.
 */
final class LookAlikes {

    /** Of shorter names nearly all are one slip apart. */
    private static final int SLIPS_FROM = 4;

    private LookAlikes() {}

    /** The first of {@code taken} that {@code name} could be taken for; not the name itself. */
    static Optional<String> of(String name, Collection<String> taken) {
        String bare = skeleton(name);
        return taken.stream()
                .filter(other -> !other.equals(name))
                .filter(other -> skeleton(other).equals(bare) || isOneSlip(name, other))
                .sorted()
                .findFirst();
    }

    private static String skeleton(String name) {
        String folded = name.replace("-", "").replace("rn", "m").replace("vv", "w");
        StringBuilder bare = new StringBuilder();
        @Nullable Character last = null;
        for (int i = 0; i < folded.length(); i++) {
            char c =
                    switch (folded.charAt(i)) {
                        case '0' -> 'o';
                        case '1', 'i' -> 'l';
                        case '5' -> 's';
                        default -> folded.charAt(i);
                    };
            if (last == null || last != c) {
                bare.append(c);
            }
            last = c;
        }
        return bare.toString();
    }

    private static boolean isOneSlip(String one, String other) {
        String longer = one.length() >= other.length() ? one : other;
        String shorter = one.length() >= other.length() ? other : one;
        if (shorter.length() < SLIPS_FROM || longer.length() - shorter.length() > 1) {
            return false;
        }
        int same = 0;
        while (same < shorter.length() && shorter.charAt(same) == longer.charAt(same)) {
            same++;
        }
        if (longer.length() > shorter.length()) {
            return longer.substring(same + 1).equals(shorter.substring(same));
        }
        if (same == shorter.length()) {
            return false;
        }
        boolean replaced = longer.substring(same + 1).equals(shorter.substring(same + 1));
        boolean exchanged = same + 1 < shorter.length()
                && longer.charAt(same) == shorter.charAt(same + 1)
                && longer.charAt(same + 1) == shorter.charAt(same)
                && longer.substring(same + 2).equals(shorter.substring(same + 2));
        return replaced || exchanged;
    }
}

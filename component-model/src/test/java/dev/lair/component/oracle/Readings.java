package dev.lair.component.oracle;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why the two verdicts may differ: the readings of docs/CONFORMANCE.md, each by what the side that refuses says. */
final class Readings {
    /** What we refuse and the oracle does not. */
    private static final Map<String, Pattern> OURS = new LinkedHashMap<>();

    /** What the oracle refuses and we do not. */
    private static final Map<String, Pattern> THEIRS = new LinkedHashMap<>();

    static {
        OURS.put("sections longer than the binary", Pattern.compile("^invalid: unexpected end-of-file"));
        THEIRS.put("start functions", Pattern.compile("component cannot have more than one start function"));
        OURS.put("bodies of core functions", Pattern.compile("^invalid core module"));
    }

    private Readings() {}

    /** The reading by which these verdicts differ, or null if there is none. */
    static @Nullable String of(String ours, String theirs) {
        if (ours.startsWith("not checked")) {
            return "not checked";
        }
        Map<String, Pattern> readings = ours.startsWith("invalid") ? OURS : THEIRS;
        String refusal = ours.startsWith("invalid") ? ours : theirs;
        return readings.entrySet().stream()
                .filter(reading -> reading.getValue().matcher(refusal).find())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }
}

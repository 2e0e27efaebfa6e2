package dev.lair.server.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How every setting is called: as a key, {@code lair.s3.access-key-file}, and as an environment variable. */
public final class SettingNames {

    private static final String PREFIX = "LAIR_";

    /**
     * Variables of other programs of this project, which a server may find in its environment, and those that are no settings:
     * what is secret has no key, so that it cannot be given on a command line.
     */
    private static final Pattern NOT_OURS = Pattern.compile(
            "LAIR_(HOME|REGISTRY|TOKEN|ID_TOKEN|CA_FILE|BUILT|FAST|ORACLE|MASTER_KEY|NEW_MASTER_KEY|(TEST|E2E|BENCH)_.*)");

    /** A list is also given element by element: {@code LAIR_NAMESPACES_0}, {@code LAIR_…_ISSUERS_0_URL}. */
    private static final Pattern ELEMENT = Pattern.compile("_[0-9]+(?=$|_)");

    /** A key that is further from every setting than this is no slip of the finger. */
    private static final int MEANT_WITHIN = 4;

    private SettingNames() {}

    /** The key of every setting. */
    static Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        collect("lair", LairSettings.class, keys);
        return keys;
    }

    private static void collect(String prefix, Class<?> settings, Set<String> keys) {
        for (RecordComponent component : settings.getRecordComponents()) {
            String key = prefix
                    + "."
                    + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                collect(key, component.getType(), keys);
            } else {
                keys.add(key);
            }
        }
    }

    /** The keys of what stands in lists, without the number of the element. */
    private static Set<String> elementKeys() {
        Set<String> keys = new TreeSet<>();
        collectElements("lair", LairSettings.class, keys);
        return keys;
    }

    private static void collectElements(String prefix, Class<?> settings, Set<String> keys) {
        for (RecordComponent component : settings.getRecordComponents()) {
            String key = prefix + "." + component.getName();
            if (component.getType().isRecord()) {
                collectElements(key, component.getType(), keys);
            } else if (component.getGenericType() instanceof ParameterizedType list
                    && list.getActualTypeArguments()[0] instanceof Class<?> element
                    && element.isRecord()) {
                collect(key, element, keys);
            }
        }
    }

    /**
     * Those of these variables that look like settings and are none, in order. They are told and not refused: an
     * orchestrator makes variables out of the names of its services.
     */
    public static List<String> unknownVariables(Collection<String> variables) {
        Set<String> known = Stream.concat(keys().stream(), elementKeys().stream())
                .map(SettingNames::bare)
                .collect(Collectors.toSet());
        List<String> unknown = new ArrayList<>();
        for (String variable : new TreeSet<>(variables)) {
            if (variable.startsWith(PREFIX)
                    && !NOT_OURS.matcher(variable).matches()
                    && !known.contains(bare(ELEMENT.matcher(variable).replaceFirst("")))) {
                unknown.add(variable);
            }
        }
        return unknown;
    }

    /** The setting that somebody may have meant who wrote this key; empty when none is near. */
    public static Optional<String> nearest(String key) {
        return keys().stream()
                .filter(known -> distance(known, key) <= MEANT_WITHIN)
                .min(Comparator.comparingInt(known -> distance(known, key)));
    }

    /** Letters to insert, drop or change to make one of the other (Levenshtein), row by row. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }

    /** Letters and digits alone: a variable may or may not have a line for every dash of its key. */
    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}

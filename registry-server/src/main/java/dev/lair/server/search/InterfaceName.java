package dev.lair.server.search;

import dev.lair.component.names.SemanticVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of an interface or world as binaries have it: {@code ns:pkg/item@1.2.3}, or a plain name without a package.
 *
 * @param packageName {@code ns:pkg}; empty for a plain name
 * @param item the interface, world or plain name
 * @param version empty without one
 * @param track of the version; {@code -} without one
 */
record InterfaceName(String packageName, String item, String version, String track) {

    private static final String NO_TRACK = "-";

    /** Reads what an import or export is called; a name of another form is a plain one. */
    static InterfaceName of(String name) {
        String text = name.toLowerCase(Locale.ROOT);
        int slash = text.indexOf('/');
        int colon = text.indexOf(':');
        if (colon <= 0 || slash < colon) {
            return new InterfaceName("", text, "", NO_TRACK);
        }
        int at = text.indexOf('@', slash);
        String item = at < 0 ? text.substring(slash + 1) : text.substring(slash + 1, at);
        String version = at < 0 ? "" : text.substring(at + 1);
        Optional<SemanticVersion> parsed = SemanticVersion.tryParse(version);
        return new InterfaceName(
                text.substring(0, slash),
                item,
                version,
                version.isEmpty()
                        ? NO_TRACK
                        : parsed.map(SemanticVersion::track).orElse(version));
    }

    /** Each way in which a filter may name it. */
    List<String> terms() {
        List<String> terms = new ArrayList<>();
        terms.add(item);
        if (!packageName.isEmpty()) {
            terms.add(packageName);
            terms.add(packageName + "@" + track);
            terms.add(packageName + "/" + item);
            terms.add(byTrack());
            if (!version.isEmpty() && !version.equals(track)) {
                terms.add(packageName + "@" + version);
                terms.add(packageName + "/" + item + "@" + version);
            }
        }
        return terms;
    }

    /** {@code ns:pkg/item@track}, or the plain name. */
    String byTrack() {
        return packageName.isEmpty() ? item : packageName + "/" + item + "@" + track;
    }

    /** Without the version. */
    String path() {
        return packageName.isEmpty() ? item : packageName + "/" + item;
    }
}

package dev.lair.server.docs;

import org.jspecify.annotations.Nullable;

/**
 * What stands around an item.
 *
 * @param docs the comment, Markdown of a stranger
 * @param since version of {@code @since}
 * @param unstable feature of {@code @unstable}
 * @param deprecated version of {@code @deprecated}
 */
public record DocNotes(
        @Nullable String docs,
        @Nullable String since,
        @Nullable String unstable,
        @Nullable String deprecated) {

    static final DocNotes NONE = new DocNotes(null, null, null, null);

    int length() {
        return docs == null ? 0 : docs.length();
    }
}

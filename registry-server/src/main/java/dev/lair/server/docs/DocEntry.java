package dev.lair.server.docs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing on the page of an item: a type, a function, an import or export.
 *
 * @param line its place and name
 * @param signature as WIT says it, without fields and cases
 * @param parts fields, cases or flags
 */
public record DocEntry(DocLine line, DocNotes notes, List<DocToken> signature, List<DocPart> parts) {

    public DocEntry {
        signature = List.copyOf(signature);
        parts = List.copyOf(parts);
    }

    /**
     * A field, case or flag.
     *
     * @param anchor in the page
     * @param type with the mark before it; empty for what carries none
     */
    public record DocPart(
            String anchor, String name, @Nullable String docs, List<DocToken> type) {
        public DocPart {
            type = List.copyOf(type);
        }
    }

    /**
     * Where an entry stands.
     *
     * @param group heading that it stands under
     * @param kind in one word, as {@code record}
     * @param anchor in the page; not repeated in an item
     * @param name as people call it
     * @param level 1, or 2 for the functions of a resource
     */
    public record DocLine(String group, String kind, String anchor, String name, int level) {}
}

package dev.lair.server.docs;

import dev.lair.server.docs.DocEntry.DocLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * An interface or a world, in pages of entries: an interface of thousands of functions is read a page at a time. Entries are
 * written when their page is asked for.
 */
public final class DocItem {

    /** What an item is. */
    public enum Kind {
        INTERFACE,
        WORLD;

        /** The keyword. */
        public String word() {
            return this == INTERFACE ? "interface" : "world";
        }
    }

    /** An entry that is not written yet, and about how many characters it will take. */
    record Slot(DocLine line, int characters, Supplier<DocEntry> entry) {}

    private final Kind kind;
    private final String name;
    private final String qualifiedName;
    private final DocNotes notes;
    private final List<List<Slot>> pages;
    private final Map<String, Integer> pageOfAnchor = new HashMap<>();
    private final int entryCount;

    DocItem(Kind kind, String name, String qualifiedName, DocNotes notes, List<Slot> slots) {
        this.kind = kind;
        this.name = name;
        this.qualifiedName = qualifiedName;
        this.notes = notes;
        this.entryCount = slots.size();
        this.pages = paged(slots);
        for (int page = 0; page < pages.size(); page++) {
            for (Slot slot : pages.get(page)) {
                pageOfAnchor.putIfAbsent(slot.line().anchor(), page + 1);
            }
        }
    }

    private static List<List<Slot>> paged(List<Slot> slots) {
        List<List<Slot>> pages = new ArrayList<>();
        List<Slot> page = new ArrayList<>();
        int characters = 0;
        for (Slot slot : slots) {
            boolean isFull = page.size() == DocsLimits.ENTRIES_A_PAGE
                    || (!page.isEmpty() && characters + slot.characters() > DocsLimits.CHARACTERS_A_PAGE);
            if (isFull) {
                pages.add(page);
                page = new ArrayList<>();
                characters = 0;
            }
            page.add(slot);
            characters += slot.characters();
        }
        pages.add(page);
        return pages;
    }

    public Kind kind() {
        return kind;
    }

    /** Inside of its package. */
    public String name() {
        return name;
    }

    /** {@code ns:pkg/name@version}. */
    public String qualifiedName() {
        return qualifiedName;
    }

    public DocNotes notes() {
        return notes;
    }

    /** On all pages. */
    public int entryCount() {
        return entryCount;
    }

    /** At least 1. */
    public int pageCount() {
        return pages.size();
    }

    /** The page, from 1, that has an anchor; 1 for an anchor that none has. */
    public int pageOf(String anchor) {
        return pageOfAnchor.getOrDefault(anchor, 1);
    }

    /**
     * The entries of a page.
     *
     * @param page from 1 to {@link #pageCount}
     */
    public List<DocEntry> page(int page) {
        return pages.get(page - 1).stream().map(slot -> slot.entry().get()).toList();
    }

    /** Name of the first entry of a page, and of the last: an index of pages. */
    public List<PageRange> ranges() {
        List<PageRange> ranges = new ArrayList<>();
        for (int page = 0; page < pages.size(); page++) {
            List<Slot> slots = pages.get(page);
            if (!slots.isEmpty()) {
                ranges.add(new PageRange(
                        page + 1,
                        slots.getFirst().line().name(),
                        slots.getLast().line().name()));
            }
        }
        return ranges;
    }

    /** What a page has, from the first name to the last. */
    public record PageRange(int page, String first, String last) {}
}

package dev.lair.server.web;

import dev.lair.component.names.SemanticVersion;
import dev.lair.registry.VersionTrack;
import dev.lair.server.docs.DocEntry;
import dev.lair.server.docs.DocItem;
import dev.lair.server.docs.DocNotes;
import dev.lair.server.docs.DocTarget;
import dev.lair.server.docs.DocToken;
import dev.lair.server.docs.Markdown;
import dev.lair.server.docs.WitDocs;
import dev.lair.server.web.PackageViews.Entry;
import dev.lair.server.web.PackageViews.Group;
import dev.lair.server.web.PackageViews.Item;
import dev.lair.server.web.PackageViews.Listed;
import dev.lair.server.web.PackageViews.Part;
import dev.lair.server.web.PackageViews.Piece;
import dev.lair.server.web.PackageViews.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts docs into the form that templates print. */
final class DocViews {

    /** Items in the list beside every page; the page of all items has the same. */
    static final int MOST_LISTED = 400;

    private static final Pattern INTERFACE =
            Pattern.compile("[a-z0-9-]+(:[a-z0-9-]+)+/[A-Za-z0-9-]+(@[0-9A-Za-z.+-]+)?");

    private DocViews() {}

    /** All items of a release; {@code current} is the name of the one that is shown. */
    static List<Listed> listed(String base, WitDocs docs, @Nullable String current) {
        return docs.items().stream()
                .limit(MOST_LISTED)
                .map(item -> new Listed(
                        item.kind().word(),
                        item.name(),
                        base + "/docs/" + item.name(),
                        current == null ? Markdown.summary(item.notes().docs()) : "",
                        item.name().equals(current) ? "page" : null))
                .toList();
    }

    static Item item(String base, DocItem item, int asked, DocLinks links) {
        int page = Math.min(asked, item.pageCount());
        String path = base + "/docs/" + item.name();
        List<Group> groups = new ArrayList<>();
        List<Entry> open = new ArrayList<>();
        String group = "";
        for (DocEntry entry : item.page(page)) {
            if (!entry.line().group().equals(group)) {
                open = new ArrayList<>();
                group = entry.line().group();
                groups.add(new Group(group, open));
            }
            open.add(entry(entry, item, page, links));
        }
        List<Range> ranges = item.pageCount() == 1
                ? List.of()
                : item.ranges().stream()
                        .map(range -> new Range(
                                range.page(),
                                range.first(),
                                range.last(),
                                path + (range.page() == 1 ? "" : "?page=" + range.page()),
                                range.page() == page))
                        .toList();
        return new Item(
                item.kind().word(),
                item.name(),
                item.qualifiedName(),
                item.kind() == DocItem.Kind.INTERFACE ? interfacePath(item.qualifiedName()) : null,
                marks(item.notes()),
                comment(item.notes().docs()),
                groups,
                item.entryCount(),
                page,
                ranges,
                page == 1 ? null : path + (page == 2 ? "" : "?page=" + (page - 1)),
                page == item.pageCount() ? null : path + "?page=" + (page + 1));
    }

    /** The page about an import or export that is an interface; null for what is none. */
    static @Nullable String interfacePath(String name) {
        DocTarget place = INTERFACE.matcher(name).matches() ? targetOf(name) : null;
        if (place == null) {
            return null;
        }
        SemanticVersion version = place.version() == null
                ? null
                : SemanticVersion.tryParse(place.version()).orElse(null);
        return PackagePaths.ofInterface(
                place.packageName() + "/" + place.item(),
                VersionTrack.of(version).text());
    }

    private static @Nullable DocTarget targetOf(String qualified) {
        int slash = qualified.indexOf('/');
        int at = qualified.indexOf('@', Math.max(0, slash));
        return slash < 0
                ? null
                : new DocTarget(
                        qualified.substring(0, slash),
                        at < 0 ? null : qualified.substring(at + 1),
                        qualified.substring(slash + 1, at < 0 ? qualified.length() : at),
                        "");
    }

    private static Entry entry(DocEntry entry, DocItem item, int page, DocLinks links) {
        return new Entry(
                entry.line().anchor(),
                entry.line().kind(),
                entry.line().name(),
                entry.line().level(),
                pieces(entry.signature(), item, page, links),
                marks(sameSince(entry.notes(), item.notes()) ? withoutSince(entry.notes()) : entry.notes()),
                comment(entry.notes().docs()),
                entry.parts().stream()
                        .map(part -> new Part(
                                part.anchor(),
                                part.name(),
                                pieces(part.type(), item, page, links),
                                comment(part.docs())))
                        .toList());
    }

    /** What is not set apart is joined with its neighbours: there are thousands of signatures on a page. */
    static List<Piece> pieces(List<DocToken> tokens, @Nullable DocItem item, int page, @Nullable DocLinks links) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        for (DocToken token : tokens) {
            DocTarget target = token.target();
            String path = target == null || links == null ? null : links.path(target, item, page);
            if (path == null && (token.kind() == DocToken.Kind.PLAIN || token.kind() == DocToken.Kind.REFERENCE)) {
                plain.append(token.text());
                continue;
            }
            if (!plain.isEmpty()) {
                pieces.add(new Piece("", plain.toString(), null));
                plain.setLength(0);
            }
            pieces.add(new Piece(token.kind().style(), token.text(), path));
        }
        if (!plain.isEmpty()) {
            pieces.add(new Piece("", plain.toString(), null));
        }
        return pieces;
    }

    private static @Nullable String comment(@Nullable String docs) {
        return docs == null || docs.isBlank() ? null : Markdown.comment(docs);
    }

    /** What is as old as the whole need not say so. */
    private static boolean sameSince(DocNotes entry, DocNotes item) {
        return entry.since() != null && entry.since().equals(item.since());
    }

    private static DocNotes withoutSince(DocNotes notes) {
        return new DocNotes(notes.docs(), null, notes.unstable(), notes.deprecated());
    }

    private static List<String> marks(DocNotes notes) {
        List<String> marks = new ArrayList<>();
        if (notes.since() != null) {
            marks.add("since " + notes.since());
        }
        if (notes.unstable() != null) {
            marks.add("unstable: " + notes.unstable());
        }
        if (notes.deprecated() != null) {
            marks.add("deprecated since " + notes.deprecated());
        }
        return marks;
    }
}

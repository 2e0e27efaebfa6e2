package dev.lair.server.web;

import dev.lair.component.names.SemanticVersion;
import dev.lair.registry.MalformedNameException;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.server.insight.Catalog;
import dev.lair.storage.registry.CatalogRows.DependencyRow;
import dev.lair.storage.registry.CatalogRows.ReleaseRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a release refers to, and what that refers to: the versions that are named, as far as this registry has them. Drawn in
 * columns from left to right, each release behind whatever refers to it; said in sentences too, for whom a drawing says
 * nothing. Bounded: what is beyond a number of packages or steps is left out, and {@link #isCut} says so.
 */
final class DependencyGraph {

    /** Of the list beside the drawing. */
    static final int MOST_LISTED = 200;

    private static final int MOST_NODES = 40;
    private static final int MOST_STEPS = 5;

    private static final int ROW = 44;
    private static final int HEIGHT = 30;
    private static final int GAP = 56;
    private static final int MARGIN = 8;
    private static final double CHARACTER = 7.9;

    /**
     * A release that is referred to.
     *
     * @param path null for one that is not here
     * @param note empty, or what a reader should know
     */
    record Node(
            String label,
            @Nullable String path,
            String note,
            @Nullable ReleaseRow release) {}

    private record Edge(String from, String to) {}

    private final Catalog catalog;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Integer> columns = new LinkedHashMap<>();
    private final List<Edge> edges = new ArrayList<>();
    private boolean isCut;

    private DependencyGraph(Catalog catalog) {
        this.catalog = catalog;
    }

    static DependencyGraph of(Catalog catalog, ReleaseRow release) {
        DependencyGraph graph = new DependencyGraph(catalog);
        Node self = graph.node(release);
        graph.nodes.put(self.label(), self);
        graph.columns.put(self.label(), 0);
        graph.walk(self);
        graph.moveBehindWhoRefers();
        return graph;
    }

    private Node node(ReleaseRow release) {
        return new Node(
                release.packageName() + "@" + release.version(),
                "/" + release.packageName() + "@" + release.version(),
                release.isYanked() ? "yanked" : "",
                release);
    }

    /** The release that stands for a version that is named: that one, or the latest of its track. */
    Node resolve(String target, String version) {
        String label = version.isEmpty() ? target : target + "@" + version;
        try {
            PackageName name = PackageName.parse(target);
            Optional<ReleaseRow> exact =
                    version.isEmpty() ? latest(name) : catalog.release(name, SemVer.parse(version));
            if (exact.isPresent()) {
                return node(exact.get());
            }
            Optional<ReleaseRow> near = latest(name).filter(row -> isOnTrack(row.version(), version));
            return near.map(row -> new Node(label, "/" + target + "@" + row.version(), "here as " + row.version(), row))
                    .orElseGet(() -> new Node(label, null, "not in this registry", null));
        } catch (MalformedNameException | MalformedVersionException notOfThisRegistry) {
            return new Node(label, null, "not in this registry", null);
        }
    }

    private Optional<ReleaseRow> latest(PackageName name) {
        return catalog.find(name)
                .filter(row -> !row.latestVersion().isEmpty())
                .flatMap(row -> catalog.release(name, SemVer.parse(row.latestVersion())));
    }

    private static boolean isOnTrack(String version, String wanted) {
        Optional<SemanticVersion> one = SemanticVersion.tryParse(version);
        Optional<SemanticVersion> other = SemanticVersion.tryParse(wanted);
        return one.isPresent() && other.isPresent() && one.get().sameTrack(other.get());
    }

    /** A level at a time, so that each package stands in the first column in which it is met. */
    private void walk(Node self) {
        List<Node> level = List.of(self);
        for (int step = 1; step <= MOST_STEPS && !level.isEmpty(); step++) {
            List<Node> next = new ArrayList<>();
            for (Node from : level) {
                if (from.release() == null) {
                    continue;
                }
                for (DependencyRow row : catalog.dependencies(from.release())) {
                    Node to = resolve(row.target(), row.version());
                    if (!nodes.containsKey(to.label())) {
                        if (nodes.size() == MOST_NODES) {
                            isCut = true;
                            continue;
                        }
                        nodes.put(to.label(), to);
                        columns.put(to.label(), step);
                        next.add(to);
                    }
                    edges.add(new Edge(from.label(), to.label()));
                }
            }
            level = next;
        }
        isCut |= level.stream()
                .anyMatch(node -> node.release() != null
                        && !catalog.dependencies(node.release()).isEmpty());
    }

    /** So that lines run from left to right; releases that refer to each other end it after so many rounds as there are nodes. */
    private void moveBehindWhoRefers() {
        boolean isMoved = true;
        for (int round = 0; isMoved && round < nodes.size(); round++) {
            isMoved = false;
            for (Edge edge : edges) {
                int behind = columns.getOrDefault(edge.from(), 0) + 1;
                if (columns.getOrDefault(edge.to(), 0) < behind && behind < nodes.size()) {
                    columns.put(edge.to(), behind);
                    isMoved = true;
                }
            }
        }
    }

    boolean isCut() {
        return isCut;
    }

    /** Who refers to what, one sentence for each that refers to something. */
    List<String> sentences() {
        Map<String, List<String>> to = new LinkedHashMap<>();
        edges.forEach(edge ->
                to.computeIfAbsent(edge.from(), none -> new ArrayList<>()).add(edge.to()));
        return to.entrySet().stream()
                .map(each -> each.getKey() + " depends on " + String.join(", ", each.getValue()))
                .toList();
    }

    /** The drawing; all texts in it are escaped. */
    String svg(Site site) {
        Map<Integer, List<String>> rows = new TreeMap<>();
        columns.forEach((label, column) ->
                rows.computeIfAbsent(column, none -> new ArrayList<>()).add(label));
        Map<Integer, Integer> lefts = new LinkedHashMap<>();
        Map<Integer, Integer> widths = new LinkedHashMap<>();
        int right = MARGIN;
        for (Map.Entry<Integer, List<String>> column : rows.entrySet()) {
            int longest =
                    column.getValue().stream().mapToInt(String::length).max().orElse(0);
            int width = (int) (longest * CHARACTER) + 20;
            lefts.put(column.getKey(), right);
            widths.put(column.getKey(), width);
            right += width + GAP;
        }
        int most = rows.values().stream().mapToInt(List::size).max().orElse(1);
        int height = most * ROW + 2 * MARGIN - (ROW - HEIGHT);
        int width = right - GAP + MARGIN;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"group\""
                        + " aria-labelledby=\"graph-title\" aria-describedby=\"graph-desc\">",
                width,
                height,
                width,
                height));
        svg.append("<title id=\"graph-title\">Dependency graph</title><desc id=\"graph-desc\">")
                .append(nodes.size() - 1)
                .append(
                        " packages, from left to right by how many steps away they are; the list says the same.</desc>");
        Map<String, int[]> boxes = new LinkedHashMap<>();
        rows.forEach((column, labels) -> {
            int top = MARGIN + (most - labels.size()) * ROW / 2;
            for (int i = 0; i < labels.size(); i++) {
                boxes.put(
                        labels.get(i),
                        new int[] {lefts.getOrDefault(column, 0), top + i * ROW, widths.getOrDefault(column, 0)});
            }
        });
        edges.forEach(edge -> line(svg, boxes.get(edge.from()), boxes.get(edge.to())));
        nodes.values().forEach(node -> box(svg, site, node, boxes.get(node.label())));
        return svg.append("</svg>").toString();
    }

    private static void line(StringBuilder svg, int @Nullable [] from, int @Nullable [] to) {
        if (from == null || to == null) {
            return;
        }
        int x1 = from[0] + from[2];
        int y1 = from[1] + HEIGHT / 2;
        int x2 = to[0];
        int y2 = to[1] + HEIGHT / 2;
        int bend = Math.max(24, Math.abs(x2 - x1) / 2);
        svg.append(String.format(
                Locale.ROOT, "<path d=\"M%d %dC%d %d %d %d %d %d\"/>", x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2));
    }

    private void box(StringBuilder svg, Site site, Node node, int @Nullable [] box) {
        if (box == null) {
            return;
        }
        String style = columns.getOrDefault(node.label(), 1) == 0 ? "self" : node.path() == null ? "away" : "here";
        String drawn = String.format(
                Locale.ROOT,
                "<g class=\"%s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\"/><text x=\"%d\" y=\"%d\">%s</text></g>",
                style,
                box[0],
                box[1],
                box[2],
                HEIGHT,
                box[0] + 10,
                box[1] + 20,
                escaped(node.label()));
        svg.append(
                node.path() == null ? drawn : "<a href=\"" + escaped(site.link(node.path())) + "\">" + drawn + "</a>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}

package dev.lair.server.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands above every page about a release.
 *
 * @param name {@code ns:name}
 * @param namespace the part before the colon
 * @param ownName the part behind it
 * @param kind in words
 * @param description of the author; empty when there is none
 * @param base path of the release; every tab is below it
 * @param packagePath without a version
 * @param isLatest whether a path without a version shows this one
 * @param latest version that one gets without naming one; empty when all are yanked
 * @param switches other versions of the same page, the newest first, not all
 * @param warnings what a reader has to know first
 * @param current which tab
 */
public record ReleaseView(
        String name,
        String namespace,
        String ownName,
        String version,
        String kind,
        String description,
        String base,
        String packagePath,
        boolean isYanked,
        boolean isPreRelease,
        boolean isLatest,
        String latest,
        List<Link> switches,
        List<String> warnings,
        String current) {

    public ReleaseView {
        switches = List.copyOf(switches);
        warnings = List.copyOf(warnings);
    }

    /** A link; without a path only its words. */
    public record Link(String words, @Nullable String path, boolean isCurrent, String note) {}

    /** One tab: the last part of its path, and its words. */
    public record Tab(String path, String words) {}

    /** All tabs in order. */
    public List<Tab> tabs() {
        return List.of(
                new Tab("", "Overview"),
                new Tab("docs", "Docs"),
                new Tab("versions", "Versions"),
                new Tab("deps", "Depends"),
                new Tab("used-by", "Used by"),
                new Tab("security", "Security"),
                new Tab("files", "Files"));
    }

    /** Path of a tab. */
    public String tab(Tab tab) {
        return tab.path().isEmpty() ? base : base + "/" + tab.path();
    }
}

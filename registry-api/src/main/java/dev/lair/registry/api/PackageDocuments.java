package dev.lair.registry.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bodies about packages and interfaces. Lists come a page at a time: {@code next} is the {@code cursor} of the next page, and
 * absent on the last.
 */
public final class PackageDocuments {

    private PackageDocuments() {}

    /**
     * A package in a list.
     *
     * @param name {@code ns:name}
     * @param kind of its latest release, or of its newest when all are yanked
     * @param description that the release gives itself; empty when it gives none
     * @param latestVersion the highest that is neither yanked nor a pre-release, else the highest that is not yanked; absent
     *     when all are
     * @param newestVersion that was published last
     * @param releases how many there are, yanked ones too
     * @param publishedAt when the newest was, as its author says, RFC 3339
     */
    public record PackageSummary(
            String name,
            String kind,
            String description,
            @Nullable String latestVersion,
            String newestVersion,
            long releases,
            String publishedAt) {}

    /** Packages by their newest release, newest first. */
    public record Packages(
            List<PackageSummary> packages, @Nullable String next) {}

    /**
     * A release in a list.
     *
     * @param digest {@code sha256:…} of the content
     * @param size of the content in bytes; absent when the content is lost
     * @param publishedAt as its author says, RFC 3339
     */
    public record VersionSummary(
            String version,
            String digest,
            @Nullable Long size,
            String kind,
            boolean yanked,
            boolean deprecated,
            String recordId,
            long leafIndex,
            String publishedAt) {}

    /** Releases of a package, newest first. */
    public record Versions(
            List<VersionSummary> versions, @Nullable String next) {}

    /**
     * A package.
     *
     * @param namespace whose owners decide about it
     * @param dependantPackages how many packages have a release that refers to it
     * @param versions the newest of its releases
     * @param links what else there is
     */
    public record PackageDocument(
            String name,
            String namespace,
            String kind,
            String description,
            @Nullable String latestVersion,
            String newestVersion,
            long releases,
            String publishedAt,
            long dependantPackages,
            List<VersionSummary> versions,
            PackageLinks links) {}

    /** Paths below the registry's URL. */
    public record PackageLinks(String namespace, String versions, String dependants, String index, String map) {}

    /**
     * A release that refers to a package.
     *
     * @param wanted version that it names; absent when it names none
     * @param how any of {@code used}, {@code imported}, {@code exported}
     */
    public record Dependant(
            String name,
            String version,
            boolean yanked,
            @Nullable String wanted,
            List<String> how) {}

    /** Releases that refer to a package, newest first. */
    public record Dependants(
            List<Dependant> dependants, @Nullable String next) {}

    /**
     * An interface on a version track.
     *
     * @param name {@code ns:pkg/iface}
     * @param track {@code -} without a version
     * @param uses how many releases export, import or define it
     */
    public record InterfaceSummary(String name, String track, long uses) {}

    /** Interfaces by name. */
    public record Interfaces(
            List<InterfaceSummary> interfaces, @Nullable String next) {}

    /**
     * A release that has to do with an interface.
     *
     * @param role {@code exports}, {@code imports} or {@code defines}
     * @param named the interface with its version, as the release names it
     * @param name of the package
     */
    public record Use(String role, String named, String name, String version, boolean yanked, long leafIndex) {}

    /**
     * Who has to do with an interface on a track, newest first.
     *
     * @param tracks all tracks of the interface
     */
    public record Uses(
            String name,
            String track,
            List<String> tracks,
            List<Use> uses,
            @Nullable String next) {}
}

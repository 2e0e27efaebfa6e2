package dev.lair.server.web;

import dev.lair.server.web.ReleaseView.Link;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the pages about a package show, one record a template. Texts are as they are unless they are called HTML. */
public final class PackageViews {

    private PackageViews() {}

    /** A name and what it is. */
    public record Fact(String name, String value) {}

    /** How one tool gets the release. */
    public record Install(String tool, String command, String note) {}

    /**
     * {@code release/overview.jte}.
     *
     * @param facts what follows from the bytes and the log: verified
     * @param claims what the author says: nobody verified it
     * @param published how it came, in sentences
     * @param readmeHtml safe to print; null when there is none
     * @param items interfaces and worlds
     * @param exports not all, if there are very many; so are the imports
     */
    public record Overview(
            ReleaseView release,
            List<Install> installs,
            List<Fact> facts,
            List<Link> claims,
            List<Capability> capabilities,
            List<Link> worlds,
            Publication published,
            Proof proof,
            @Nullable String readmeHtml,
            boolean isReadmeCut,
            List<Listed> items,
            List<Link> exports,
            List<Link> imports) {}

    /** What a host has to give, and the imports that ask for it. */
    public record Capability(String name, String gives, List<String> imports) {}

    /**
     * How a release came here.
     *
     * @param time RFC 3339
     * @param by in words
     * @param isProven whether an identity of a CI job was verified
     * @param details of the identity
     */
    public record Publication(String time, String by, boolean isProven, List<Link> details) {}

    /**
     * Where the record stands in the log.
     *
     * @param verdict of the validator, in words
     * @param isValid whether everything was checked and found valid
     */
    public record Proof(long leafIndex, long treeSize, String proofPath, String verdict, boolean isValid) {}

    /** An interface or world in a list. */
    public record Listed(
            String kind,
            String name,
            String path,
            String summary,
            @Nullable String mark) {}

    /** A piece of a signature. */
    public record Piece(String style, String text, @Nullable String path) {}

    /** A field, case or flag. */
    public record Part(
            String anchor,
            String name,
            List<Piece> type,
            @Nullable String docsHtml) {}

    /** A type, function, import or export. */
    public record Entry(
            String anchor,
            String kind,
            String name,
            int level,
            List<Piece> signature,
            List<String> marks,
            @Nullable String docsHtml,
            List<Part> parts) {}

    /** Entries under a heading. */
    public record Group(String name, List<Entry> entries) {}

    /** Another page of the same item. */
    public record Range(int page, String first, String last, String path, boolean isCurrent) {}

    /**
     * {@code release/docs.jte}.
     *
     * @param tree all items, for the list beside it
     * @param item null for the list of all
     * @param missing name of an item that was asked for and is not here
     */
    public record Docs(
            ReleaseView release,
            List<Listed> tree,
            @Nullable Item item,
            @Nullable String packageDocsHtml,
            @Nullable String missing,
            String why) {}

    /** One interface or world. */
    public record Item(
            String kind,
            String name,
            String qualifiedName,
            @Nullable String interfacePath,
            List<String> marks,
            @Nullable String docsHtml,
            List<Group> groups,
            int entryCount,
            int page,
            List<Range> ranges,
            @Nullable String previous,
            @Nullable String next) {}

    /** {@code release/wit.jte}. */
    public record Raw(
            ReleaseView release,
            List<Piece> pieces,
            String plainPath,
            int page,
            int pageCount,
            int firstLine,
            @Nullable String previous,
            @Nullable String next) {}

    /** One version in a list. */
    public record Version(
            String version,
            String path,
            String time,
            String size,
            boolean isYanked,
            boolean isPreRelease,
            @Nullable String diffPath,
            String diffWith) {}

    /** {@code release/versions.jte}. */
    public record Versions(
            ReleaseView release,
            List<Version> versions,
            long count,
            boolean isFirst,
            @Nullable String older) {}

    /** A package that is referred to. */
    public record Dependency(
            String name, String version, @Nullable String path, String how, String note) {}

    /**
     * {@code release/deps.jte}.
     *
     * @param svgHtml the graph, safe to print; null when there is nothing to draw
     */
    public record Depends(
            ReleaseView release,
            List<Dependency> direct,
            @Nullable String svgHtml,
            List<String> edges,
            boolean isCut) {}

    /** {@code release/used-by.jte}. */
    public record UsedBy(
            ReleaseView release,
            List<Dependency> users,
            long packages,
            boolean isFirst,
            @Nullable String older) {}

    /** A release in the history of who published. */
    public record Origin(
            String version,
            String path,
            String time,
            String key,
            String by,
            boolean isProven,
            String change,
            boolean isWorse) {}

    /** {@code release/security.jte}. */
    public record Security(
            ReleaseView release,
            List<Fact> statement,
            List<Fact> claims,
            @Nullable String evidence,
            List<Fact> record,
            List<Link> documents,
            Proof proof,
            List<Origin> history,
            @Nullable String older) {}

    /** {@code release/files.jte}. */
    public record Files(ReleaseView release, List<File> files, List<Fact> facts, List<Embedded> inside) {}

    /** A document of a release. */
    public record File(String name, String path, String what) {}

    /** A binary inside. */
    public record Embedded(String path, String name, String size, String digest) {}

    /** One difference of two versions. */
    public record Difference(String place, String message, String breaks, String advice) {}

    /** A fact of both versions. */
    public record Side(String name, String before, String after, boolean isSame) {}

    /**
     * {@code release/diff.jte}.
     *
     * @param verdict one of {@code unchanged}, {@code compatible}, {@code breaking}, {@code not-compared}
     */
    public record Diff(
            String name,
            String packagePath,
            Link before,
            Link after,
            String verdict,
            String summary,
            List<Difference> breaking,
            List<Difference> other,
            int left,
            List<Side> sides,
            List<String> gained,
            List<String> lost,
            String swapPath) {}

    /** Who does something with an interface. */
    public record Users(
            String role,
            String words,
            List<Link> releases,
            @Nullable String more) {}

    /** {@code release/interface.jte}. */
    public record InterfacePage(
            String item,
            String packageName,
            @Nullable String packagePath,
            String own,
            String track,
            List<Link> tracks,
            List<Users> users) {}
}

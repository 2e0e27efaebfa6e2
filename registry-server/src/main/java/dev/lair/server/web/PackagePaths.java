package dev.lair.server.web;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.Problem;
import dev.lair.server.docs.DocTarget;
import dev.lair.server.problem.ProblemException;
import java.util.Optional;

/**
 * Paths of pages about packages, and their inverse. Names and versions have no character that a path would have to escape.
 *
 * <pre>
 *   /NS:NAME[@VERSION][/docs[/ITEM]|/wit|/versions|/deps|/used-by|/security|/files]
 *   /NS:NAME/diff/VERSION...VERSION
 *   /i/NS:NAME/INTERFACE@TRACK
 * </pre>
 */
final class PackagePaths {

    /** Of a mapping: one segment that has a colon, as no other path of this server. */
    static final String RELEASE = "/{release:.+:.+}";

    private PackagePaths() {}

    /** What {@link #RELEASE} asks for. */
    record Asked(PackageName name, Optional<SemVer> version) {}

    /** Reads a segment; what is no name is not found. */
    static Asked parse(String segment) {
        int at = segment.indexOf('@');
        try {
            PackageName name = PackageName.parse(at < 0 ? segment : segment.substring(0, at));
            return new Asked(name, at < 0 ? Optional.empty() : Optional.of(SemVer.parse(segment.substring(at + 1))));
        } catch (MalformedNameException | MalformedVersionException e) {
            throw new ProblemException(Problem.Kind.NO_SUCH_RELEASE, String.valueOf(e.getMessage()));
        }
    }

    static String ofPackage(PackageName name) {
        return "/" + name;
    }

    static String ofRelease(PackageName name, Object version) {
        return "/" + name + "@" + version;
    }

    /** A place in the docs of a release; a page of 1 is left out. */
    static String ofDocs(String release, DocTarget target, int page) {
        return release + "/docs/" + target.item() + (page > 1 ? "?page=" + page : "")
                + (target.anchor().isEmpty() ? "" : "#" + target.anchor());
    }

    static String ofDiff(PackageName name, Object before, Object after) {
        return "/" + name + "/diff/" + before + "..." + after;
    }

    /** {@code item} is {@code ns:pkg/iface}. */
    static String ofInterface(String item, String track) {
        return "/i/" + item + "@" + track;
    }
}

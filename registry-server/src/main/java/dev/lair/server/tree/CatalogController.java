package dev.lair.server.tree;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.tree.TreePaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.gate.ToldRelease;
import dev.lair.server.gate.ToldRelease.Part;
import dev.lair.server.gate.VersionFacts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;

/**
 * Packages and interfaces as files: indexes, versions, who uses an interface, what changed. Paths are in their one spelling
 * when they come here ({@link TreeHeaders}).
 */
@RestController
class CatalogController {

    private final TreeFiles files;
    private final VersionFacts facts;

    CatalogController(TreeFiles files, VersionFacts facts) {
        this.files = files;
        this.facts = facts;
    }

    @Access(Act.READ)
    @GetMapping("/" + TreePaths.INDEX)
    ResponseEntity<byte[]> index(
            @PathVariable String namespace, @PathVariable String name, HttpServletRequest request) {
        PackageName asked = packageName(namespace, name);
        byte[] body =
                files.index(asked).orElseThrow(() -> TreeReplies.notFound("package " + asked + " has no release"));
        return TreeReplies.packed(request, body, TreeReplies.LINES, TreeReplies.CONFIG);
    }

    @Access(Act.READ)
    @GetMapping("/" + TreePaths.INTERFACE)
    ResponseEntity<byte[]> item(
            @PathVariable String namespace,
            @PathVariable String packageName,
            @PathVariable String item,
            @PathVariable String track,
            HttpServletRequest request) {
        return page(namespace + ":" + packageName + "/" + item, track, OptionalLong.empty(), request);
    }

    @Access(Act.READ)
    @GetMapping("/" + TreePaths.INTERFACE_PAGE)
    ResponseEntity<byte[]> page(
            @PathVariable String namespace,
            @PathVariable String packageName,
            @PathVariable String item,
            @PathVariable String track,
            @PathVariable String page,
            HttpServletRequest request) {
        return page(namespace + ":" + packageName + "/" + item, track, OptionalLong.of(number(page)), request);
    }

    private ResponseEntity<byte[]> page(String item, String track, OptionalLong page, HttpServletRequest request) {
        TreeFiles.Page found = files.item(item, track, page)
                .orElseThrow(() -> TreeReplies.notFound("no release has to do with " + item + " on track " + track
                        + (page.isPresent() ? ", page " + page.getAsLong() : "")));
        return TreeReplies.packed(
                request, found.body(), TreeReplies.LINES, found.isSealed() ? TreeReplies.FULL : TreeReplies.PROOF);
    }

    @Access(Act.READ)
    @GetMapping("/" + TreePaths.CHANGES)
    ResponseEntity<byte[]> changes(@PathVariable String segment, HttpServletRequest request) {
        TreeFiles.Page found = files.changes(number(segment))
                .orElseThrow(() -> TreeReplies.notFound("there are not so many changes yet"));
        return TreeReplies.packed(
                request, found.body(), TreeReplies.LINES, found.isSealed() ? TreeReplies.FULL : TreeReplies.GROWING);
    }

    @Access(Act.READ)
    @GetMapping("/" + TreePaths.ATTESTATIONS)
    ResponseEntity<byte[]> attestations(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            HttpServletRequest request) {
        PackageName asked = packageName(namespace, name);
        SemVer released = version(version);
        byte[] body = files.attestations(asked, released)
                .orElseThrow(() -> TreeReplies.notFound("there is no release " + asked + "@" + released));
        return TreeReplies.packed(request, body, ApiJson.CONTENT_TYPE, TreeReplies.PROOF);
    }

    /** Megabytes at worst, so it is sent as it is decompressed. */
    @Access(Act.READ)
    @GetMapping("/" + TreePaths.VERSION_FILE)
    void version(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        PackageName asked = packageName(namespace, name);
        SemVer released = version(version);
        ToldRelease release = facts.find(asked, released)
                .orElseThrow(() -> TreeReplies.notFound("there is no release " + asked + "@" + released));
        boolean isPacked = TreeReplies.takesGzip(request);
        String tag = TreeReplies.tag(release.tag(Part.FILE), isPacked);
        if (request.getHeader(HttpHeaders.IF_NONE_MATCH) != null
                && new ServletWebRequest(request).checkNotModified(tag)) {
            headers(tag, response);
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        try (VersionFacts.Answer answer = facts.open(release, Part.FILE).orElseThrow()) {
            headers(tag, response);
            response.setContentType(ApiJson.CONTENT_TYPE);
            if (isPacked) {
                response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
                try (OutputStream out = new GZIPOutputStream(response.getOutputStream())) {
                    answer.writeTo(out);
                }
            } else {
                answer.writeTo(response.getOutputStream());
            }
        }
    }

    private static void headers(String tag, HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, TreeReplies.FULL.getHeaderValue());
        response.setHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        response.setHeader(HttpHeaders.ETAG, tag);
    }

    private static PackageName packageName(String namespace, String name) {
        try {
            return new PackageName(new Namespace(namespace), name);
        } catch (MalformedNameException e) {
            throw TreeReplies.notFound(String.valueOf(e.getMessage()));
        }
    }

    private static SemVer version(String text) {
        try {
            return SemVer.parse(text);
        } catch (MalformedVersionException e) {
            throw TreeReplies.notFound(String.valueOf(e.getMessage()));
        }
    }

    private static long number(String text) {
        if (text.length() <= 12 && text.matches("0|[1-9][0-9]*")) {
            return Long.parseLong(text);
        }
        throw TreeReplies.notFound("`" + text + "` is no number of a page");
    }
}

package dev.lair.server.insight;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.VersionRange;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.DigestField;
import dev.lair.registry.api.Problem;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.gate.ToldRelease;
import dev.lair.server.gate.ToldRelease.Part;
import dev.lair.server.gate.VersionFacts;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.PublicUrl;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;

/**
 * {@code GET /api/v1/packages/{ns}/{name}/versions/{version}}, its WIT alone, and its bytes. A yanked release is told of as
 * before, with {@code yanked} true: it is withdrawn from resolution, not from sight. Any page may read.
 *
 * <p>In place of a version a range may stand, or {@code latest} (see {@link VersionRange}): whoever asks is sent to the newest
 * version in it that is not yanked. Where that leads changes with each release, so it is kept no longer than a document.
 *
 * <p>A client who has the tag is answered before anything is read; what is sent is written as it is decompressed.
 */
@RestController
class VersionController {

    /** A yank is seen after this, as everywhere in the registry. */
    private static final String KEPT = "max-age=60, public";

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String REPR_DIGEST = "Repr-Digest";

    /** Versions that a problem names, so that people see what there is. */
    private static final int SHOWN_VERSIONS = 10;

    private final VersionFacts facts;
    private final PublicUrl publicUrl;

    VersionController(VersionFacts facts, PublicUrl publicUrl) {
        this.facts = facts;
        this.publicUrl = publicUrl;
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.VERSION)
    void version(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        send(namespace, name, version, Part.DOCUMENT, ApiJson.CONTENT_TYPE, request, response);
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.VERSION_WIT)
    void wit(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        send(namespace, name, version, Part.WIT_TEXT, TEXT, request, response);
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.VERSION_WIT_MODEL)
    void witModel(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        send(namespace, name, version, Part.WIT_MODEL, ApiJson.CONTENT_TYPE, request, response);
    }

    /** A redirect, because bytes lie at their digest, where every cache may keep them. */
    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.VERSION_CONTENT)
    ResponseEntity<byte[]> content(
            @PathVariable String namespace, @PathVariable String name, @PathVariable String version) {
        PackageName asked = packageName(namespace, name);
        VersionRange wanted = range(version);
        ToldRelease release = find(asked, newest(asked, wanted));
        return ResponseEntity.status(HttpStatus.FOUND)
                .location(URI.create(publicUrl.of(WargPaths.content(release.content()))))
                .header(HttpHeaders.CACHE_CONTROL, KEPT)
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .header(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, REPR_DIGEST + ", " + HttpHeaders.LINK)
                // Of the bytes, not of this reply: whoever follows can hold them against what this server said.
                .header(REPR_DIGEST, DigestField.format(release.content()))
                .header(
                        HttpHeaders.LINK,
                        "<" + publicUrl.of(ApiPaths.version(asked, release.version())) + ">; rel=\"describedby\"")
                .build();
    }

    private static PackageName packageName(String namespace, String name) {
        try {
            return new PackageName(new Namespace(namespace), name);
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.NO_SUCH_RELEASE, String.valueOf(e.getMessage()));
        }
    }

    private static VersionRange range(String version) {
        try {
            return VersionRange.parse(version);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.Kind.NO_SUCH_RELEASE, String.valueOf(e.getMessage()));
        }
    }

    /** The version that is meant: an exact one even when it is yanked or not there. */
    private SemVer newest(PackageName name, VersionRange wanted) {
        if (wanted instanceof VersionRange.Exactly exactly) {
            return exactly.version();
        }
        List<VersionFacts.Version> versions = facts.versions(name);
        return wanted.newest(versions.stream()
                        .filter(each -> !each.isYanked())
                        .map(VersionFacts.Version::version)
                        .toList())
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NO_SUCH_RELEASE,
                        "no release of `" + name + "` matches `" + wanted + "` and is not yanked; "
                                + described(versions)));
    }

    private static String described(List<VersionFacts.Version> newestFirst) {
        if (newestFirst.isEmpty()) {
            return "it has no releases";
        }
        String shown = newestFirst.stream()
                .limit(SHOWN_VERSIONS)
                .map(each -> each.version() + (each.isYanked() ? " (yanked)" : ""))
                .collect(Collectors.joining(", "));
        return "the highest are " + shown + (newestFirst.size() > SHOWN_VERSIONS ? ", …" : "");
    }

    private ToldRelease find(PackageName name, SemVer version) {
        return facts.find(name, version)
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NO_SUCH_RELEASE, "there is no release " + name + "@" + version));
    }

    private void send(
            String namespace,
            String name,
            String version,
            Part part,
            String type,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        PackageName asked = packageName(namespace, name);
        VersionRange wanted = range(version);
        if (wanted instanceof VersionRange.Exactly exactly && exactly.toString().equals(version)) {
            send(find(asked, exactly.version()), part, type, request, response);
            return;
        }
        String exact = publicUrl.of(ApiPaths.version(asked, newest(asked, wanted)));
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader(HttpHeaders.LOCATION, exact + suffix(part));
        response.setHeader(HttpHeaders.CACHE_CONTROL, KEPT);
        response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }

    private static String suffix(Part part) {
        return switch (part) {
            case DOCUMENT, FILE -> "";
            case WIT_TEXT -> "/wit";
            case WIT_MODEL -> "/wit.json";
        };
    }

    private void send(
            ToldRelease release, Part part, String type, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String tag = "\"" + release.tag(part) + "\"";
        if (isKnown(tag, request)) {
            headers(tag, response);
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        // Whatever is wrong is found before the first header: a problem has no tag and may not be kept.
        try (VersionFacts.Answer answer = facts.open(release, part)
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NO_WIT, "release " + release.name() + "@" + release.version() + " has no WIT"))) {
            headers(tag, response);
            response.setHeader(HttpHeaders.CONTENT_TYPE, type);
            answer.writeTo(response.getOutputStream());
        }
    }

    /** Asked without a response, which stays as it is. */
    private static boolean isKnown(String tag, HttpServletRequest request) {
        return request.getHeader(HttpHeaders.IF_NONE_MATCH) != null
                && new ServletWebRequest(request).checkNotModified(tag);
    }

    private static void headers(String tag, HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, KEPT);
        response.setHeader(HttpHeaders.ETAG, tag);
        response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        response.setHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "ETag");
    }
}

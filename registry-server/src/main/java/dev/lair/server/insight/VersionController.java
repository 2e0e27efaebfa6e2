package dev.lair.server.insight;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.VersionDocument;
import dev.lair.server.gate.VersionFacts;
import dev.lair.server.problem.ProblemException;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /api/v1/packages/{ns}/{name}/versions/{version}}, and its WIT alone. A yanked release is told of as before, with
 * {@code yanked} true: it is withdrawn from resolution, not from sight. Any page may read.
 */
@RestController
class VersionController {

    /** A yank is seen after this, as everywhere in the registry. */
    private static final CacheControl KEPT =
            CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic();

    private static final String TEXT = "text/plain; charset=utf-8";

    private final VersionFacts facts;

    VersionController(VersionFacts facts) {
        this.facts = facts;
    }

    @GetMapping("/" + ApiPaths.VERSION)
    ResponseEntity<byte[]> version(
            @PathVariable String namespace, @PathVariable String name, @PathVariable String version) {
        return tagged(ApiJson.write(find(namespace, name, version)), ApiJson.CONTENT_TYPE);
    }

    @GetMapping("/" + ApiPaths.VERSION_WIT)
    ResponseEntity<byte[]> wit(
            @PathVariable String namespace, @PathVariable String name, @PathVariable String version) {
        return tagged(wit(find(namespace, name, version)).text().getBytes(StandardCharsets.UTF_8), TEXT);
    }

    @GetMapping("/" + ApiPaths.VERSION_WIT_MODEL)
    ResponseEntity<byte[]> witModel(
            @PathVariable String namespace, @PathVariable String name, @PathVariable String version) {
        return tagged(ApiJson.write(wit(find(namespace, name, version)).model()), ApiJson.CONTENT_TYPE);
    }

    private VersionDocument find(String namespace, String name, String version) {
        PackageName asked;
        SemVer released;
        try {
            asked = new PackageName(new Namespace(namespace), name);
            released = SemVer.parse(version);
        } catch (MalformedNameException | MalformedVersionException e) {
            throw new ProblemException(Problem.Kind.NO_SUCH_RELEASE, String.valueOf(e.getMessage()));
        }
        return facts.find(asked, released)
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NO_SUCH_RELEASE, "there is no release " + asked + "@" + released));
    }

    private static ContentFacts.Wit wit(VersionDocument document) {
        ContentFacts.Wit wit = document.content().wit();
        if (wit == null) {
            throw new ProblemException(
                    Problem.Kind.NO_WIT,
                    "release " + document.name() + "@" + document.version() + ", a "
                            + document.content().kind() + ", has no WIT");
        }
        return wit;
    }

    /** Spring answers 304 when the client has this tag. */
    private static ResponseEntity<byte[]> tagged(byte[] body, String type) {
        return ResponseEntity.ok()
                .cacheControl(KEPT)
                .eTag("\"" + Digest.of(body).hex() + "\"")
                .header(HttpHeaders.CONTENT_TYPE, type)
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .header(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "ETag")
                .body(body);
    }
}

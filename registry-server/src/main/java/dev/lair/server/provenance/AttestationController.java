package dev.lair.server.provenance;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.problem.ProblemException;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET …/versions/{version}/attestations}: what the registry stated about a release. Any page may read. */
@RestController
class AttestationController {

    private final Attestations attestations;

    AttestationController(Attestations attestations) {
        this.attestations = attestations;
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.VERSION_ATTESTATIONS)
    ResponseEntity<byte[]> attestations(
            @PathVariable String namespace, @PathVariable String name, @PathVariable String version) {
        PackageName asked;
        SemVer released;
        try {
            asked = new PackageName(new Namespace(namespace), name);
            released = SemVer.parse(version);
        } catch (MalformedNameException | MalformedVersionException e) {
            throw new ProblemException(Problem.Kind.NO_SUCH_RELEASE, String.valueOf(e.getMessage()));
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic())
                .header(HttpHeaders.CONTENT_TYPE, ApiJson.CONTENT_TYPE)
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .body(attestations.document(asked, released));
    }

    @Access(Act.READ)
    @GetMapping("/" + ApiPaths.VERSION_README)
    ResponseEntity<byte[]> readme(
            @PathVariable String namespace, @PathVariable String name, @PathVariable String version) {
        byte[] body = attestations
                .readme(namespace + ":" + name, version)
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NOT_FOUND,
                        "release " + namespace + ":" + name + "@" + version + " has no README, or is none"));
        // Somebody else's text on our origin: a browser may neither guess a type nor run anything.
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic())
                .header(HttpHeaders.CONTENT_TYPE, "text/markdown; charset=utf-8")
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .body(body);
    }
}

package dev.lair.server.publish;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.DigestField;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.PublishDocuments;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.publish.Deliveries.Brought;
import dev.lair.server.settings.PublicUrl;
import dev.lair.storage.registry.PublishRows.Asked;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /api/v1/packages/{ns}/{name}/versions/{version}}: publish bytes, or WIT texts that are built here, with a token
 * and no key. The door says what was asked and by whom; {@link ReleaseDesk} does the rest.
 */
@RestController
class ReleaseController {

    private static final String CONTENT_DIGEST = "Content-Digest";
    private static final String REPR_DIGEST = "Repr-Digest";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** A key is the caller's to choose: printable, and short enough for a row. */
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final ReleaseDesk desk;
    private final Uploads uploads;
    private final Deliveries deliveries;
    private final PublishService publishing;
    private final PublicUrl publicUrl;

    ReleaseController(
            ReleaseDesk desk, Uploads uploads, Deliveries deliveries, PublishService publishing, PublicUrl publicUrl) {
        this.desk = desk;
        this.uploads = uploads;
        this.deliveries = deliveries;
        this.publishing = publishing;
        this.publicUrl = publicUrl;
    }

    @Access(Act.PUBLISH)
    @PostMapping("/" + ApiPaths.VERSION)
    ResponseEntity<byte[]> release(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            @RequestHeader(name = HttpHeaders.CONTENT_TYPE, defaultValue = "application/wasm") String mediaType,
            @RequestHeader(name = CONTENT_DIGEST, required = false) @Nullable String contentDigest,
            @RequestHeader(name = REPR_DIGEST, required = false) @Nullable String reprDigest,
            @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
            InputStream in,
            Requester requester) {
        PackageName asked = packageName(namespace, name);
        desk.requireMayRelease(requester, asked, null);
        SemVer released = version(version);
        Optional<String> idempotencyKey = key(key);
        Digest declared = declared(contentDigest, reprDigest);
        desk.requireMayRelease(requester, asked, declared);
        Brought brought = deliveries.receive(in, mediaType, declared);
        return reply(desk.release(requester, asked, released, brought, null, idempotencyKey));
    }

    /** Begins an upload in parts, for a release with a README. */
    @Access(Act.PUBLISH)
    @PostMapping("/" + ApiPaths.UPLOADS)
    ResponseEntity<byte[]> begin(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            Requester requester) {
        PackageName asked = packageName(namespace, name);
        desk.requireMayRelease(requester, asked, null);
        SemVer released = version(version);
        Uploads.Begun begun = uploads.begin(requester, asked, released);
        return JsonBody.reply(
                HttpStatus.CREATED,
                new PublishDocuments.Upload(
                        publicUrl.of(ApiPaths.upload(asked, released, begun.id())),
                        begun.expiresAt().toString()));
    }

    @Access(Act.PUBLISH)
    @PutMapping("/" + ApiPaths.UPLOAD_CONTENT)
    ResponseEntity<byte[]> content(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.CONTENT_TYPE, defaultValue = "application/wasm") String mediaType,
            @RequestHeader(name = CONTENT_DIGEST, required = false) @Nullable String contentDigest,
            @RequestHeader(name = REPR_DIGEST, required = false) @Nullable String reprDigest,
            InputStream in,
            Requester requester) {
        PackageName asked = packageName(namespace, name);
        desk.requireMayRelease(requester, asked, null);
        Digest declared = declared(contentDigest, reprDigest);
        desk.requireMayRelease(requester, asked, declared);
        uploads.require(requester, asked, version(version), id);
        uploads.content(id, deliveries.receive(in, mediaType, declared));
        return JsonBody.done();
    }

    @Access(Act.PUBLISH)
    @PutMapping("/" + ApiPaths.UPLOAD_README)
    ResponseEntity<byte[]> readme(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            @PathVariable String id,
            @RequestHeader(name = CONTENT_DIGEST, required = false) @Nullable String contentDigest,
            @RequestHeader(name = REPR_DIGEST, required = false) @Nullable String reprDigest,
            InputStream in,
            Requester requester) {
        PackageName asked = packageName(namespace, name);
        desk.requireMayRelease(requester, asked, null);
        Digest declared = declared(contentDigest, reprDigest);
        uploads.require(requester, asked, version(version), id);
        uploads.readme(id, in, declared);
        return JsonBody.done();
    }

    @Access(Act.PUBLISH)
    @PostMapping("/" + ApiPaths.UPLOAD_PUBLISH)
    ResponseEntity<byte[]> publish(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            @PathVariable String id,
            @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
            Requester requester) {
        PackageName asked = packageName(namespace, name);
        desk.requireMayRelease(requester, asked, null);
        SemVer released = version(version);
        // Without a key the upload is one: it is published once, however often somebody asks.
        Optional<String> idempotencyKey = key(key).or(() -> Optional.of(id));
        Uploads.Complete complete = uploads.complete(requester, asked, released, id);
        Asked done = desk.release(requester, asked, released, complete.brought(), complete.readme(), idempotencyKey);
        return reply(done);
    }

    /** Where a release stands that the same caller asked for. */
    @Access(Act.PUBLISH)
    @GetMapping("/" + ApiPaths.PUBLISH_STATUS)
    ResponseEntity<byte[]> status(
            @PathVariable String namespace,
            @PathVariable String name,
            @PathVariable String version,
            @PathVariable String id,
            Requester requester) {
        PackageName asked = packageName(namespace, name);
        SemVer released = version(version);
        return desk.find(requester.caller(), id)
                .filter(found -> found.packageName().equals(asked.toString())
                        && found.version().equals(released.toString()))
                .map(found -> JsonBody.ok(document(found)))
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NOT_FOUND, "you asked for no release `" + id + "`, or it is forgotten"));
    }

    private ResponseEntity<byte[]> reply(Asked asked) {
        PublishDocuments.Release document = document(asked);
        boolean isPublished = document.state().equals("published");
        ResponseEntity<byte[]> reply = JsonBody.reply(isPublished ? HttpStatus.CREATED : HttpStatus.ACCEPTED, document);
        return ResponseEntity.status(reply.getStatusCode())
                .headers(reply.getHeaders())
                .location(URI.create(document.statusUrl()))
                .body(reply.getBody());
    }

    private PublishDocuments.Release document(Asked asked) {
        PackageName name = PackageName.parse(asked.packageName());
        SemVer version = SemVer.parse(asked.version());
        String state = "processing";
        Long leafIndex = null;
        PublishDocuments.Rejection problem = null;
        switch (asked.state()) {
            case REJECTED -> {
                state = "rejected";
                problem = new PublishDocuments.Rejection(asked.problem(), "mend it, and publish it again");
            }
            case PUBLISHED -> {
                RecordId record = RecordId.parse(asked.recordId());
                if (publishing.status(name.logId(), record).orElse(null) instanceof Publication.Published published) {
                    state = "published";
                    leafIndex = published.leafIndex();
                }
            }
            case OPEN, SIGNED -> {
                // Somebody works on it.
            }
        }
        return new PublishDocuments.Release(
                asked.packageName(),
                asked.version(),
                state,
                publicUrl.of(ApiPaths.publishStatus(name, version, asked.id())),
                asked.recordId().isEmpty() ? null : asked.recordId(),
                asked.content(),
                leafIndex,
                problem);
    }

    static PackageName packageName(String namespace, String name) {
        try {
            return new PackageName(new Namespace(namespace), name);
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    static SemVer version(String text) {
        try {
            return SemVer.parse(text);
        } catch (MalformedVersionException e) {
            throw new ProblemException(Problem.Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> key(@Nullable String key) {
        if (key != null && !KEY.matcher(key).matches()) {
            throw new ProblemException(
                    Problem.Kind.BAD_REQUEST,
                    "an Idempotency-Key has 1 to 200 printable ASCII characters without blanks");
        }
        return Optional.ofNullable(key);
    }

    /** Required, so that what was meant is what is released, whatever happened on the way. */
    private static Digest declared(@Nullable String contentDigest, @Nullable String reprDigest) {
        String field = contentDigest == null ? reprDigest : contentDigest;
        if (field == null) {
            throw new ProblemException(
                    Problem.Kind.DIGEST_NEEDED, "the request has no Content-Digest and no Repr-Digest");
        }
        return DigestField.parse(field)
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.DIGEST_NEEDED,
                        "the digest `" + shown(field) + "` has no SHA-256 as RFC 9530 has it"));
    }

    private static String shown(String field) {
        return field.length() > 100 ? field.substring(0, 100) + "…" : field;
    }
}

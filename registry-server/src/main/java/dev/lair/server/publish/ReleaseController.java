package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.PublishDocuments;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.publish.Deliveries.Brought;
import dev.lair.server.publish.ReleaseArguments.Addressed;
import dev.lair.server.publish.ReleaseArguments.Announced;
import dev.lair.server.quota.Quotas;
import dev.lair.server.settings.PublicUrl;
import dev.lair.storage.registry.PublishRows.Asked;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** A key is the caller's to choose: printable, and short enough for a row. */
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final ReleaseDesk desk;
    private final Uploads uploads;
    private final Deliveries deliveries;
    private final PublishService publishing;
    private final Quotas quotas;
    private final PublicUrl publicUrl;

    ReleaseController(
            ReleaseDesk desk,
            Uploads uploads,
            Deliveries deliveries,
            PublishService publishing,
            Quotas quotas,
            PublicUrl publicUrl) {
        this.desk = desk;
        this.uploads = uploads;
        this.deliveries = deliveries;
        this.publishing = publishing;
        this.quotas = quotas;
        this.publicUrl = publicUrl;
    }

    @Access(Act.PUBLISH)
    @PostMapping("/" + ApiPaths.VERSION)
    ResponseEntity<byte[]> release(
            Addressed path,
            Announced body,
            @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
            InputStream in,
            Requester requester) {
        desk.requireMayRelease(requester, path.name(), null);
        Optional<String> idempotencyKey = key(key);
        Digest declared = body.digest();
        desk.requireMayRelease(requester, path.name(), declared);
        Brought brought = deliveries.receive(requester.caller(), in, body.mediaType(), declared);
        return reply(requester, desk.release(requester, path.name(), path.version(), brought, null, idempotencyKey));
    }

    /** Begins an upload in parts, for a release with a README. */
    @Access(Act.PUBLISH)
    @PostMapping("/" + ApiPaths.UPLOADS)
    ResponseEntity<byte[]> begin(Addressed path, Requester requester) {
        desk.requireMayRelease(requester, path.name(), null);
        Uploads.Begun begun = uploads.begin(requester, path.name(), path.version());
        return JsonBody.reply(
                HttpStatus.CREATED,
                new PublishDocuments.Upload(
                        publicUrl.of(ApiPaths.upload(path.name(), path.version(), begun.id())),
                        begun.expiresAt().toString()));
    }

    @Access(Act.PUBLISH)
    @PutMapping("/" + ApiPaths.UPLOAD_CONTENT)
    ResponseEntity<byte[]> content(
            Addressed path, @PathVariable String id, Announced body, InputStream in, Requester requester) {
        desk.requireMayRelease(requester, path.name(), null);
        Digest declared = body.digest();
        desk.requireMayRelease(requester, path.name(), declared);
        uploads.require(requester, path.name(), path.version(), id);
        uploads.content(id, deliveries.receive(requester.caller(), in, body.mediaType(), declared));
        return JsonBody.done();
    }

    @Access(Act.PUBLISH)
    @PutMapping("/" + ApiPaths.UPLOAD_README)
    ResponseEntity<byte[]> readme(
            Addressed path, @PathVariable String id, Announced body, InputStream in, Requester requester) {
        desk.requireMayRelease(requester, path.name(), null);
        Digest declared = body.digest();
        uploads.require(requester, path.name(), path.version(), id);
        uploads.readme(id, in, declared);
        return JsonBody.done();
    }

    @Access(Act.PUBLISH)
    @PostMapping("/" + ApiPaths.UPLOAD_PUBLISH)
    ResponseEntity<byte[]> publish(
            Addressed path,
            @PathVariable String id,
            @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String key,
            Requester requester) {
        desk.requireMayRelease(requester, path.name(), null);
        // Without a key the upload is one: it is published once, however often somebody asks.
        Optional<String> idempotencyKey = key(key).or(() -> Optional.of(id));
        Uploads.Complete complete = uploads.complete(requester, path.name(), path.version(), id);
        Asked done = desk.release(
                requester, path.name(), path.version(), complete.brought(), complete.readme(), idempotencyKey);
        return reply(requester, done);
    }

    /** Where a release stands that the same caller asked for. */
    @Access(Act.PUBLISH)
    @GetMapping("/" + ApiPaths.PUBLISH_STATUS)
    ResponseEntity<byte[]> status(Addressed path, @PathVariable String id, Requester requester) {
        return desk.find(requester.caller(), id)
                .filter(found -> found.packageName().equals(path.name().toString())
                        && found.version().equals(path.version().toString()))
                .map(found -> JsonBody.ok(document(found)))
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NOT_FOUND, "you asked for no release `" + id + "`, or it is forgotten"));
    }

    private ResponseEntity<byte[]> reply(Requester requester, Asked asked) {
        PublishDocuments.Release document = document(asked);
        boolean isPublished = document.state().equals("published");
        ResponseEntity<byte[]> reply = JsonBody.reply(isPublished ? HttpStatus.CREATED : HttpStatus.ACCEPTED, document);
        return ResponseEntity.status(reply.getStatusCode())
                .headers(reply.getHeaders())
                .headers(headers -> quotas.headers(requester.caller()).forEach(headers::set))
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

    private static Optional<String> key(@Nullable String key) {
        if (key != null && !KEY.matcher(key).matches()) {
            throw new ProblemException(
                    Problem.Kind.BAD_REQUEST,
                    "an Idempotency-Key has 1 to 200 printable ASCII characters without blanks");
        }
        return Optional.ofNullable(key);
    }
}

package dev.lair.server.warg;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.WargBodies.MissingContent;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.RecordStatus;
import dev.lair.registry.warg.WargBodies.UploadEndpoint;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.Target;
import dev.lair.server.access.VoluntaryCredential;
import dev.lair.server.problem.WargErrorException;
import dev.lair.server.publish.Publication;
import dev.lair.server.publish.PublishRefused;
import dev.lair.server.publish.PublishService;
import dev.lair.server.publish.UploadRefused;
import dev.lair.server.settings.PublicUrl;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Publish a record, follow it, upload its content. The door turns requests into a publish and decides nothing. */
@RestController
class PackageController {

    private final PublishService publishing;
    private final ImportedPackages imported;
    private final VoluntaryCredential credential;
    private final PublicUrl publicUrl;

    PackageController(
            PublishService publishing, ImportedPackages imported, VoluntaryCredential credential, PublicUrl publicUrl) {
        this.publishing = publishing;
        this.imported = imported;
        this.credential = credential;
        this.publicUrl = publicUrl;
    }

    @Access(Act.HAND_IN)
    @PostMapping("/" + WargPaths.PUBLISH_RECORD)
    ResponseEntity<byte[]> publish(@PathVariable String logId, InputStream in, HttpServletRequest request) {
        LogId log = WargRequests.logId(logId);
        PublishRequest body = WargRequests.read(in, WargRequests.MAX_PUBLISH_BYTES, PublishRequest.class);
        PackageName name = packageName(body.packageName());
        if (!name.logId().equals(log)) {
            throw WargErrorException.of(
                    400, "package name `" + name + "` has log id `" + name.logId() + "`, not `" + log + "`");
        }
        SignedPackageRecord record;
        try {
            record = SignedPackageRecord.decode(body.record().signedRecord());
        } catch (MalformedRecordException e) {
            throw WargErrorException.of(400, String.valueOf(e.getMessage()));
        }
        if (body.contentSources() != null && !body.contentSources().isEmpty()) {
            throw WargErrorException.of(
                    501, "the requested operation is not supported: content sources; upload the content instead");
        }
        try {
            // Who begins a package in a namespace that has owners says who it is, beside the signature.
            boolean mayBegin = credential.allows(request, Act.PUBLISH_NEW, Target.of(name));
            return reply(
                    202,
                    log,
                    publishing.publish(new dev.lair.server.publish.PublishRequest(name, record, Set.of(), mayBegin)));
        } catch (PublishRefused e) {
            boolean asksForToken = e instanceof PublishRefused.Unauthorized refused && refused.isForWantOfToken();
            throw new WargErrorException(
                    error(e, name),
                    asksForToken ? Map.of(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"lair\"") : Map.of());
        }
    }

    @Access(Act.READ)
    @GetMapping("/" + WargPaths.PACKAGE_RECORD)
    ResponseEntity<byte[]> record(@PathVariable String logId, @PathVariable String recordId) {
        LogId log = WargRequests.logId(logId);
        RecordId id = WargRequests.recordId(recordId);
        Publication state =
                publishing.status(log, id).orElseThrow(() -> new WargErrorException(WargError.recordNotFound(id)));
        return reply(200, log, state);
    }

    /**
     * The URL is what authorizes an upload: clients need send no credential with it while reads are public. A record id cannot
     * be guessed before its record is published, and only the bytes that the digest names are taken.
     */
    @Access(Act.HAND_IN)
    @PostMapping("/" + WargPaths.UPLOAD_CONTENT)
    ResponseEntity<byte[]> upload(
            @PathVariable String logId, @PathVariable String recordId, @PathVariable String digest, InputStream in) {
        LogId log = WargRequests.logId(logId);
        RecordId id = WargRequests.recordId(recordId);
        try {
            Publication state = publishing.upload(log, id, WargRequests.digest(digest), in);
            return reply(201, log, state);
        } catch (IOException e) {
            throw WargRequests.brokenOff();
        } catch (UploadRefused e) {
            WargError error =
                    switch (e) {
                        case UploadRefused.UnknownRecord unknown -> WargError.recordNotFound(unknown.recordId());
                        case UploadRefused.NotSourcing notSourcing -> WargError.recordNotSourcing();
                        case UploadRefused.WrongContent wrong ->
                            WargError.message(400, String.valueOf(wrong.getMessage()));
                        case UploadRefused.TooLarge large -> WargError.message(413, String.valueOf(large.getMessage()));
                        case UploadRefused.BadContent bad -> WargError.message(422, String.valueOf(bad.getMessage()));
                    };
            throw WargRequests.refuseUnread(in, error);
        }
    }

    private static PackageName packageName(String text) {
        try {
            return PackageName.parse(text);
        } catch (MalformedNameException e) {
            throw WargErrorException.of(400, String.valueOf(e.getMessage()));
        }
    }

    private WargError error(PublishRefused refused, PackageName name) {
        return switch (refused) {
            case PublishRefused.NamespaceNotDefined missing -> WargError.namespaceNotDefined(missing.namespace());
            case PublishRefused.NamespaceImported elsewhere -> {
                imported.seen(name);
                yield WargError.namespaceImported(elsewhere.namespace());
            }
            case PublishRefused.Unauthorized unauthorized ->
                WargError.message(401, String.valueOf(unauthorized.getMessage()));
            case PublishRefused.NotAdmitted notAdmitted ->
                WargError.message(422, String.valueOf(notAdmitted.getMessage()));
        };
    }

    /**
     * The body is the reference's. Where the record is final, a header says where its inclusion proof and the checkpoint
     * are, to be kept as one file.
     */
    private ResponseEntity<byte[]> reply(int status, LogId log, Publication publication) {
        ResponseEntity<byte[]> reply = WargRequests.reply(status, status(log, publication));
        if (!(publication instanceof Publication.Published published)) {
            return reply;
        }
        return ResponseEntity.status(status)
                .headers(reply.getHeaders())
                .header(
                        HttpHeaders.LINK,
                        "<" + publicUrl.of(TreePaths.recordProof(published.recordId())) + ">; rel=\"describedby\"")
                .body(reply.getBody());
    }

    private static RecordStatus status(LogId log, Publication publication) {
        return switch (publication) {
            case Publication.Sourcing sourcing -> {
                Map<Digest, MissingContent> missing = new LinkedHashMap<>();
                sourcing.missing().stream()
                        .sorted()
                        .forEach(content -> missing.put(
                                content,
                                new MissingContent(List.of(UploadEndpoint.post(
                                        WargPaths.uploadContent(log, sourcing.recordId(), content))))));
                yield RecordStatus.sourcing(sourcing.recordId(), missing);
            }
            case Publication.Processing processing -> RecordStatus.processing(processing.recordId());
            case Publication.Published published -> RecordStatus.published(published.recordId(), published.leafIndex());
            case Publication.Rejected rejected -> RecordStatus.rejected(rejected.recordId(), rejected.reason());
        };
    }
}

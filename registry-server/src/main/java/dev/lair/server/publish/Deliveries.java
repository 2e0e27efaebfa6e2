package dev.lair.server.publish;

import dev.lair.registry.api.Problem;
import dev.lair.server.account.Caller;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.quota.Quotas;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.ContentStore;
import dev.lair.storage.ContentTooLargeException;
import dev.lair.storage.DigestMismatchException;
import dev.lair.storage.Storage;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Takes the bytes of a release over HTTP into the content store: a binary as it is, streamed and hashed on the way; WIT texts
 * in an archive as the binary that they make. What nobody releases is collected like every upload.
 */
@Component
final class Deliveries {

    /** Packed texts, which are held in memory while they are built. */
    private static final int MAX_ARCHIVE_BYTES = 8 << 20;

    private static final MediaType WASM = MediaType.parseMediaType("application/wasm");

    private final ContentStore contents;
    private final Quotas quotas;
    private final long maxContent;
    private final String version;

    Deliveries(Storage storage, Quotas quotas, LairSettings settings) {
        this.contents = storage.contents();
        this.quotas = quotas;
        this.maxContent = settings.publish().maxContent().toBytes();
        String implementation = Deliveries.class.getPackage().getImplementationVersion();
        this.version = implementation == null ? "development" : implementation;
    }

    /**
     * What came.
     *
     * @param sent digest of the bytes that came
     * @param content digest of what is to be released, which is in the content store; another one when it was built here
     */
    record Brought(Digest sent, Digest content) {}

    /**
     * Takes a body, and counts its bytes. What broke off is not counted: nothing is kept of it.
     *
     * @param declared digest of the body, as its sender says
     * @throws ProblemException when it has another digest, is too large, of another type, no WIT package, or more than its
     *     sender may send today
     */
    Brought receive(Caller caller, InputStream in, String mediaType, Digest declared) {
        quotas.requireRoomToUpload(caller);
        MediaType type;
        try {
            type = MediaType.parseMediaType(mediaType);
        } catch (InvalidMediaTypeException e) {
            throw unsupported(mediaType);
        }
        try {
            if (type.equalsTypeAndSubtype(WASM) || type.equalsTypeAndSubtype(MediaType.APPLICATION_OCTET_STREAM)) {
                long sizeBytes = put(declared, in);
                quotas.uploaded(caller, sizeBytes);
                return new Brought(declared, declared);
            }
            WitArchive.Format format = WitArchive.Format.of(type.getType() + "/" + type.getSubtype());
            if (format == null) {
                throw unsupported(mediaType);
            }
            return built(caller, format, in, declared);
        } catch (IOException e) {
            throw new ProblemException(Problem.Kind.BAD_REQUEST, "the request's body broke off; send it again");
        }
    }

    private static ProblemException unsupported(String mediaType) {
        return new ProblemException(
                Problem.Kind.UNSUPPORTED_TYPE, "`" + mediaType + "` is none of the types read here");
    }

    private long put(Digest declared, InputStream in) throws IOException {
        try {
            return contents.put(declared, in, maxContent).sizeBytes();
        } catch (DigestMismatchException e) {
            throw new ProblemException(Problem.Kind.WRONG_DIGEST, String.valueOf(e.getMessage()));
        } catch (ContentTooLargeException e) {
            throw new ProblemException(
                    Problem.Kind.TOO_LARGE, "the content is larger than the " + maxContent + " bytes that are taken");
        }
    }

    private Brought built(Caller caller, WitArchive.Format format, InputStream in, Digest declared) throws IOException {
        byte[] archive = in.readNBytes(MAX_ARCHIVE_BYTES + 1);
        if (archive.length > MAX_ARCHIVE_BYTES) {
            throw new ProblemException(
                    Problem.Kind.TOO_LARGE,
                    "the archive is larger than the " + MAX_ARCHIVE_BYTES + " bytes that are taken");
        }
        Digest sent = Digest.of(archive);
        if (!sent.equals(declared)) {
            throw new ProblemException(
                    Problem.Kind.WRONG_DIGEST,
                    "the body has digest " + sent + ", not " + declared + " as its header says");
        }
        quotas.uploaded(caller, archive.length);
        byte[] binary;
        try {
            binary = WitArchive.build(format, new ByteArrayInputStream(archive), version);
        } catch (WitArchive.Refused e) {
            throw new ProblemException(Problem.Kind.CONTENT_REFUSED, String.valueOf(e.getMessage()));
        } catch (IOException notAnArchive) {
            throw new ProblemException(
                    Problem.Kind.CONTENT_REFUSED, "the body is no such archive: " + notAnArchive.getMessage());
        }
        Digest content = Digest.of(binary);
        put(content, new ByteArrayInputStream(binary));
        return new Brought(sent, content);
    }
}

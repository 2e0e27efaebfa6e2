package dev.lair.server.witness;

import dev.lair.signing.note.NoteSignature;
import dev.lair.signing.note.WitnessedSize;
import dev.lair.storage.StorageException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * A witness over HTTP: {@code POST /add-checkpoint} for logs, {@code GET /<hash of origin>/checkpoint} for monitors. Routes
 * and not controllers, so that the registry, which lies in the same jar, does not find them.
 */
final class WitnessRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(WitnessRoutes.class);

    /** A checkpoint with 30 signatures of 5 kB, more than anybody has to accept, and a proof. */
    static final int MAX_BODY_BYTES = 256 * 1024;

    /** What is read of a longer body only to be thrown away: a client that is cut off may never see the answer. */
    private static final long MAX_DISCARDED_BYTES = 4L * 1024 * 1024;

    private static final String TEXT = "text/plain; charset=utf-8";

    private final Witness witness;

    WitnessRoutes(Witness witness) {
        this.witness = witness;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST("/add-checkpoint", this::addCheckpoint)
                .route(RequestPredicates.path("/add-checkpoint"), request -> wrongMethod("POST"))
                .route(reading("/health"), request -> text(200, "up\n"))
                .route(reading("/{hash}/checkpoint"), this::checkpoint)
                .route(
                        RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST),
                        request -> notFound())
                .route(RequestPredicates.all(), request -> wrongMethod("GET, HEAD, POST"))
                .onError(Throwable.class, (fault, request) -> failed(fault))
                .build();
    }

    private static RequestPredicate reading(String path) {
        return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(path));
    }

    private ServerResponse addCheckpoint(ServerRequest request) throws IOException {
        HttpServletRequest servlet = request.servletRequest();
        byte[] body = servlet.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            for (long left = MAX_DISCARDED_BYTES; left > 0; ) {
                long skipped = servlet.getInputStream().skip(left);
                left -= skipped == 0 ? left : skipped;
            }
            return plain(413)
                    .header(HttpHeaders.CONNECTION, "close")
                    .body(utf8("an add-checkpoint request has at most " + MAX_BODY_BYTES + " bytes here\n"));
        }
        return switch (witness.addCheckpoint(body)) {
            case Verdict.Cosigned cosigned -> text(200, NoteSignature.formatLines(cosigned.cosignatures()));
            case Verdict.Conflict conflict ->
                ServerResponse.status(409)
                        .header(HttpHeaders.CONTENT_TYPE, WitnessedSize.CONTENT_TYPE)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .body(new WitnessedSize(conflict.treeSize()).format().getBytes(StandardCharsets.US_ASCII));
            case Verdict.Refused refused -> text(refused.reason().status(), refused.message() + "\n");
        };
    }

    private ServerResponse checkpoint(ServerRequest request) {
        Optional<String> note = witness.monitored(request.pathVariable("hash"));
        if (note.isEmpty()) {
            return text(
                    404,
                    "no checkpoint of such a log was cosigned here; a log lies at the SHA-256 of its origin in lower-case"
                            + " hex\n");
        }
        return plain(200).header("Access-Control-Allow-Origin", "*").body(utf8(note.get()));
    }

    private static ServerResponse notFound() {
        return text(404, "this is a witness: POST /add-checkpoint, GET /<SHA-256 of an origin>/checkpoint\n");
    }

    private static ServerResponse wrongMethod(String allowed) {
        return plain(405)
                .header(HttpHeaders.ALLOW, allowed)
                .header(HttpHeaders.CONNECTION, "close")
                .body(utf8("this takes " + allowed + "\n"));
    }

    private static ServerResponse failed(Throwable fault) {
        if (fault instanceof StorageException) {
            LOG.error("storage failed: {}", fault.getMessage(), fault);
            return text(503, "this witness's storage failed; nothing was cosigned\n");
        }
        LOG.error("internal fault: {}", fault.getMessage(), fault);
        return text(500, "internal fault; nothing was cosigned\n");
    }

    private static ServerResponse text(int status, String body) {
        return plain(status).body(utf8(body));
    }

    /** Bytes: a converter of texts would add the charset in its own spelling. */
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ServerResponse.BodyBuilder plain(int status) {
        return ServerResponse.status(status)
                .header(HttpHeaders.CONTENT_TYPE, TEXT)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}

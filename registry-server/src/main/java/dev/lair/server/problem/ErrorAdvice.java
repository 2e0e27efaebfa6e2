package dev.lair.server.problem;

import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.ledger.LedgerException;
import dev.lair.storage.StorageException;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/**
 * One place where a fault becomes a reply. Every reply has the warg form {@code {status, …}} and the content type exactly
 * {@code application/json}, which clients compare as a whole (warg protocol, section 4). What the requester did wrong is
 * told in words; what went wrong inside is logged and answered without detail.
 */
@RestControllerAdvice
class ErrorAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAdvice.class);

    @ExceptionHandler
    ResponseEntity<byte[]> wargError(WargErrorException e) {
        return reply(e.error(), e.headers());
    }

    @ExceptionHandler
    ResponseEntity<byte[]> ledger(LedgerException e) {
        return switch (e) {
            case LedgerException.Busy busy ->
                reply(WargError.message(429, String.valueOf(busy.getMessage())), Map.of(HttpHeaders.RETRY_AFTER, "1"));
            case LedgerException.HeadMoved moved ->
                reply(WargError.message(409, String.valueOf(moved.getMessage())), Map.of());
            default ->
                reply(
                        WargError.message(503, "the ledger takes no records now; the operator must restart the server"),
                        Map.of(HttpHeaders.RETRY_AFTER, "60"));
        };
    }

    @ExceptionHandler
    ResponseEntity<byte[]> storage(StorageException e) {
        LOG.error("storage failed: {}", e.getMessage(), e);
        return reply(WargError.message(503, "the registry's storage failed"), Map.of(HttpHeaders.RETRY_AFTER, "60"));
    }

    /** The client went away; there is nobody to answer. */
    @ExceptionHandler
    void clientGone(AsyncRequestNotUsableException e) {
        LOG.debug("client went away: {}", e.getMessage());
    }

    /** Reading a request or writing a reply failed half-way; if anybody still listens, this is what they get. */
    @ExceptionHandler
    ResponseEntity<byte[]> brokenTransfer(IOException e) {
        LOG.debug("transfer broke off: {}", e.getMessage());
        return reply(WargError.message(400, "the transfer broke off"), Map.of());
    }

    @ExceptionHandler
    ResponseEntity<byte[]> other(Exception e) {
        if (e instanceof ErrorResponse known) {
            int status = known.getStatusCode().value();
            HttpStatus standard = HttpStatus.resolve(status);
            String detail = known.getBody().getDetail();
            String words = detail != null ? detail : standard == null ? "refused" : standard.getReasonPhrase();
            ResponseEntity.BodyBuilder builder = ResponseEntity.status(status);
            known.getHeaders().forEach((name, values) -> {
                if (!HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name)) {
                    builder.header(name, values.toArray(String[]::new));
                }
            });
            return builder.header(HttpHeaders.CONTENT_TYPE, WargJson.CONTENT_TYPE)
                    .body(WargJson.write(WargError.message(status, words)));
        }
        LOG.error("internal fault: {}", e.getMessage(), e);
        return reply(WargError.message(500, "internal fault; the server's log has the details"), Map.of());
    }

    private static ResponseEntity<byte[]> reply(WargError error, Map<String, String> headers) {
        ResponseEntity.BodyBuilder builder =
                ResponseEntity.status(error.status()).header(HttpHeaders.CONTENT_TYPE, WargJson.CONTENT_TYPE);
        headers.forEach(builder::header);
        return builder.body(WargJson.write(error));
    }
}

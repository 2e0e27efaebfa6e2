package dev.lair.server.problem;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.ledger.LedgerException;
import dev.lair.storage.StorageException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
 * told in words; what went wrong inside is logged and answered without detail. Below {@link ApiPaths#API} a reply is a
 * problem as RFC 9457 has it, see {@link ApiProblems}. Who asks for a page with a browser gets one ({@link ErrorPages}).
 */
@RestControllerAdvice
class ErrorAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAdvice.class);

    private final Optional<ErrorPages> pages;

    ErrorAdvice(Optional<ErrorPages> pages) {
        this.pages = pages;
    }

    @ExceptionHandler
    ResponseEntity<byte[]> wargError(WargErrorException e, HttpServletRequest request) {
        return reply(request, ApiProblems.kindOf(e.error().status()), e.error(), e.headers());
    }

    @ExceptionHandler
    ResponseEntity<byte[]> ledger(LedgerException e, HttpServletRequest request) {
        String words = String.valueOf(e.getMessage());
        return switch (e) {
            case LedgerException.Busy busy ->
                reply(request, Problem.Kind.BUSY, WargError.message(429, words), Map.of(HttpHeaders.RETRY_AFTER, "1"));
            case LedgerException.HeadMoved moved ->
                reply(request, Problem.Kind.BAD_REQUEST, WargError.message(409, words), Map.of());
            case LedgerException.RecordInOtherLog elsewhere ->
                reply(request, Problem.Kind.BAD_REQUEST, WargError.message(422, words), Map.of());
            case LedgerException.NotWritten failed -> later(request, failed);
            case LedgerException.Unreachable gone -> later(request, gone);
            case LedgerException.Stopped stopped -> outOfOrder(request, stopped);
            case LedgerException.Corrupt corrupt -> outOfOrder(request, corrupt);
        };
    }

    private ResponseEntity<byte[]> later(HttpServletRequest request, LedgerException e) {
        LOG.warn("record turned away{}: {}", idOf(request), e.getMessage());
        return soon(request, e);
    }

    private ResponseEntity<byte[]> soon(HttpServletRequest request, Exception e) {
        return reply(
                request,
                Problem.Kind.BUSY,
                WargError.message(503, String.valueOf(e.getMessage())),
                Map.of(HttpHeaders.RETRY_AFTER, ApiProblems.SOON_SECONDS));
    }

    private ResponseEntity<byte[]> outOfOrder(HttpServletRequest request, LedgerException e) {
        LOG.error("record turned away{}: {}", idOf(request), e.getMessage());
        return unavailable(request, "the ledger takes no records now; the operator must restart the server");
    }

    private ResponseEntity<byte[]> unavailable(HttpServletRequest request, String words) {
        return reply(
                request,
                Problem.Kind.UNAVAILABLE,
                WargError.message(503, words),
                Map.of(HttpHeaders.RETRY_AFTER, ApiProblems.LATER_SECONDS));
    }

    @ExceptionHandler
    ResponseEntity<byte[]> storage(StorageException e, HttpServletRequest request) {
        LOG.error("storage failed{}: {}", idOf(request), e.getMessage(), e);
        return unavailable(request, "the registry's storage failed");
    }

    @ExceptionHandler
    ResponseEntity<byte[]> busy(BusyException e, HttpServletRequest request) {
        LOG.warn("request turned away{}: {}", idOf(request), e.getMessage());
        return soon(request, e);
    }

    /** For lines of the log that say more than the reply, which names the request by it. */
    private static String idOf(HttpServletRequest request) {
        return ApiProblems.isFor(request) ? " request.id=" + RequestId.of(request) : "";
    }

    /** The door said itself what is wrong, in the form of the Lair API. */
    @ExceptionHandler
    ResponseEntity<byte[]> problem(ProblemException e, HttpServletRequest request) {
        String words = String.valueOf(e.getMessage());
        return ApiProblems.isFor(request)
                ? ApiProblems.reply(e, request)
                : reply(request, e.kind(), WargError.message(e.kind().status(), words), e.headers());
    }

    /** The client went away; there is nobody to answer. */
    @ExceptionHandler
    void clientGone(AsyncRequestNotUsableException e) {
        LOG.debug("client went away: {}", e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<byte[]> other(Exception e, HttpServletRequest request) {
        if (e instanceof ErrorResponse known) {
            int status = known.getStatusCode().value();
            HttpStatus standard = HttpStatus.resolve(status);
            String detail = known.getBody().getDetail();
            String words = detail != null ? detail : standard == null ? "refused" : standard.getReasonPhrase();
            Map<String, String> headers = new HashMap<>();
            known.getHeaders().forEach((name, values) -> headers.put(name, String.join(", ", values)));
            headers.keySet().removeIf(HttpHeaders.CONTENT_TYPE::equalsIgnoreCase);
            return reply(request, ApiProblems.kindOf(status), WargError.message(status, words), headers);
        }
        LOG.error("internal fault{}: {}", idOf(request), e.getMessage(), e);
        return reply(
                request,
                Problem.Kind.INTERNAL,
                WargError.message(500, "internal fault; the server's log has the details"),
                Map.of());
    }

    private ResponseEntity<byte[]> reply(
            HttpServletRequest request, Problem.Kind kind, WargError error, Map<String, String> headers) {
        String words = String.valueOf(error.message());
        if (ApiProblems.isFor(request)) {
            return ApiProblems.reply(kind, error.status(), words, request, headers);
        }
        Optional<ResponseEntity<byte[]>> page = pages.flatMap(forPeople ->
                forPeople.page(request, kind.problem(error.status(), words, RequestId.of(request)), headers));
        if (page.isPresent()) {
            return UnreadBody.isLeft(request) ? ending(page.get()) : page.get();
        }
        ResponseEntity.BodyBuilder builder =
                ResponseEntity.status(error.status()).header(HttpHeaders.CONTENT_TYPE, WargJson.CONTENT_TYPE);
        headers.forEach(builder::header);
        if (UnreadBody.isLeft(request)) {
            // The web server will not read a large rest only to reuse the connection; clients must know that it ends.
            builder.header(HttpHeaders.CONNECTION, "close");
        }
        return builder.body(Masked.json(WargJson.write(error)));
    }

    private static ResponseEntity<byte[]> ending(ResponseEntity<byte[]> reply) {
        HttpHeaders headers = new HttpHeaders();
        headers.addAll(reply.getHeaders());
        headers.set(HttpHeaders.CONNECTION, "close");
        return new ResponseEntity<>(reply.getBody(), headers, reply.getStatusCode());
    }
}

package dev.lair.server.problem;

import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where the servlet container forwards a fault that no handler answered. Asked for by a client directly, the path is as
 * unknown as any other.
 */
@RestController
class ContainerErrors implements ErrorController {

    private final Optional<ErrorPages> pages;

    ContainerErrors(Optional<ErrorPages> pages) {
        this.pages = pages;
    }

    @RequestMapping("/error")
    ResponseEntity<byte[]> error(HttpServletRequest request) {
        Object forwarded = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        int status = forwarded instanceof Integer code ? code : HttpStatus.NOT_FOUND.value();
        HttpStatus standard = HttpStatus.resolve(status);
        String words = standard == null ? "refused" : standard.getReasonPhrase();
        if (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String path
                && ApiProblems.isFor(path, request.getContextPath())) {
            return ApiProblems.reply(ApiProblems.kindOf(status), status, words, request, Map.of());
        }
        Optional<ResponseEntity<byte[]>> page = pages.flatMap(forPeople -> forPeople.page(
                request, ApiProblems.kindOf(status).problem(status, words, RequestId.of(request)), Map.of()));
        if (page.isPresent()) {
            return page.get();
        }
        return ResponseEntity.status(status)
                .header(HttpHeaders.CONTENT_TYPE, WargJson.CONTENT_TYPE)
                .body(WargJson.write(WargError.message(status, words)));
    }
}

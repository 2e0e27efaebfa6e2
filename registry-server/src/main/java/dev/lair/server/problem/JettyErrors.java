package dev.lair.server.problem;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * What the web server refuses before any of our code sees it, a request line that is not HTTP or a path that could be
 * read in two ways, gets the same error body as everything else; without this it would be a page of HTML. Below the Lair API
 * that is a problem. Where the web server gives up before it has a path, as with one that is too long, nobody can say which
 * door was meant: the body is that of the other paths and has the members of a problem too.
 */
@Component
class JettyErrors implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.setErrorHandler(new JsonErrors(factory.getContextPath())));
    }

    private static final class JsonErrors extends ErrorHandler {

        /** What stands for the path of a request that could not be read. */
        private static final Set<String> UNREAD = Set.of("/badMessage", "/badURI");

        private final String contextPath;

        JsonErrors(String contextPath) {
            this.contextPath = contextPath;
        }

        @Override
        protected void generateResponse(
                Request request,
                Response response,
                int code,
                @Nullable String message,
                @Nullable Throwable cause,
                Callback callback)
                throws IOException {
            response.getHeaders().put("X-Content-Type-Options", "nosniff");
            String path =
                    request.getHttpURI() == null ? null : request.getHttpURI().getPath();
            if (ApiProblems.isFor(path, contextPath)) {
                ApiProblems.Reply problem = ApiProblems.reply(
                        ApiProblems.kindOf(code), code, words(message), path, ApiProblems.newId(), Map.of());
                problem.headers().forEach((name, value) -> response.getHeaders().put(name, value));
                response.write(true, ByteBuffer.wrap(problem.body()), callback);
                return;
            }
            response.getHeaders().put(new HttpField(HttpHeader.CONTENT_TYPE, WargJson.CONTENT_TYPE));
            byte[] body = path == null || UNREAD.contains(path)
                    ? ofNoDoor(code, message, response.getHeaders())
                    : WargJson.write(WargError.message(code, words(message)));
            response.write(true, ByteBuffer.wrap(Masked.json(body)), callback);
        }

        @Override
        public ByteBuffer badMessageError(int status, @Nullable String reason, HttpFields.Mutable fields) {
            fields.put(new HttpField(HttpHeader.CONTENT_TYPE, WargJson.CONTENT_TYPE));
            return ByteBuffer.wrap(Masked.json(ofNoDoor(status, reason, fields)));
        }

        private static byte[] ofNoDoor(int status, @Nullable String reason, HttpFields.Mutable fields) {
            String id = ApiProblems.newId();
            ApiProblems.Reply problem =
                    ApiProblems.reply(ApiProblems.kindOf(status), status, words(reason), "(not read)", id, Map.of());
            Map<String, Object> members = new LinkedHashMap<>(
                    ApiJson.members(ApiProblems.kindOf(status).problem(status, words(reason), id)));
            members.put("message", words(reason));
            fields.put(ApiProblems.REQUEST_ID, id);
            String again = problem.headers().get(HttpHeader.RETRY_AFTER.asString());
            if (again != null) {
                fields.put(HttpHeader.RETRY_AFTER, again);
            }
            return ApiJson.write(members);
        }

        private static String words(@Nullable String reason) {
            return reason == null || reason.isBlank() ? "refused" : reason;
        }
    }
}

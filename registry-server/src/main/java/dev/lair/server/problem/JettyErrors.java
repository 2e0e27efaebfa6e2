package dev.lair.server.problem;

import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * read in two ways, gets the same error body as everything else; without this it would be a page of HTML.
 */
@Component
class JettyErrors implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.setErrorHandler(new JsonErrors()));
    }

    private static final class JsonErrors extends ErrorHandler {

        @Override
        protected void generateResponse(
                Request request,
                Response response,
                int code,
                @Nullable String message,
                @Nullable Throwable cause,
                Callback callback)
                throws IOException {
            response.getHeaders().put(new HttpField(HttpHeader.CONTENT_TYPE, WargJson.CONTENT_TYPE));
            response.getHeaders().put("X-Content-Type-Options", "nosniff");
            response.write(true, ByteBuffer.wrap(body(code, message)), callback);
        }

        @Override
        public ByteBuffer badMessageError(int status, @Nullable String reason, HttpFields.Mutable fields) {
            fields.put(new HttpField(HttpHeader.CONTENT_TYPE, WargJson.CONTENT_TYPE));
            return ByteBuffer.wrap(body(status, reason));
        }

        private static byte[] body(int status, @Nullable String reason) {
            String words = reason == null || reason.isBlank() ? "refused" : reason;
            return WargJson.write(WargError.message(status, words));
        }
    }
}

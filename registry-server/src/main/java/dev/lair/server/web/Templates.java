package dev.lair.server.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Makes pages of {@code src/main/jte}, which the build turned into classes. What
 * a template prints is escaped by where it stands; a page is whole before its first byte is sent, so a fault leaves none half.
 */
@Component
final class Templates {

    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(null, ContentType.Html, Templates.class.getClassLoader());

    /**
     * A reply with a page.
     *
     * @param template like {@code settings/tokens.jte}
     * @param parameters by their names in the template
     */
    ResponseEntity<byte[]> reply(int status, String template, Map<String, Object> parameters) {
        Utf8ByteOutput html = new Utf8ByteOutput();
        engine.render(template, parameters, html);
        ByteArrayOutputStream body = new ByteArrayOutputStream(html.getContentLength());
        try {
            html.writeTo(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ResponseEntity.status(HttpStatusCode.valueOf(status))
                .header(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8")
                .body(body.toByteArray());
    }
}

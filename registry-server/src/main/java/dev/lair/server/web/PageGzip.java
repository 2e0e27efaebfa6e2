package dev.lair.server.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Sends pages that are the same for everybody compressed, to browsers that take gzip. A page for somebody, or with a form, is
 * never compressed: its length would tell about the secret in it, beside words that a stranger put into the address.
 */
@ControllerAdvice
final class PageGzip implements ResponseBodyAdvice<Object> {

    /** Below it, a page is in one packet anyway. */
    private static final int LEAST_BYTES = 1_400;

    /** Half the time of the default for a few more bytes. */
    private static final int LEVEL = 4;

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        HttpHeaders headers = response.getHeaders();
        boolean isForEverybody = "no-cache".equals(headers.getFirst(HttpHeaders.CACHE_CONTROL));
        if (!(body instanceof byte[] page)
                || page.length < LEAST_BYTES
                || !isForEverybody
                || type.isWildcardType()
                || !MediaType.TEXT_HTML.isCompatibleWith(type)) {
            return body;
        }
        headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (!takesGzip(request.getHeaders().getOrEmpty(HttpHeaders.ACCEPT_ENCODING))) {
            return body;
        }
        headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
        return pressed(page);
    }

    private static boolean takesGzip(List<String> accepted) {
        for (String header : accepted) {
            for (String coding : header.toLowerCase(Locale.ROOT).split(",", -1)) {
                String[] parts = coding.strip().split("\\s*;\\s*", -1);
                if (parts[0].equals("gzip")) {
                    return parts.length == 1 || !parts[1].matches("q=0(\\.0*)?");
                }
            }
        }
        return false;
    }

    private static byte[] pressed(byte[] page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(page.length / 3);
        try (GZIPOutputStream gzip = new Leveled(out)) {
            gzip.write(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static final class Leveled extends GZIPOutputStream {
        Leveled(OutputStream out) throws IOException {
            super(out);
            def.setLevel(LEVEL);
        }
    }
}

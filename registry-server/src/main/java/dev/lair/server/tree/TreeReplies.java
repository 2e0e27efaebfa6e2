package dev.lair.server.tree;

import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.problem.WargErrorException;
import dev.lair.transparency.Digest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/** How this door answers: what may be kept for how long, and that what is missing now may be there in a moment. */
final class TreeReplies {

    static final String BYTES = "application/octet-stream";

    /** The same for ever: a full tile or bundle. */
    static final CacheControl FULL =
            CacheControl.maxAge(Duration.ofDays(7)).cachePublic().immutable();

    /** Never changes either, but nobody asks for it again once the log has grown. */
    static final CacheControl PARTIAL =
            CacheControl.maxAge(Duration.ofHours(1)).cachePublic().immutable();

    /** Proofs against a recent checkpoint. */
    static final CacheControl PROOF = CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic();

    static final CacheControl CONFIG =
            CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic();

    /** Asked again each time, which an unchanged tag makes cheap: an old checkpoint would hide what was published. */
    static final CacheControl CHECKPOINT = CacheControl.noCache();

    /** Grows at its end. */
    static final CacheControl GROWING =
            CacheControl.maxAge(Duration.ofSeconds(10)).cachePublic();

    /** Objects, each on a line of its own. */
    static final String LINES = "application/x-ndjson";

    private static final String TEXT = "text/plain; charset=utf-8";

    private TreeReplies() {}

    static ResponseEntity<byte[]> bytes(byte[] body, CacheControl cache) {
        return ResponseEntity.ok()
                .cacheControl(cache)
                .header(HttpHeaders.CONTENT_TYPE, BYTES)
                .body(body);
    }

    static ResponseEntity<byte[]> text(String body, CacheControl cache) {
        return tagged(body.getBytes(StandardCharsets.UTF_8), TEXT, cache);
    }

    static ResponseEntity<byte[]> json(Object body, CacheControl cache) {
        return tagged(WargJson.write(body), WargJson.CONTENT_TYPE, cache);
    }

    /** Whether this client says that it takes gzip; one that names it with a weight of zero does not. */
    static boolean takesGzip(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (accepted == null) {
            return false;
        }
        for (String each : accepted.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = each.strip().split("\\s*;\\s*");
            if (parts[0].equals("gzip")) {
                return parts.length == 1 || !parts[1].matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

    /** A strong tag names the bytes that are sent, so packed ones have another. */
    static String tag(String name, boolean isPacked) {
        return "\"" + name + (isPacked ? "-gzip" : "") + "\"";
    }

    /** Text, packed for who takes that. */
    static ResponseEntity<byte[]> packed(HttpServletRequest request, byte[] body, String type, CacheControl cache) {
        boolean isPacked = takesGzip(request);
        ResponseEntity.BodyBuilder reply = ResponseEntity.ok()
                .cacheControl(cache)
                .eTag(tag(Digest.of(body).hex(), isPacked))
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .header(HttpHeaders.CONTENT_TYPE, type);
        return isPacked ? reply.header(HttpHeaders.CONTENT_ENCODING, "gzip").body(gzip(body)) : reply.body(body);
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory cannot be written", e);
        }
        return packed.toByteArray();
    }

    /** Spring answers 304 when the client has this tag. */
    private static ResponseEntity<byte[]> tagged(byte[] body, String type, CacheControl cache) {
        return ResponseEntity.ok()
                .cacheControl(cache)
                .eTag("\"" + Digest.of(body).hex() + "\"")
                .header(HttpHeaders.CONTENT_TYPE, type)
                .body(body);
    }

    static WargErrorException notFound(String why) {
        return new WargErrorException(WargError.message(404, why), Map.of(HttpHeaders.CACHE_CONTROL, "no-store"));
    }

    /** Only a registry that has just begun, or was upgraded a moment ago, has nothing to show. */
    static WargErrorException noPublicationYet() {
        return inAMoment("the registry has not published a checkpoint yet");
    }

    static WargErrorException inAMoment(String why) {
        return new WargErrorException(
                WargError.message(503, why),
                Map.of(HttpHeaders.CACHE_CONTROL, "no-store", HttpHeaders.RETRY_AFTER, "5"));
    }

    /**
     * What stands in the request's path behind {@code prefix}, as it was sent: an encoded letter is another spelling, and
     * caches would keep it twice.
     */
    static String behind(HttpServletRequest request, String prefix) {
        String start = request.getContextPath() + "/" + prefix;
        String path = request.getRequestURI();
        if (!path.startsWith(start)) {
            throw notFound("the path's one spelling begins with `/" + prefix + "`");
        }
        return path.substring(start.length());
    }
}

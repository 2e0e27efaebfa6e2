package dev.lair.server.warg;

import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.problem.WargErrorException;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.MalformedDigestException;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/** How this door reads and writes: bounded bodies, strict JSON, ids in paths, the exact content type. */
final class WargRequests {

    /** A publish: a record of 48 KiB is 64 KiB of base64; four times that leaves room to say what is wrong with it. */
    static final int MAX_PUBLISH_BYTES = 256 * 1024;

    /** Any other body: ten thousand logs with their fetch tokens. */
    static final int MAX_BODY_BYTES = 2 * 1024 * 1024;

    /** What is read of a body only to be thrown away. */
    private static final long MAX_DISCARDED_BYTES = 4L * 1024 * 1024;

    private WargRequests() {}

    static <T> T read(InputStream in, int maxBytes, Class<T> type) {
        byte[] body;
        try {
            body = in.readNBytes(maxBytes + 1);
        } catch (IOException e) {
            throw brokenOff();
        }
        if (body.length > maxBytes) {
            throw refuseUnread(
                    in, WargError.message(413, "the body has more than the " + maxBytes + " bytes that are read here"));
        }
        try {
            return WargJson.read(body, type);
        } catch (MalformedBodyException e) {
            throw WargErrorException.of(400, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Refuses a request whose body was not read to its end. What is left is read for a while, because a client that is cut
     * off while it still sends may never see the answer.
     */
    static WargErrorException refuseUnread(InputStream in, WargError error) {
        try {
            long left = MAX_DISCARDED_BYTES;
            for (long skipped = in.skip(left); skipped > 0 && left > 0; skipped = in.skip(left)) {
                left -= skipped;
            }
        } catch (IOException brokenOff) {
            // Nobody listens any more, or will be told by the answer.
        }
        return new WargErrorException(error);
    }

    /** The client stopped sending; if it still listens, this is what it gets. */
    static WargErrorException brokenOff() {
        return WargErrorException.of(400, "the request's body broke off");
    }

    static ResponseEntity<byte[]> reply(int status, Object body) {
        return ResponseEntity.status(status)
                .header(HttpHeaders.CONTENT_TYPE, WargJson.CONTENT_TYPE)
                .body(WargJson.write(body));
    }

    static LogId logId(String text) {
        return id("log id", text, LogId::parse);
    }

    static RecordId recordId(String text) {
        return id("record id", text, RecordId::parse);
    }

    static Digest digest(String text) {
        return id("digest", text, Digest::parse);
    }

    private static <T> T id(String what, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (MalformedDigestException e) {
            throw WargErrorException.of(400, "the " + what + " in the path is malformed: " + e.getMessage());
        }
    }
}

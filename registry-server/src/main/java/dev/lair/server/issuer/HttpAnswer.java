package dev.lair.server.issuer;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer to one request over HTTP/1.1 with {@code Connection: close} (RFC 9112): only 200 with a body in the clear, by
 * length, in chunks or up to the end. Anything that could be read in two ways is refused.
 */
public final class HttpAnswer {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})( .*)?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");
    private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,7})[ \\t]*(;.*)?");

    private final InputStream in;
    private int headLeft = Limits.HEAD_BYTES;

    private HttpAnswer(InputStream in) {
        this.in = in;
    }

    /** Reads the body of a 200. */
    public static byte[] body(InputStream in) throws IOException {
        return new HttpAnswer(in).read();
    }

    private byte[] read() throws IOException {
        Matcher status = STATUS.matcher(line());
        if (!status.matches()) {
            throw new IOException("it does not answer as an HTTP server does");
        }
        if (!status.group(1).equals("200")) {
            // A redirect among them: where it leads was not checked, and an issuer needs none.
            throw new AnsweredException(
                    "it answered " + status.group(1) + " and not 200", Integer.parseInt(status.group(1)));
        }
        Map<String, String> headers = headers();
        if (!headers.getOrDefault("content-encoding", "identity").equals("identity")) {
            throw new IOException("it answered in an encoding that it was not asked for");
        }
        String transfer = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        if (transfer != null) {
            if (!transfer.toLowerCase(Locale.ROOT).equals("chunked") || length != null) {
                throw new IOException("it answered with a body whose length is not clear");
            }
            return chunks();
        }
        if (length == null) {
            return bounded(in.readNBytes(Limits.DOCUMENT_BYTES + 1));
        }
        if (!LENGTH.matcher(length).matches()) {
            throw new IOException("it answered with a Content-Length that is no number");
        }
        return exactly(tested(Integer.parseInt(length)));
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("it answered with a header line without a colon");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            boolean again = headers.put(name, line.substring(colon + 1).strip()) != null;
            if (again && (name.equals("content-length") || name.equals("transfer-encoding"))) {
                throw new IOException("it answered with " + name + " twice");
            }
        }
        return headers;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            // Lines between chunks are bounded with the head: a body of one byte a chunk is not honest.
            Matcher chunk = CHUNK.matcher(line());
            if (!chunk.matches()) {
                throw new IOException("it answered with a chunk that has no length");
            }
            int length = Integer.parseInt(chunk.group(1), 16);
            if (length == 0) {
                return body.toByteArray();
            }
            tested(body.size() + length);
            body.writeBytes(exactly(length));
            if (!line().isEmpty()) {
                throw new IOException("it answered with a chunk longer than it says");
            }
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("its answer ends early");
        }
        return bytes;
    }

    private static int tested(int length) throws IOException {
        if (length > Limits.DOCUMENT_BYTES) {
            throw new IOException("its answer has more than " + Limits.DOCUMENT_BYTES + " bytes");
        }
        return length;
    }

    private static byte[] bounded(byte[] body) throws IOException {
        tested(body.length);
        return body;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("its answer ends early");
            }
            if (--headLeft < 0) {
                throw new IOException("the head of its answer has more than " + Limits.HEAD_BYTES + " bytes");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}

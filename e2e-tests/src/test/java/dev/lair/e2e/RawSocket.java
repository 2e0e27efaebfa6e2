package dev.lair.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Bytes to the server that no HTTP client would send. */
final class RawSocket implements AutoCloseable {

    private static final int ANSWER_WITHIN_MILLIS = 15_000;

    private static final int CLOSES_WITHIN_MILLIS = 300;
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

    private final Socket socket = new Socket();

    RawSocket(int port) throws IOException {
        socket.connect(new InetSocketAddress("127.0.0.1", port), ANSWER_WITHIN_MILLIS);
        socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
    }

    void send(String latin1) throws IOException {
        send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException alreadyAnswered) {
            // The server may refuse before it read everything; what it said is still there to read.
        }
    }

    /** Nothing more will be sent; the reply may still come. */
    void endOfInput() throws IOException {
        try {
            socket.shutdownOutput();
        } catch (SocketException alreadyClosed) {
            // The server was faster.
        }
    }

    /** The reply, up to its announced length or until the server closes; empty when it closed without a word. */
    Optional<HttpReply> reply() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        try {
            while (!isWhole(all.toString(StandardCharsets.ISO_8859_1))) {
                int count = in.read(buffer);
                if (count < 0) {
                    break;
                }
                all.write(buffer, 0, count);
            }
        } catch (SocketException reset) {
            // A reset after the reply: what came is what there is.
        }
        return all.size() == 0 ? Optional.empty() : Optional.of(parse(all.toByteArray()));
    }

    private static boolean isWhole(String reply) {
        int head = reply.indexOf("\r\n\r\n");
        Matcher length = CONTENT_LENGTH.matcher(reply);
        return head >= 0
                && length.find()
                && length.start() < head
                && reply.length() >= head + 4 + Integer.parseInt(length.group(1));
    }

    /** Whether the server ends the connection after its reply, without being asked. */
    boolean isClosedByServer() throws IOException {
        socket.setSoTimeout(CLOSES_WITHIN_MILLIS);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** One request, which asks the server to close. */
    static Optional<HttpReply> exchange(int port, String request) throws IOException {
        try (RawSocket raw = new RawSocket(port)) {
            raw.send(request);
            return raw.reply();
        }
    }

    /** A GET of exactly this target. */
    static HttpReply get(int port, String target) throws IOException {
        return exchange(port, "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                .orElseThrow(() -> new AssertionError("GET " + target + ": closed without a reply"));
    }

    private static HttpReply parse(byte[] bytes) {
        String head = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = head.indexOf("\r\n\r\n");
        if (!head.startsWith("HTTP/1.1 ") || end < 0) {
            throw new AssertionError("not an HTTP reply: " + head);
        }
        String[] lines = head.substring(0, end).split("\r\n", -1);
        @Nullable String contentType = null;
        boolean chunked = false;
        boolean closes = false;
        for (String line : lines) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-type:")) {
                contentType = line.substring("content-type:".length()).strip();
            }
            closes |= lower.equals("connection: close");
            chunked |= lower.equals("transfer-encoding: chunked");
        }
        byte[] body = Arrays.copyOfRange(bytes, end + 4, bytes.length);
        return new HttpReply(
                Integer.parseInt(lines[0].split(" ", -1)[1]), contentType, chunked ? dechunk(body) : body, closes);
    }

    private static byte[] dechunk(byte[] chunked) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        String text = new String(chunked, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < chunked.length) {
            int lineEnd = text.indexOf("\r\n", at);
            int length = Integer.parseInt(text.substring(at, lineEnd).strip(), 16);
            if (length == 0) {
                break;
            }
            whole.write(chunked, lineEnd + 2, length);
            at = lineEnd + 2 + length + 2;
        }
        return whole.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

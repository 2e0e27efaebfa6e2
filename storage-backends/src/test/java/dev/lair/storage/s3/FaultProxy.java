package dev.lair.storage.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 proxy on loopback in front of one server, which does to chosen requests what networks and servers do:
 * {@link Fault}. Bytes are passed on as they came, host header and signature included. Requests and answers are held
 * whole, so it is for tests of some megabytes.
 */
public final class FaultProxy implements AutoCloseable {

    /** CR LF CR LF, the end of a head. */
    private static final int EMPTY_LINE = 0x0d0a0d0a;

    /** What happens to a request. */
    public sealed interface Fault {

        /** The server never sees it; {@code body} is the answer. */
        record Answer(int status, Function<Request, String> body) implements Fault {}

        /** The server never sees it, the client's connection ends. */
        record LoseRequest() implements Fault {}

        /** The server carries it out, then the client's connection ends without an answer. */
        record LoseAnswer() implements Fault {}

        /** The client's connection ends now; the server sees the request when {@code until} is complete. */
        record Late(CompletableFuture<?> until) implements Fault {}

        /** The request waits until {@code until} is complete. */
        record Hold(CompletableFuture<?> until) implements Fault {}

        /** Something else happens before the server sees it. */
        record Before(Runnable action) implements Fault {}

        /** The answer's body breaks off after so many bytes. */
        record CutAnswer(int bodyBytes) implements Fault {}
    }

    /** A request's head; header names in lower case. */
    public record Request(String method, String target, Map<String, String> headers) {}

    private record Message(String head, byte[] body) {

        String start() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        Map<String, String> headers() {
            Map<String, String> headers = new LinkedHashMap<>();
            head.lines().skip(1).filter(line -> line.contains(":")).forEach(line -> {
                String[] parts = line.split(":", 2);
                headers.put(parts[0].strip().toLowerCase(Locale.ROOT), parts[1].strip());
            });
            return headers;
        }
    }

    private record Rule(Predicate<Request> which, AtomicInteger times, Fault fault) {}

    private final URI server;
    private final ServerSocket listener;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Request> seen = Collections.synchronizedList(new ArrayList<>());
    private final List<CompletableFuture<Void>> late = new CopyOnWriteArrayList<>();

    private FaultProxy(URI server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
    }

    /** Starts on a random port; passes everything on until told otherwise. */
    public static FaultProxy before(URI server) throws IOException {
        FaultProxy proxy = new FaultProxy(server, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    /** Where it listens. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Does {@code fault} to the next {@code times} requests that {@code which} picks. Earlier calls go first. */
    public void next(int times, Predicate<Request> which, Fault fault) {
        rules.add(new Rule(which, new AtomicInteger(times), fault));
    }

    /** All requests so far. */
    public List<Request> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    /** Waits until the server has answered all requests that were {@link Fault.Late}. */
    public void awaitLate() {
        CompletableFuture.allOf(late.toArray(CompletableFuture[]::new)).join();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Closed, or a client that went away at once.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            for (Message request = read(in, false); request != null; request = read(in, false)) {
                if (!serve(request, client.getOutputStream())) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client gave up: as in life.
        }
    }

    /** Serves one request; false when the client's connection is to end. */
    private boolean serve(Message message, OutputStream client) throws IOException {
        String[] start = message.start().split(" ");
        Request request = new Request(start[0], start[1], message.headers());
        seen.add(request);
        Fault fault = fault(request);
        switch (fault) {
            case null -> write(client, exchange(message), Integer.MAX_VALUE);
            case Fault.Answer answer -> {
                byte[] body = answer.body().apply(request).getBytes(UTF_8);
                String head = "HTTP/1.1 " + answer.status() + " -\r\nContent-Type: application/xml\r\nContent-Length: "
                        + body.length + "\r\n\r\n";
                write(client, new Message(head, body), Integer.MAX_VALUE);
            }
            case Fault.LoseRequest lost -> {
                return false;
            }
            case Fault.LoseAnswer lost -> {
                exchange(message);
                return false;
            }
            case Fault.Late held -> {
                late.add(held.until().thenRunAsync(() -> {
                    try {
                        exchange(message);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
                return false;
            }
            case Fault.Hold held -> {
                held.until().join();
                write(client, exchange(message), Integer.MAX_VALUE);
            }
            case Fault.Before before -> {
                before.action().run();
                write(client, exchange(message), Integer.MAX_VALUE);
            }
            case Fault.CutAnswer cut -> {
                write(client, exchange(message), cut.bodyBytes());
                return false;
            }
        }
        return true;
    }

    private @Nullable Fault fault(Request request) {
        for (Rule rule : rules) {
            if (rule.which().test(request) && rule.times().getAndDecrement() > 0) {
                return rule.fault();
            }
        }
        return null;
    }

    private Message exchange(Message request) throws IOException {
        try (Socket upstream = new Socket(server.getHost(), server.getPort())) {
            OutputStream out = upstream.getOutputStream();
            out.write(request.head().getBytes(ISO_8859_1));
            out.write(request.body());
            out.flush();
            Message answer = read(
                    new BufferedInputStream(upstream.getInputStream()),
                    request.start().startsWith("HEAD "));
            if (answer == null) {
                throw new IOException("the server ended the connection without an answer");
            }
            return answer;
        }
    }

    private static void write(OutputStream out, Message message, int bodyBytes) throws IOException {
        out.write(message.head().getBytes(ISO_8859_1));
        out.write(message.body(), 0, Math.min(bodyBytes, message.body().length));
        out.flush();
    }

    /** Reads one request or answer; null at the end of the connection. */
    private static @Nullable Message read(InputStream in, boolean bodiless) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int lastFour = 0;
        while (lastFour != EMPTY_LINE) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            bytes.write(next);
            lastFour = lastFour << 8 | next;
        }
        Message head = new Message(bytes.toString(ISO_8859_1), new byte[0]);
        Map<String, String> headers = head.headers();
        boolean empty = bodiless
                || head.start().startsWith("HTTP/1.1 204")
                || head.start().startsWith("HTTP/1.1 304");
        if (empty) {
            return head;
        }
        if (headers.getOrDefault("transfer-encoding", "").contains("chunked")) {
            return new Message(head.head(), readChunks(in));
        }
        return new Message(head.head(), in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
    }

    /** Reads a chunked body as it stands, sizes and all. */
    private static byte[] readChunks(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int size;
        do {
            String line = readLine(in, bytes);
            size = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
            bytes.write(in.readNBytes(size));
            readLine(in, bytes);
        } while (size > 0);
        return bytes.toByteArray();
    }

    private static String readLine(InputStream in, ByteArrayOutputStream copy) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            copy.write(next);
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
        }
        throw new IOException("the connection ended inside a chunked body");
    }

    /** Stops listening; requests that run go on. */
    @Override
    public void close() throws IOException {
        listener.close();
    }
}

package dev.lair.server.issuer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Fetches documents of issuers over sockets of its own (section 3, "SSRF by jwks_uri"). The JDK's HTTP clients look a name
 * up by themselves when they connect: whoever answers for the name could give a public address to be checked and a private
 * one to be connected to. Here the name is looked up once, all its addresses are checked, and one of them is connected
 * to; TLS then demands a certificate of the name.
 */
public final class PinnedDocuments implements IssuerDocuments, AutoCloseable {

    private final NameLookup names;
    private final SSLSocketFactory tls;
    private final Duration within;

    /** Virtual: an interrupt ends their reads and closes the socket, however slowly the other side sends. */
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** How a host name becomes addresses. */
    public interface NameLookup {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    public PinnedDocuments(NameLookup names, SSLSocketFactory tls, Duration within) {
        this.names = names;
        this.tls = tls;
        this.within = within;
    }

    /** With the machine's names and trusted certificates. */
    public static PinnedDocuments overTheNetwork() {
        return new PinnedDocuments(
                host -> List.of(InetAddress.getAllByName(host)),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                Limits.FETCH_WITHIN);
    }

    @Override
    public byte[] get(Issuer issuer, URI url) throws IOException {
        return ask(issuer, Question.get(url));
    }

    /**
     * What is asked of an issuer.
     *
     * @param headers besides those that every request has
     * @param body of a POST; null asks by GET
     */
    @SuppressWarnings("ArrayRecordComponent") // Written once, to one socket.
    public record Question(URI url, Map<String, String> headers, byte @Nullable [] body) {

        /** For a document, with nothing more said. */
        public static Question get(URI url) {
            return new Question(url, Map.of("Accept", "application/json"), null);
        }

        @Override
        public String toString() {
            return url.toString();
        }
    }

    /**
     * Asks, and reads the body of the answer 200.
     *
     * @throws AnsweredException for every other status
     * @throws IOException when there is no answer in time; the message is for the operator's log, and has no secret in it
     */
    public byte[] ask(Issuer issuer, Question question) throws IOException {
        URI url = question.url();
        if (!issuer.mayName(url)) {
            throw new IOException("`" + url + "` is not a place of this issuer");
        }
        Future<byte[]> answer = threads.submit(() -> fetch(issuer, question));
        try {
            return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("`" + url + "` did not answer within " + within.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching `" + url + "`", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AnsweredException answered) {
                throw new AnsweredException("`" + url + "`: " + answered.getMessage(), answered.status());
            }
            if (e.getCause() instanceof IOException reason) {
                throw new IOException("`" + url + "`: " + reason.getMessage(), reason);
            }
            throw new IllegalStateException("fetching `" + url + "` failed in a way that is not known", e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private byte[] fetch(Issuer issuer, Question question) throws IOException {
        URI url = question.url();

        // 1. One look-up.
        List<InetAddress> addresses = names.addresses(bare(url.getHost()));

        // 2. All of what it answered: a name with a private address among public ones is nobody's issuer.
        if (!issuer.allowPrivateAddresses()) {
            for (InetAddress address : addresses) {
                if (!PublicAddresses.isPublic(address)) {
                    throw new IOException("it is at " + address.getHostAddress()
                            + ", which is no public address; its setting allow-private-addresses would allow it");
                }
            }
        }

        // 3. Exactly these are connected to.
        try (Socket plain = connected(addresses, Issuer.port(url))) {
            Socket socket = url.getScheme().equals("https") ? secured(plain, url) : plain;
            socket.getOutputStream().write(request(question));
            socket.getOutputStream().flush();
            return HttpAnswer.body(new BufferedInputStream(socket.getInputStream()));
        }
    }

    private static Socket connected(List<InetAddress> addresses, int port) throws IOException {
        IOException failed = new UnknownHostException("its name has no address");
        for (InetAddress address : addresses) {
            Socket socket = new Socket(java.net.Proxy.NO_PROXY);
            try {
                socket.connect(new InetSocketAddress(address, port), (int) Limits.CONNECT_WITHIN.toMillis());
                return socket;
            } catch (IOException e) {
                socket.close();
                failed = e;
            }
        }
        throw failed;
    }

    private SSLSocket secured(Socket plain, URI url) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, bare(url.getHost()), Issuer.port(url), true);
        SSLParameters parameters = socket.getSSLParameters();
        // The certificate is of the name, although the socket was connected by address.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static byte[] request(Question question) throws IOException {
        URI ascii = URI.create(question.url().toASCIIString());
        byte[] body = question.body();
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
        String host = ascii.getHost() + (ascii.getPort() < 0 ? "" : ":" + ascii.getPort());
        StringBuilder head = new StringBuilder();
        head.append(body == null ? "GET " : "POST ").append(path).append(query).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(host).append("\r\n");
        for (Map.Entry<String, String> header : new TreeMap<>(question.headers()).entrySet()) {
            if (header.getValue().chars().anyMatch(sign -> sign < ' ' || sign > '~')) {
                throw new IOException("the header " + header.getKey() + " would have control characters");
            }
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        if (body != null) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("Accept-Encoding: identity\r\nUser-Agent: lair\r\nConnection: close\r\n\r\n");
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body == null ? new byte[0] : body);
        return request.toByteArray();
    }

    /** Addresses of IPv6 stand in brackets in URLs. */
    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Ends fetches under way; whoever waits for one gets its error. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}

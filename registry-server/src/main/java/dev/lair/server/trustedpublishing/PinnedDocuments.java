package dev.lair.server.trustedpublishing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Fetches documents of issuers over sockets of its own (section 3, "SSRF by jwks_uri"). The JDK's HTTP clients look a name
 * up by themselves when they connect: whoever answers for the name could give a public address to be checked and a private
 * one to be connected to. Here the name is looked up once, all its addresses are checked, and one of them is connected
 * to; TLS then demands a certificate of the name.
 */
final class PinnedDocuments implements IssuerDocuments, AutoCloseable {

    private final NameLookup names;
    private final SSLSocketFactory tls;
    private final Duration within;

    /** Virtual: an interrupt ends their reads and closes the socket, however slowly the other side sends. */
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** How a host name becomes addresses. */
    interface NameLookup {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    PinnedDocuments(NameLookup names, SSLSocketFactory tls, Duration within) {
        this.names = names;
        this.tls = tls;
        this.within = within;
    }

    /** With the machine's names and trusted certificates. */
    static PinnedDocuments overTheNetwork() {
        return new PinnedDocuments(
                host -> List.of(InetAddress.getAllByName(host)),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                Limits.FETCH_WITHIN);
    }

    @Override
    public byte[] get(TrustedIssuer issuer, URI url) throws IOException {
        if (!issuer.mayNameKeysAt(url)) {
            throw new IOException("`" + url + "` is not a place of this issuer");
        }
        Future<byte[]> answer = threads.submit(() -> fetch(issuer, url));
        try {
            return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("`" + url + "` did not answer within " + within.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching `" + url + "`", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException reason) {
                throw new IOException("`" + url + "`: " + reason.getMessage(), reason);
            }
            throw new IllegalStateException("fetching `" + url + "` failed in a way that is not known", e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private byte[] fetch(TrustedIssuer issuer, URI url) throws IOException {
        // 1. One look-up.
        List<InetAddress> addresses = names.addresses(bare(url.getHost()));

        // 2. All of what it answered: a name with a private address among public ones is nobody's issuer.
        if (!issuer.settings().allowPrivateAddresses()) {
            for (InetAddress address : addresses) {
                if (!PublicAddresses.isPublic(address)) {
                    throw new IOException("it is at " + address.getHostAddress()
                            + ", which is no public address; lair.trusted-publishing.issuers[…].allow-private-addresses"
                            + " would allow it");
                }
            }
        }

        // 3. Exactly these are connected to.
        try (Socket plain = connected(addresses, TrustedIssuer.port(url))) {
            Socket socket = url.getScheme().equals("https") ? secured(plain, url) : plain;
            socket.getOutputStream().write(request(url));
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
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, bare(url.getHost()), TrustedIssuer.port(url), true);
        SSLParameters parameters = socket.getSSLParameters();
        // The certificate is of the name, although the socket was connected by address.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static byte[] request(URI url) {
        URI ascii = URI.create(url.toASCIIString());
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
        String host = ascii.getHost() + (ascii.getPort() < 0 ? "" : ":" + ascii.getPort());
        return ("GET " + path + query + " HTTP/1.1\r\n"
                        + "Host: " + host + "\r\n"
                        + "Accept: application/json\r\n"
                        + "Accept-Encoding: identity\r\n"
                        + "User-Agent: lair\r\n"
                        + "Connection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
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

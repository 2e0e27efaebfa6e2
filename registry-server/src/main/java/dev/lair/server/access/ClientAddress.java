package dev.lair.server.access;

import dev.lair.server.settings.LairSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.InetAddressSet;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The address that a request comes from. Where the connection is a trusted proxy's, it is the last one of {@code
 * X-Forwarded-For} that no trusted proxy has: what stands further to the left the client may have written itself. For counting
 * only: nobody is let in by an address.
 */
@Component
public final class ClientAddress {

    private static final int NETWORK_BYTES = 8;
    private static final String HEADER = "X-Forwarded-For";

    /** What may be an address and cannot be a name, which would be looked up. */
    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final InetAddressSet proxies;

    @Autowired
    ClientAddress(LairSettings settings) {
        this(new InetAddressSet());
        settings.trustedProxies().forEach(proxies::add);
    }

    ClientAddress(InetAddressSet proxies) {
        this.proxies = proxies;
    }

    /** As text, in one spelling. */
    public String of(HttpServletRequest request) {
        String connection = request.getRemoteAddr();
        Optional<InetAddress> address = literal(connection);
        if (address.isEmpty() || !proxies.test(address.get())) {
            return connection;
        }
        String client = connection;
        for (String hop : forwarded(request).reversed()) {
            Optional<InetAddress> known = literal(hop);
            if (known.isEmpty()) {
                // Not an address: whoever wrote it, the proxy that handed it on is as far as is known.
                return client;
            }
            client = known.get().getHostAddress();
            if (!proxies.test(known.get())) {
                return client;
            }
        }
        return client;
    }

    /**
     * Whom a limit counts: an IPv4 address, or the network of 64 bits that an IPv6 address is in. Whoever has one of those
     * addresses has all of them.
     */
    String counted(HttpServletRequest request) {
        String client = of(request);
        return literal(client)
                .filter(Inet6Address.class::isInstance)
                .map(address -> HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES))
                .orElse(client);
    }

    private static List<String> forwarded(HttpServletRequest request) {
        List<String> hops = new ArrayList<>();
        for (String line : Collections.list(request.getHeaders(HEADER))) {
            for (String hop : line.split(",", -1)) {
                hops.add(hop.strip());
            }
        }
        return hops;
    }

    /** The web server writes IPv6 addresses in brackets. */
    private static Optional<InetAddress> literal(String written) {
        boolean bracketed = written.startsWith("[") && written.endsWith("]");
        String text = bracketed ? written.substring(1, written.length() - 1) : written;
        if (!LITERAL.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}

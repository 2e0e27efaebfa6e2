package dev.lair.cli.client;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The base URL of a registry: {@code http} or {@code https}, a host, perhaps a port and a path prefix; no user, query or
 * fragment. One registry has one spelling ({@link #toString}): scheme and host in lower case, no default port, no slash
 * at the end. What is remembered about a registry is filed under that spelling.
 *
 * <p>Plain http goes to this machine only, unless the person allows more: signatures protect what is read, but nobody on
 * the way should see or stop what is published.
 */
public final class RegistryUrl {

    /** A server may read two of these as a step out of the registry's path, which they do not look like; we write no dot so. */
    private static final Pattern ESCAPED_DOT = Pattern.compile("%2[eE]");

    private static final Pattern LOOPBACK_V4 = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

    private final URI base;
    private final boolean plainHttpAllowed;

    private RegistryUrl(URI base, boolean plainHttpAllowed) {
        this.base = base;
        this.plainHttpAllowed = plainHttpAllowed;
    }

    /**
     * Parses a base URL.
     *
     * @throws Fault a usage fault that names the rule it breaks
     */
    public static RegistryUrl parse(String text, boolean plainHttpAllowed) throws Fault {
        URI uri = uri(text);
        if (uri == null || uri.isOpaque() || uri.getHost() == null || !isHttp(uri)) {
            throw refused(ExitCode.USAGE, text, "a registry is named by a URL like https://registry.example");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused(ExitCode.USAGE, text, "a registry's URL has no user, query or fragment");
        }
        requireProtected(ExitCode.USAGE, uri, plainHttpAllowed);
        return new RegistryUrl(normal(uri), plainHttpAllowed);
    }

    private static URI normal(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int defaultPort = scheme.equals("https") ? 443 : 80;
        String port = uri.getPort() < 0 || uri.getPort() == defaultPort ? "" : ":" + uri.getPort();
        String path = uri.normalize().getRawPath().replaceAll("/+$", "");
        return URI.create(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path);
    }

    /** The address of an API path. */
    URI api(String path) {
        return URI.create(base + "/" + path);
    }

    /**
     * An address that the registry named: absolute, or relative to the base URL.
     *
     * @throws Fault when it is no http URL, or plain http to another machine
     */
    URI named(String reference) throws Fault {
        return follow(URI.create(base + "/"), reference);
    }

    /** An address that a reply from {@code from} named. */
    URI follow(URI from, String reference) throws Fault {
        URI relative = uri(reference);
        URI target = relative == null ? null : from.resolve(relative);
        if (target == null || target.getHost() == null || !isHttp(target)) {
            throw ExitCode.REFUSED.fault(
                    "the registry names `" + reference + "` as an address, which is no http or https URL");
        }
        requireProtected(ExitCode.REFUSED, target, plainHttpAllowed);
        if (isLoopback(target.getHost()) && !isLoopback(base.getHost())) {
            throw refused(
                    ExitCode.REFUSED,
                    target.toString(),
                    "a registry elsewhere must not make this client call services of this machine");
        }
        return target;
    }

    /** Whether an address is the registry's own: the same scheme, host and port, below its path. */
    boolean isOwn(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String path = uri.normalize().getRawPath();
        return scheme.equals(base.getScheme())
                && base.getHost().equalsIgnoreCase(uri.getHost())
                && port(uri) == port(base)
                && path != null
                && !ESCAPED_DOT.matcher(path).find()
                && path.startsWith(base.getRawPath() + "/");
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return isPlain(uri) ? 80 : 443;
    }

    /** Whether a secret may be sent there: to the registry itself, and by nobody's wire but TLS or this machine's. */
    boolean takesSecrets(URI uri) {
        return isOwn(uri) && (!isPlain(uri) || isLoopback(uri.getHost()));
    }

    /** Whether nothing protects the way to the registry, so that newer protocols need not be tried. */
    static boolean isPlain(URI uri) {
        return uri.getScheme().equalsIgnoreCase("http");
    }

    private static @Nullable URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static boolean isHttp(URI uri) {
        String scheme = uri.getScheme();
        return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    }

    private static void requireProtected(ExitCode code, URI uri, boolean plainHttpAllowed) throws Fault {
        if (isPlain(uri) && !plainHttpAllowed && !isLoopback(uri.getHost())) {
            throw refused(
                    code,
                    uri.toString(),
                    "plain http is for this machine only; use https, or --allow-http on a network you trust");
        }
    }

    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || LOOPBACK_V4.matcher(host).matches();
    }

    private static Fault refused(ExitCode code, String text, String rule) {
        return code.fault("`" + text + "` is refused: " + rule);
    }

    @Override
    public String toString() {
        return base.toString();
    }
}

package dev.lair.server.issuer;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * An issuer of identity tokens, as far as it is fetched from.
 *
 * @param url as {@code iss} has it, letter by letter
 * @param hosts besides its own, where its keys and endpoints may be; the operator names them
 * @param allowPrivateAddresses whether it may be reached under an address that is not public
 * @param allowHttp whether its URLs may be http: then whoever is on the way can be this issuer
 */
public record Issuer(String url, Set<String> hosts, boolean allowPrivateAddresses, boolean allowHttp) {

    public Issuer {
        hosts = Set.copyOf(hosts);
    }

    /** Where it says where everything else is (OpenID Connect Discovery, section 4). */
    public URI discovery() {
        String folder = url.endsWith("/") ? url : url + "/";
        return URI.create(folder + ".well-known/openid-configuration");
    }

    /**
     * Whether it may name this place as its own: https, and the issuer's own host and port, or a host that the operator
     * named. A path of its own is not demanded: keys of GitHub's enterprises are at the root.
     */
    public boolean mayName(URI place) {
        URI own = URI.create(url);
        if (place.getHost() == null || place.getRawUserInfo() != null || place.getRawFragment() != null) {
            return false;
        }
        boolean secure = "https".equals(place.getScheme());
        boolean plain = "http".equals(place.getScheme()) && "http".equals(own.getScheme());
        boolean sameHost = same(place.getHost(), own.getHost()) && port(place) == port(own);
        boolean otherHost = hosts.stream().anyMatch(host -> same(place.getHost(), host))
                && port(place) == port(URI.create(own.getScheme() + "://host"));
        return (secure || (plain && allowHttp)) && (sameHost || otherHost);
    }

    private static boolean same(String one, String other) {
        return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }

    /** The port to connect to. */
    static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    }

    @Override
    public String toString() {
        return url;
    }
}

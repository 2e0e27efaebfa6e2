package dev.lair.server.settings;

import java.net.URI;

/** The URL under which a server on this machine is reached, given the address on which it listens. */
public final class ListeningAddress {

    private ListeningAddress() {}

    /** Whether this stands for every address of the machine. */
    public static boolean isWildcard(String address) {
        return address.equals("0.0.0.0") || address.equals("::");
    }

    /** The URL for somebody on the same machine, of a listener without TLS. */
    public static URI url(String address, int port) {
        return url("http", address, port);
    }

    /** The URL of the registry itself for somebody on the same machine. */
    public static URI url(TlsSettings tls, String address, int port) {
        return url(tls.isOn() ? "https" : "http", address, port);
    }

    private static URI url(String scheme, String address, int port) {
        String host = isWildcard(address) ? "127.0.0.1" : address;
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }
}

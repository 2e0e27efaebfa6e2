package dev.lair.server.settings;

import java.net.URI;

/** The URL under which a server on this machine is reached, given the address on which it listens. */
public final class ListeningAddress {

    private ListeningAddress() {}

    /** Whether this stands for every address of the machine. */
    public static boolean isWildcard(String address) {
        return address.equals("0.0.0.0") || address.equals("::");
    }

    /** The URL for somebody on the same machine. */
    public static URI url(String address, int port) {
        String host = isWildcard(address) ? "127.0.0.1" : address;
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }
}

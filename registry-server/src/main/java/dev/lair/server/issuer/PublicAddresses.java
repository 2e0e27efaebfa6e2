package dev.lair.server.issuer;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses belong to the public network: those that IANA's registries of special-purpose addresses (RFC 6890) do not
 * keep for something else. A registry that fetches from others shows a stranger what only it can reach.
 */
final class PublicAddresses {

    /** Prefixes that are not public, of IPv4. */
    private static final List<Block> KEPT_4 = List.of(
            new Block("0.0.0.0", 8),
            new Block("10.0.0.0", 8),
            new Block("100.64.0.0", 10),
            new Block("127.0.0.0", 8),
            new Block("169.254.0.0", 16),
            new Block("172.16.0.0", 12),
            new Block("192.0.0.0", 24),
            new Block("192.0.2.0", 24),
            new Block("192.88.99.0", 24),
            new Block("192.168.0.0", 16),
            new Block("198.18.0.0", 15),
            new Block("198.51.100.0", 24),
            new Block("203.0.113.0", 24),
            new Block("224.0.0.0", 3));

    /** All that is given out of IPv6 lies in here. */
    private static final Block GLOBAL_6 = new Block("2000::", 3);

    /** And of it not: protocol assignments with Teredo, documentation, 6to4, which holds any IPv4 address. */
    private static final List<Block> KEPT_6 = List.of(
            new Block("2001::", 23), new Block("2001:db8::", 32), new Block("2002::", 16), new Block("3fff::", 20));

    /** IPv4 by NAT64: the last four bytes are what is reached. */
    private static final Block NAT64 = new Block("64:ff9b::", 96);

    private static final int IPV4_BYTES = 4;

    private PublicAddresses() {}

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return KEPT_4.stream().noneMatch(block -> block.holds(bytes));
        }
        if (NAT64.holds(bytes)) {
            return isPublic(of(Arrays.copyOfRange(bytes, bytes.length - IPV4_BYTES, bytes.length)));
        }
        return GLOBAL_6.holds(bytes) && KEPT_6.stream().noneMatch(block -> block.holds(bytes));
    }

    private static InetAddress of(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.length + " bytes", e);
        }
    }

    /** All addresses that begin with these bits. */
    private record Block(InetAddress start, int bits) {

        Block(String address, int bits) {
            this(literal(address), bits);
        }

        private static InetAddress literal(String address) {
            try {
                return InetAddress.getByName(address);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("`" + address + "` is no address", e);
            }
        }

        boolean holds(byte[] address) {
            byte[] prefix = start.getAddress();
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % Byte.SIZE);
                if ((address[bit / Byte.SIZE] & mask) != (prefix[bit / Byte.SIZE] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}

package dev.lair.signing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every way in which the tests damage bytes: each byte changed in several ways, each shorter length, longer. */
public final class Alterations {

    private Alterations() {}

    /** Damaged copies of {@code bytes}, none equal to them. */
    public static List<byte[]> of(byte[] bytes) {
        List<byte[]> all = new ArrayList<>();
        for (int at = 0; at < bytes.length; at++) {
            for (int mask : new int[] {0x01, 0x20, 0x80, 0xff}) {
                byte[] flipped = bytes.clone();
                flipped[at] ^= (byte) mask;
                all.add(flipped);
            }
        }
        for (int length = 0; length < bytes.length; length++) {
            all.add(Arrays.copyOf(bytes, length));
        }
        for (int more : new int[] {0, '\n', '=', 'A'}) {
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            longer[bytes.length] = (byte) more;
            all.add(longer);
        }
        for (int from = 1; from < bytes.length; from++) {
            all.add(Arrays.copyOfRange(bytes, from, bytes.length));
        }
        return all;
    }
}

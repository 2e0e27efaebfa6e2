package dev.lair.signing;

import java.util.Arrays;
import java.util.Random;

/** One to four random edits of a valid input: bits flipped, bytes cut, doubled, removed, put in. */
public final class Damage {

    private Damage() {}

    /** A damaged copy of {@code seed}; by chance it may be equal to it. */
    public static byte[] of(byte[] seed, Random random) {
        byte[] bytes = seed.clone();
        for (int steps = 1 + random.nextInt(4); steps > 0; steps--) {
            int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            bytes = switch (random.nextInt(6)) {
                case 0 -> flipped(bytes, at, 1 << random.nextInt(8));
                case 1 -> Arrays.copyOf(bytes, at);
                case 2 -> spliced(bytes, at, seed, random);
                case 3 -> without(bytes, at);
                case 4 -> with(bytes, at, (byte) "\n:= +/A0\0\u0080\u00ff".charAt(random.nextInt(11)));
                default -> with(bytes, at, (byte) random.nextInt(256));
            };
        }
        return bytes;
    }

    private static byte[] flipped(byte[] bytes, int at, int mask) {
        if (bytes.length > 0) {
            bytes[at] ^= (byte) mask;
        }
        return bytes;
    }

    private static byte[] without(byte[] bytes, int at) {
        return bytes.length == 0 ? bytes : joined(bytes, at, new byte[0], at + 1);
    }

    private static byte[] with(byte[] bytes, int at, byte value) {
        return joined(bytes, at, new byte[] {value}, at);
    }

    private static byte[] spliced(byte[] bytes, int at, byte[] seed, Random random) {
        int from = random.nextInt(seed.length);
        return joined(bytes, at, Arrays.copyOfRange(seed, from, from + random.nextInt(seed.length - from + 1)), at);
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int from) {
        byte[] out = Arrays.copyOf(bytes, end + middle.length + bytes.length - from);
        System.arraycopy(middle, 0, out, end, middle.length);
        System.arraycopy(bytes, from, out, end + middle.length, bytes.length - from);
        return out;
    }
}

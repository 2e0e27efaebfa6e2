package dev.lair.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every small damage to a byte string: each byte with its lowest and its highest bit flipped, cut, extended. */
final class Mutations {

    private Mutations() {}

    static List<byte[]> flips(byte[] original) {
        List<byte[]> mutated = new ArrayList<>();
        for (int i = 0; i < original.length; i++) {
            for (int mask : new int[] {0x01, 0x80}) {
                byte[] copy = original.clone();
                copy[i] ^= (byte) mask;
                mutated.add(copy);
            }
        }
        return mutated;
    }

    static List<byte[]> truncations(byte[] original) {
        List<byte[]> mutated = new ArrayList<>();
        for (int length = 0; length < original.length; length++) {
            mutated.add(Arrays.copyOf(original, length));
        }
        return mutated;
    }

    static List<byte[]> extensions(byte[] original) {
        List<byte[]> mutated = new ArrayList<>();
        for (int last : new int[] {0x00, 0x01, 0x08, 0x0a, 0x22, 0xff}) {
            byte[] copy = Arrays.copyOf(original, original.length + 1);
            copy[original.length] = (byte) last;
            mutated.add(copy);
            byte[] front = new byte[original.length + 1];
            front[0] = (byte) last;
            System.arraycopy(original, 0, front, 1, original.length);
            mutated.add(front);
        }
        byte[] twice = Arrays.copyOf(original, 2 * original.length);
        System.arraycopy(original, 0, twice, original.length, original.length);
        mutated.add(twice);
        return mutated;
    }

    static List<byte[]> all(byte[] original) {
        List<byte[]> mutated = new ArrayList<>(flips(original));
        mutated.addAll(truncations(original));
        mutated.addAll(extensions(original));
        return mutated;
    }

    /** The hash list with one bit of one hash flipped, for every byte of every hash. */
    static List<List<NodeHash>> hashFlips(List<NodeHash> hashes) {
        List<List<NodeHash>> mutated = new ArrayList<>();
        for (int i = 0; i < hashes.size(); i++) {
            for (byte[] flipped : flips(hashes.get(i).bytes())) {
                List<NodeHash> copy = new ArrayList<>(hashes);
                copy.set(i, NodeHash.ofBytes(flipped));
                mutated.add(copy);
            }
        }
        return mutated;
    }

    /** The hash list with one hash removed, doubled, or a foreign or zero one put in, at every place; and swaps. */
    static List<List<NodeHash>> shapeChanges(List<NodeHash> hashes, NodeHash foreign) {
        List<List<NodeHash>> mutated = new ArrayList<>();
        for (int i = 0; i < hashes.size(); i++) {
            List<NodeHash> without = new ArrayList<>(hashes);
            without.remove(i);
            mutated.add(without);
            mutated.add(inserted(hashes, i, hashes.get(i)));
        }
        for (int i = 0; i <= hashes.size(); i++) {
            mutated.add(inserted(hashes, i, foreign));
            mutated.add(inserted(hashes, i, NodeHash.ofBytes(new byte[32])));
        }
        for (int i = 1; i < hashes.size(); i++) {
            List<NodeHash> swapped = new ArrayList<>(hashes);
            swapped.set(i, hashes.get(i - 1));
            swapped.set(i - 1, hashes.get(i));
            mutated.add(swapped);
        }
        if (hashes.size() > 1) {
            mutated.add(hashes.reversed());
        }
        return mutated;
    }

    private static List<NodeHash> inserted(List<NodeHash> hashes, int at, NodeHash hash) {
        List<NodeHash> copy = new ArrayList<>(hashes);
        copy.add(at, hash);
        return copy;
    }
}

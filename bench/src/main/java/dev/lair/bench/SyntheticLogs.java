package dev.lair.bench;

import dev.lair.registry.PackageName;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The package logs of a generated ledger, in the order of their ids, and the ids of their generated records. A record's id
 * begins like its log's, so that a row of records in this order visits each index from one end to the other: the database
 * ends up with the same indexes as from records in any order, in minutes instead of hours. Nothing else is special about
 * them; to the map and the log they are 32 bytes like any.
 */
final class SyntheticLogs {

    private static final int SHARED_BYTES = Long.BYTES;

    private final LogId[] ids;
    private final int[] numbers;

    private record Numbered(LogId id, int number) {}

    SyntheticLogs(int count) {
        Numbered[] all = new Numbered[count];
        for (int number = 0; number < count; number++) {
            all[number] = new Numbered(name(number).logId(), number);
        }
        Arrays.parallelSort(all, (a, b) -> a.id().compareTo(b.id()));
        ids = new LogId[count];
        numbers = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = all[i].id();
            numbers[i] = all[i].number();
        }
    }

    private static PackageName name(int number) {
        return PackageName.parse("load:package-n" + number);
    }

    int count() {
        return ids.length;
    }

    LogId id(int place) {
        return ids[place];
    }

    PackageName nameAt(int place) {
        return name(numbers[place]);
    }

    /** The id of the generated record number {@code round} of the log at this place. */
    RecordId record(int place, long round) {
        return RecordId.ofBytes(bytes(place, 2 * round));
    }

    /** 32 bytes that begin like the log's id; another row for each {@code salt}. */
    byte[] bytes(int place, long salt) {
        ByteBuffer bytes = ByteBuffer.allocate(RecordId.LENGTH);
        bytes.put(ids[place].bytes(), 0, SHARED_BYTES);
        long state = salt * ids.length + place;
        while (bytes.hasRemaining()) {
            state = mixed(state);
            bytes.putLong(state);
        }
        return bytes.array();
    }

    /** SplitMix64: every number leads to another. */
    private static long mixed(long number) {
        long z = number + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

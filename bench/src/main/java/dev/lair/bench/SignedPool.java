package dev.lair.bench;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.ledger.NewRecord;
import dev.lair.signing.KeyFile;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Signed records that continue a generated ledger: each releases a content of its own in a package chosen at random, all
 * equally likely. They are signed before the clock runs, because authors sign on machines of their own, and kept for the
 * next run. They lie in files, one for each producer, so that the measured process holds few. A package belongs to one
 * producer, which keeps its records in order.
 */
final class SignedPool {

    private static final int BUFFER_BYTES = 1 << 18;
    private static final byte END = 0;
    private static final byte MORE = 1;
    private static final String COMPLETE = "complete";

    private final Path folder;
    private final SyntheticLogs logs;
    private final PrivateKey key;
    private final int producers;

    private SignedPool(Path folder, SyntheticLogs logs, PrivateKey key, int producers) {
        this.folder = folder;
        this.logs = logs;
        this.key = key;
        this.producers = producers;
    }

    /** So many records on top of a ledger that got one synthetic record for each log. */
    static SignedPool open(Workplace place, SyntheticLogs logs, int records, int producers) throws IOException {
        Path folder = place.folder().resolve("signed-" + logs.count() + "-" + records + "-" + producers);
        Path keyFile = folder.resolve("author.key");
        if (Files.exists(folder.resolve(COMPLETE))) {
            place.console().say(records + " signed records are there from an earlier run");
            return new SignedPool(folder, logs, KeyFile.read(keyFile), producers);
        }
        place.console().say("signing " + records + " records ahead; they are kept in " + folder);
        Workplace.delete(folder);
        Files.createDirectories(folder);
        SignedPool pool = new SignedPool(folder, logs, PrivateKey.generate(new SecureRandom()), producers);
        KeyFile.replace(keyFile, pool.key);
        pool.sign(records);
        Files.createFile(folder.resolve(COMPLETE));
        return pool;
    }

    int producers() {
        return producers;
    }

    private void sign(int records) {
        Instant time = Instant.now().truncatedTo(ChronoUnit.MICROS);
        IntStream.range(0, producers).parallel().forEach(producer -> {
            try {
                sign(producer, records / producers, time);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void sign(int producer, int records, Instant time) throws IOException {
        Random random = new Random(producer);
        Map<Integer, RecordId> heads = new HashMap<>();
        int mine = (logs.count() - producer + producers - 1) / producers;
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file(producer)), BUFFER_BYTES))) {
            for (int i = 0; i < records; i++) {
                int place = random.nextInt(mine) * producers + producer;
                RecordId prev = heads.get(place);
                if (prev == null) {
                    prev = logs.record(place, 0);
                }
                byte[] content = new byte[Digest.LENGTH];
                random.nextBytes(content);
                SignedPackageRecord record = SignedPackageRecord.sign(
                        new PackageRecord(
                                prev,
                                0,
                                time,
                                List.of(new PackageEntry.Release(
                                        SemVer.parse("1." + producer + "." + i), Digest.ofBytes(content)))),
                        key);
                heads.put(place, record.id());
                write(out, place, prev, content, record);
            }
            out.writeByte(END);
        }
    }

    private static void write(
            DataOutputStream out, int place, RecordId prev, byte[] content, SignedPackageRecord record)
            throws IOException {
        byte[] bytes = record.envelope().contentBytes();
        out.writeByte(MORE);
        out.writeInt(place);
        out.write(prev.bytes());
        out.write(record.id().bytes());
        out.write(content);
        out.writeShort(bytes.length);
        out.write(bytes);
        out.writeUTF(record.envelope().signature().text());
    }

    private Path file(int producer) {
        return folder.resolve("signed-" + producer + ".bin");
    }

    /** The records of one producer, in order. */
    final class Reader implements AutoCloseable {

        private final DataInputStream in;

        Reader(int producer) throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file(producer)), BUFFER_BYTES));
        }

        /** The next record; null when there are no more. */
        @Nullable
        NewRecord next() throws IOException {
            if (in.readByte() == END) {
                return null;
            }
            int place = in.readInt();
            RecordId prev = RecordId.ofBytes(read(RecordId.LENGTH));
            RecordId id = RecordId.ofBytes(read(RecordId.LENGTH));
            Digest content = Digest.ofBytes(read(Digest.LENGTH));
            byte[] bytes = read(in.readUnsignedShort());
            SignedRecord signed = new SignedRecord(bytes, key.keyId(), Signature.parse(in.readUTF()));
            return new NewRecord(logs.id(place), id, prev, signed, logs.nameAt(place), List.of(content));
        }

        private byte[] read(int length) throws IOException {
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            return bytes;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

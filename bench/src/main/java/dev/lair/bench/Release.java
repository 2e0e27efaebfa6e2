package dev.lair.bench;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.RecordBody;
import dev.lair.registry.warg.WargJson;
import dev.lair.registry.warg.WargPaths;
import dev.lair.signing.PrivateKey;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One publish as its author prepared it: the signed record as a request body, and where its content goes. The content, a
 * valid core module of 10 KiB with bytes of its own, is made when it is sent.
 */
record Release(LogId log, RecordId record, String target, byte[] body, String upload, long contentSeed) {

    static final int CONTENT_BYTES = 10 * 1024;

    /** Releases of one package, then the author goes on to the next. */
    private static final int RELEASES_PER_PACKAGE = 10;

    private static final byte[] MODULE_HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final byte[] SECTION_NAME = {5, 'b', 'e', 'n', 'c', 'h'};

    /** Id and length of a custom section: one byte and an LEB128 number of two bytes. */
    private static final int SECTION_HEAD_BYTES = 3;

    /**
     * Signs rows of releases, on every core.
     *
     * @param run tells the packages and contents of one call from those of another
     */
    static List<List<Release>> sign(String run, int authors, int releases, PrivateKey key) {
        return IntStream.range(0, authors)
                .parallel()
                .mapToObj(author -> row(run + "-a" + author, releases, key))
                .toList();
    }

    private static List<Release> row(String author, int releases, PrivateKey key) {
        List<Release> row = new ArrayList<>(releases);
        RecordId prev = null;
        for (int i = 0; i < releases; i++) {
            PackageName name = PackageName.parse("bench:author-" + author + "-p" + i / RELEASES_PER_PACKAGE);
            int version = i % RELEASES_PER_PACKAGE;
            Release release = of(name, version, version == 0 ? null : prev, key);
            row.add(release);
            prev = release.record();
        }
        return row;
    }

    private static Release of(PackageName name, int version, @Nullable RecordId prev, PrivateKey key) {
        LogId log = name.logId();
        long seed = ByteBuffer.wrap(log.bytes()).getLong() + version;
        Digest digest = Digest.of(content(seed));
        List<PackageEntry> entries = new ArrayList<>();
        if (prev == null) {
            entries.add(new PackageEntry.Init(key.publicKey()));
        }
        entries.add(new PackageEntry.Release(SemVer.parse("1.0." + version), digest));
        SignedPackageRecord record = SignedPackageRecord.sign(new PackageRecord(prev, 0, Instant.now(), entries), key);
        return new Release(
                log,
                record.id(),
                "/" + WargPaths.publishRecord(log),
                WargJson.write(new PublishRequest(name.toString(), RecordBody.of(record.envelope()), null)),
                "/" + WargPaths.uploadContent(log, record.id(), digest),
                seed);
    }

    byte[] content() {
        return content(contentSeed);
    }

    private static byte[] content(long seed) {
        byte[] module = new byte[CONTENT_BYTES];
        new SplittableRandom(seed).nextBytes(module);
        System.arraycopy(MODULE_HEADER, 0, module, 0, MODULE_HEADER.length);
        int section = CONTENT_BYTES - MODULE_HEADER.length - SECTION_HEAD_BYTES;
        module[8] = 0;
        module[9] = (byte) (section & 0x7f | 0x80);
        module[10] = (byte) (section >>> 7);
        System.arraycopy(SECTION_NAME, 0, module, 11, SECTION_NAME.length);
        return module;
    }
}

package dev.lair.server.gate;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.publish.BareRegistry;
import dev.lair.server.publish.Publication;
import dev.lair.storage.Storage;
import dev.lair.storage.embedded.EmbeddedStorage;
import dev.lair.transparency.Digest;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process that uploads eight large components at once to a registry in a data folder: {@code FOLDER [KEY VALUE]…}. Ends
 * with 0 when all are published, and says how many bytes that were.
 */
final class EightUploads {

    private static final int UPLOADS = 8;

    private EightUploads() {}

    public static void main(String[] arguments) throws Exception {
        TestClock clock = new TestClock();
        String[] settings = List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
        long bytes = 0;
        try (Storage storage = EmbeddedStorage.open(Path.of(arguments[0]), clock);
                BareRegistry registry = BareRegistry.over(storage, clock, settings);
                ExecutorService uploaders = Executors.newFixedThreadPool(UPLOADS)) {
            CyclicBarrier together = new CyclicBarrier(UPLOADS);
            List<Future<Long>> uploads = new ArrayList<>();
            for (int i = 0; i < UPLOADS; i++) {
                int seed = i;
                uploads.add(uploaders.submit(() -> upload(registry, storage, clock, together, seed)));
            }
            for (Future<Long> upload : uploads) {
                bytes += upload.get();
            }
        }
        System.out.println("published " + bytes + " bytes");
    }

    private static long upload(
            BareRegistry registry, Storage storage, TestClock clock, CyclicBarrier together, int seed)
            throws Exception {
        Digest digest;
        try (InputStream content = LargeComponent.bytes(seed)) {
            digest = Digest.ofRest(content);
        }
        Author author = Author.of("test:large-" + (char) ('a' + seed), clock);
        SignedPackageRecord record = author.release("1.0.0", digest);
        registry.publish(author, record);
        together.await();
        try (InputStream content = LargeComponent.bytes(seed)) {
            Publication publication = registry.upload(author, record, digest, content);
            if (!(publication instanceof Publication.Published)) {
                throw new IllegalStateException("not published: " + publication);
            }
        }
        return storage.contents().find(digest).orElseThrow().sizeBytes();
    }
}

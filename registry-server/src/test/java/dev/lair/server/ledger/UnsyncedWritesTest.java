package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.TestSettings;
import dev.lair.server.ledger.DiskModel.Unsynced;
import dev.lair.server.ledger.SystemCallTrace.Call;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.OpenedStorage;
import dev.lair.signing.EcdsaP256;
import dev.lair.storage.embedded.HighWaterFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The power fails. A real server runs under strace, is killed, runs again and stops; every byte that it wrote and every sync
 * is in the trace. From it the data folder is built as it was on the disk at a moment, with what was synced by then and
 * nothing else ({@link DiskModel}), or with any part of the rest too. Whatever the server had told its clients by that
 * moment, which the trace shows as well, must be in there, and all must be sound.
 *
 * <p>{@code -Dlair.unsynced.seed=N} repeats a choice of moments and sectors over another recording; {@code
 * -Dlair.unsynced.images=N} and {@code -Dlair.unsynced.starts=N} look at more of them. Skipped where strace cannot run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UnsyncedWritesTest {

    private static final int AUTHORS = 3;
    private static final int RELEASES_BEFORE_THE_KILL = 100;
    private static final int RELEASES_BEHIND_IT = 10;
    private static final int SECOND_TRACE = 1_000_000_000;

    /** Images of each kind that are looked into, and images over which a server is started. */
    private static final int LOOKED_INTO = Integer.getInteger("lair.unsynced.images", 8);

    /** Steps of one kind, one after the other, around each of which the server is stopped. */
    private static final int NEIGHBOURS = 1;

    /** The same of transactions, of which each publish needs several. */
    private static final int TRANSACTIONS = 3;

    private static final int STARTED_FROM = Integer.getInteger("lair.unsynced.starts", 2);

    private final long seed = Long.getLong("lair.unsynced.seed", System.nanoTime());
    private final List<Call> calls = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();

    /** The first line on which the server said that it was ready: before it there may be no registry yet. */
    private int readyLine;

    private Path work = Path.of("");

    @BeforeAll
    void record(@TempDir Path folder) throws Exception {
        work = folder.toRealPath();
        Path data = work.resolve("data");
        List<WireAuthor> authors = new ArrayList<>();
        for (int i = 0; i < AUTHORS; i++) {
            authors.add(new WireAuthor("test:author-" + "abc".charAt(i)));
        }
        int promised;
        Path first = work.resolve("first.trace");
        try (TracedServer server = TracedServer.start(TracedServer.strace(first), data)) {
            promised = publish(server.url(), authors, RELEASES_BEFORE_THE_KILL);
            server.kill();
        }
        Path second = work.resolve("second.trace");
        try (TracedServer server = TracedServer.start(TracedServer.strace(second), data)) {
            promised += publish(server.url(), authors, RELEASES_BEHIND_IT);
            server.stop();
        }
        for (SystemCallTrace trace :
                List.of(SystemCallTrace.read(first, 0), SystemCallTrace.read(second, SECOND_TRACE))) {
            calls.addAll(trace.calls());
            told.addAll(Told.in(trace));
        }
        readyLine = calls.stream()
                .filter(call -> call.is("write", "writev"))
                .filter(call -> new String(call.data(), StandardCharsets.ISO_8859_1).contains("registry ready"))
                .findFirst()
                .orElseThrow()
                .end();
        // The kill may cut the last call of each author on paper, after its bytes went out.
        assertThat(told)
                .as("what the trace says the clients were told")
                .hasSizeGreaterThanOrEqualTo(promised - AUTHORS);
        assertThat(calls.stream()
                        .filter(call -> call.begin() > readyLine && call.begin() < SECOND_TRACE)
                        .anyMatch(call -> call.is("pwrite64") && call.openFile().endsWith("/ledger.db")))
                .as("the server moved its log file into the database while clients published")
                .isTrue();
    }

    private static int publish(URI server, List<WireAuthor> authors, int releases) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> running = new ArrayList<>();
            for (WireAuthor author : authors) {
                running.add(threads.submit(() -> author.release(server, releases)));
            }
            int promised = 0;
            for (Future<Integer> author : running) {
                promised += author.get();
            }
            return promised;
        }
    }

    // --- moments -----------------------------------------------------------------------------------------------------

    /** Moments at which a reply goes out, or a sync is about to be over. */
    private Collection<Integer> moments(Predicate<Integer> which) {
        TreeSet<Integer> moments = new TreeSet<>();
        told.forEach(one -> moments.add(one.line()));
        calls.stream().filter(Call::isSync).forEach(sync -> moments.add(sync.end()));
        moments.removeIf(which.negate());
        return moments;
    }

    /** A step behind which something is durable; moments just before it is done, and just after. */
    private record Step(String what, String call, String path) {

        @Override
        public String toString() {
            return what;
        }

        boolean isIn(Call done) {
            return done.succeeded()
                    && done.name().matches(call)
                    && (done.isSync() ? done.openFile() : done.path(1)).matches(path);
        }
    }

    private static final String SYNC = "fsync|fdatasync";
    private static final String NAMING = "rename|renameat2?|link|linkat";

    /** All that the server writes while it runs. */
    private static List<Step> stepsOfARun() {
        return List.of(
                new Step("a content's bytes are synced", SYNC, ".*/contents/tmp/.*"),
                new Step("a content gets its name", NAMING, ".*/contents/[0-9a-f]{2}/.*"),
                new Step("a content's folder is synced", SYNC, ".*/contents/[0-9a-f]{2}"),
                new Step("submissions, records, evidence, publications: a transaction is synced", SYNC, ".*-wal"),
                new Step("the log file is moved into the database", SYNC, ".*/ledger\\.db"),
                new Step("the high-water text is synced", SYNC, ".*/\\.high-water\\.draft-.*"),
                new Step("the high-water text gets its name", NAMING, ".*/high-water"),
                new Step("the high-water file's folder is synced", SYNC, ".*/data"),
                new Step("a snapshot is synced", SYNC, ".*/snapshots/tmp/.*"),
                new Step("a snapshot gets its name", NAMING, ".*/snapshots/[0-9]+\\.map"),
                new Step("the folder of snapshots is synced", SYNC, ".*/snapshots"));
    }

    /** What only the first start writes. */
    private static List<Step> stepsOfTheFirstStart() {
        return List.of(
                new Step("the master key is synced", SYNC, ".*/\\.master\\.key\\.tmp-.*"),
                new Step("the master key gets its name", NAMING, ".*/master\\.key"),
                new Step("the key store's header is synced", SYNC, ".*/keys/\\.key-store\\.tmp-.*"),
                new Step("the key store's header gets its name", NAMING, ".*/keys/key-store"),
                new Step("a key is synced", SYNC, ".*/keys/[a-z-]+/\\..*"),
                new Step("a key gets its name", NAMING, ".*/keys/[a-z-]+/[^.].*"),
                new Step("a folder of keys is synced", SYNC, ".*/keys(/[a-z-]+)?"));
    }

    /** Moments around this step; neighbours, so that all steps of one publish are among them. */
    private List<Integer> around(Step step, Predicate<Call> which) {
        List<Call> done = calls.stream().filter(which).filter(step::isIn).toList();
        assertThat(done).as(step.what()).isNotEmpty();
        int count = step.path().endsWith("-wal") ? TRANSACTIONS : NEIGHBOURS;
        int first = new Random(seed).nextInt(Math.max(1, done.size() - count));
        TreeSet<Integer> moments = new TreeSet<>();
        done.stream().skip(first).limit(count).forEach(call -> {
            moments.add(call.end());
            moments.add(call.end() + 1);
        });
        return List.copyOf(moments);
    }

    private static List<Integer> some(Collection<Integer> moments, int count, Random random) {
        List<Integer> all = new ArrayList<>(moments);
        TreeSet<Integer> some = new TreeSet<>();
        while (some.size() < Math.min(count, all.size())) {
            some.add(all.get(random.nextInt(all.size())));
        }
        return List.copyOf(some);
    }

    private interface Look {
        void at(int moment, Path image) throws Exception;
    }

    /** Builds an image of each of these moments, in order, and has it looked at. */
    private void each(List<Integer> moments, Unsynced unsynced, Predicate<Call> ignoredSyncs, Look look)
            throws Exception {
        Random random = new Random(seed);
        DiskModel disk = new DiskModel(work.resolve("data"), ignoredSyncs);
        int next = 0;
        boolean second = false;
        for (Call call : calls) {
            if (call.begin() >= SECOND_TRACE && !second) {
                second = true;
                disk.newProcess();
            }
            while (next < moments.size() && moments.get(next) <= call.end()) {
                Path image = work.resolve("image");
                disk.image(image, unsynced, random);
                try {
                    look.at(moments.get(next), image);
                } catch (Throwable e) {
                    throw new AssertionError(
                            "power failure at line " + moments.get(next) + ", unsynced writes kept: " + unsynced
                                    + ", -Dlair.unsynced.seed=" + seed,
                            e);
                } finally {
                    delete(image);
                }
                next++;
            }
            disk.apply(call);
        }
        assertThat(next).isEqualTo(moments.size());
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path one, IOException failure) throws IOException {
                Files.delete(one);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    // --- what must be in an image ------------------------------------------------------------------------------------

    private List<Told> toldBy(int moment) {
        return told.stream().filter(one -> one.line() <= moment).toList();
    }

    /** Recovery succeeds, {@code fsck} finds nothing, and all that was told by then is there. */
    private void requireSound(int moment, Path image) throws Exception {
        LairSettings settings = TestSettings.of("storage", "embedded", "data", image.toString());
        try (OpenedStorage opened = OpenedStorage.open(settings, new SecureRandom(), Clock.systemUTC())) {
            LogIdentity identity = LogIdentity.find(opened.keys()).orElseThrow();
            LedgerCheck.run(opened.storage(), identity, EcdsaP256.INSTANCE);
            Told.requireKept(toldBy(moment), opened.storage());
            HighWaterFile mark = HighWaterFile.at(image.resolve("high-water"));
            HighWater highWater = new HighWater(
                    Optional.of(new HighWater.Mark() {
                        @Override
                        public Optional<String> read() {
                            return mark.read();
                        }

                        @Override
                        public void replace(String note) {
                            mark.replace(note);
                        }
                    }),
                    Optional.empty(),
                    identity.generation());
            Ledger recovered = new Ledger(
                    settings,
                    opened.storage(),
                    Optional::empty,
                    identity,
                    highWater,
                    Witnesses.NONE,
                    Clock.systemUTC(),
                    OpenLedger.noMeters());
            assertThat(recovered.failure()).isEmpty();
            recovered.stop();
        }
    }

    @Test
    void allThatWasToldIsThereWhenEveryUnsyncedWriteIsLost() throws Exception {
        Random random = new Random(seed);
        each(
                some(moments(line -> line > readyLine), LOOKED_INTO, random),
                Unsynced.NONE,
                none -> false,
                this::requireSound);
    }

    @Test
    void allThatWasToldIsThereWhenAnyOfTheUnsyncedWritesAreLost() throws Exception {
        Random random = new Random(~seed);
        each(
                some(moments(line -> line > readyLine), LOOKED_INTO, random),
                Unsynced.ANY,
                none -> false,
                this::requireSound);
    }

    @ParameterizedTest
    @MethodSource("stepsOfARun")
    void stoppedAtThisStepTheServerHasLostNothing(Step step) throws Exception {
        List<Integer> moments = around(step, call -> call.begin() > readyLine);
        // kill -9, and a power failure.
        each(moments, Unsynced.ALL, none -> false, this::requireSound);
        each(moments, Unsynced.NONE, none -> false, this::requireSound);
    }

    @ParameterizedTest
    @MethodSource("stepsOfTheFirstStart")
    void stoppedAtThisStepOfTheFirstStartTheNextStartMakesItGood(Step step) throws Exception {
        List<Integer> moments = around(step, call -> call.end() < readyLine);
        for (Unsynced unsynced : Unsynced.values()) {
            each(moments, unsynced, none -> false, (moment, image) -> {
                String origin = startsWithKeys(image);
                assertThat(startsWithKeys(image)).isEqualTo(origin);
            });
        }
    }

    /** Opens or makes storage, key store and the logs' keys, as a start does; answers the log's name. */
    private static String startsWithKeys(Path image) throws Exception {
        LairSettings settings = TestSettings.of("storage", "embedded", "data", image.toString());
        try (OpenedStorage opened = OpenedStorage.open(settings, new SecureRandom(), Clock.systemUTC())) {
            return LogIdentity.openOrCreate(opened.keys(), () -> "registry.example/again", new SecureRandom())
                    .origin();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "the log file of the database, .*/ledger\\.db-wal",
        "the database, .*/ledger\\.db",
        "the names of the data folder, .*/data",
        "the bytes of contents, .*/contents/[0-9a-z]+/.*",
        "the names of contents, .*/contents/[0-9a-f]{2}"
    })
    void withoutTheSyncOfAnyOfTheseSomethingIsLost(String what, String path) throws Exception {
        List<Integer> replies =
                told.stream().map(Told::line).filter(line -> line > readyLine).toList();
        List<Integer> last = replies.subList(replies.size() - 1, replies.size());
        assertThatThrownBy(
                        () -> each(last, Unsynced.NONE, call -> call.openFile().matches(path), this::requireSound))
                .as(what)
                .hasMessageContaining("power failure");
    }

    @Test
    void serverStartsFromWhatIsLeftAndPublishesWhatItTook() throws Exception {
        Random random = new Random(seed);
        List<Integer> moments = some(moments(line -> line > readyLine), STARTED_FROM, random);
        each(moments, Unsynced.ANY, none -> false, (moment, image) -> {
            startFrom(image);
            requireSound(moment, image);
        });
    }

    @Test
    void serverStartsFromWhatIsLeftOfItsVeryFirstStart() throws Exception {
        Random random = new Random(seed);
        List<Integer> moments = some(moments(line -> line < readyLine), STARTED_FROM, random);
        each(moments, Unsynced.ANY, none -> false, (moment, image) -> {
            startFrom(image);
            requireSound(moment, image);
        });
    }

    /** A server starts over it, takes another release and stops. */
    private static void startFrom(Path image) throws Exception {
        try (TracedServer server = TracedServer.start(List.of(), image)) {
            new WireAuthor("test:later").release(server.url(), 1);
            server.stop();
        }
    }
}

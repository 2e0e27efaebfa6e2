package dev.lair.bench;

import dev.lair.server.search.SearchRebuild;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.KeyFile;
import dev.lair.signing.PrivateKey;
import dev.lair.storage.Storage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code search}: how long the index takes to be made from the ledger, as {@code lair rebuild} makes it, and how long a search
 * takes over HTTP while clients ask one after the other without a pause. The clients run on the server's own cores. Each asks
 * something else, so that hardly an answer comes out of the server's memory of answers.
 */
final class SearchBench {

    private static final List<String> FLAGS = List.of("-Xmx512m");
    private static final Duration INDEXED_WITHIN = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final String COMPLETE = "complete";

    private final Workplace place;
    private final Size size;

    /**
     * How big a run is.
     *
     * @param packages released
     * @param versions of each
     * @param clients that ask at once
     * @param warmUp before searches are counted
     * @param run while they are
     */
    record Size(int packages, int versions, int clients, Duration warmUp, Duration run) {

        static final Size FULL = new Size(20_000, 5, 16, Duration.ofSeconds(20), Duration.ofSeconds(30));
        static final Size QUICK = new Size(2_000, 5, 16, Duration.ofSeconds(5), Duration.ofSeconds(5));
        static final Size SMOKE = new Size(50, 2, 2, Duration.ofMillis(100), Duration.ofMillis(300));
    }

    SearchBench(Workplace place, Size size) {
        this.place = place;
        this.size = size;
    }

    Findings run() throws IOException, InterruptedException {
        Path folder = place.folder().resolve("search-" + size.packages() + "-" + size.versions());
        SearchData data = new SearchData(size.packages(), size.versions());
        if (!Files.exists(folder.resolve(COMPLETE))) {
            generate(folder, data);
        }
        Map<String, String> settings = settings(folder);
        double rebuildSeconds;
        long packages;
        try (LocalLedger local = LocalLedger.open(withoutIndex(settings))) {
            Storage storage = local.storage();
            LairSettings typed = LocalLedger.settings(settings);
            long start = System.nanoTime();
            packages = SearchRebuild.run(storage, typed).packages().orElseThrow();
            rebuildSeconds = Pace.seconds(System.nanoTime() - start);
        }
        long versions = (long) size.packages() * size.versions();
        place.console().say("  rebuilt " + packages + " packages in " + rebuildSeconds + " s");
        Findings found = new Findings()
                .put("versions", versions)
                .put("packages", packages)
                .put("rebuild_per_second", versions / rebuildSeconds)
                .put("rebuild_s", rebuildSeconds);
        return found.putAll(searched(settings, data));
    }

    private static Map<String, String> settings(Path folder) {
        return Map.of(
                "lair.data",
                folder.resolve("data").toString(),
                "lair.operator-key-file",
                folder.resolve("operator.key").toString(),
                "lair.namespaces",
                "load",
                "lair.ledger.origin",
                "bench.example");
    }

    private static Map<String, String> withoutIndex(Map<String, String> settings) {
        Map<String, String> without = new HashMap<>(settings);
        without.put("lair.search.enabled", "false");
        return without;
    }

    private void generate(Path folder, SearchData data) throws IOException, InterruptedException {
        Workplace.delete(folder);
        Files.createDirectories(folder);
        place.console().say("releasing " + size.packages() * size.versions() + " versions; they are kept in " + folder);
        KeyFile.replace(folder.resolve("operator.key"), PrivateKey.generate(new SecureRandom()));
        try (LocalLedger local = LocalLedger.open(withoutIndex(settings(folder)))) {
            data.release(local.ledger(), local.storage().facts(), place.console());
        }
        Files.createFile(folder.resolve(COMPLETE));
    }

    private Findings searched(Map<String, String> settings, SearchData data) throws IOException, InterruptedException {
        try (ServerProcess server = ServerProcess.start(place.server(), FLAGS, settings)) {
            InetSocketAddress address = server.address();
            awaitIndex(address);
            ask(address, data, size.warmUp(), new Latencies());
            Latencies latencies = new Latencies();
            Duration cpu = server.cpu();
            long start = System.nanoTime();
            long hits = ask(address, data, size.run(), latencies);
            double seconds = Pace.seconds(System.nanoTime() - start);
            double cpuSeconds = Pace.seconds(server.cpu().minus(cpu).toNanos());
            return new Findings()
                    .put("clients", size.clients())
                    .put("p50_ms", latencies.millis(0.5))
                    .put("p95_ms", latencies.millis(0.95))
                    .put("p99_ms", latencies.millis(0.99))
                    .put("searches", latencies.count())
                    .put("searches_per_second", latencies.count() / seconds)
                    .put("searches_per_cpu_second", latencies.count() / cpuSeconds)
                    .put("hits_per_search", (double) hits / Math.max(1, latencies.count()))
                    .put("rss_mb", server.memoryMb("VmRSS"))
                    .put("warm_up", "the same searches for " + size.warmUp().toSeconds() + " s in front")
                    .put("server_jvm_flags", place.serverLine(FLAGS));
        }
    }

    private void awaitIndex(InetSocketAddress address) throws IOException {
        long until = System.nanoTime() + INDEXED_WITHIN.toNanos();
        try (HttpConnection connection = new HttpConnection(address)) {
            while (total(connection.get("/api/v1/search?q=namespace:load&limit=1")) < size.packages()) {
                if (System.nanoTime() > until) {
                    throw new IOException("not everything is indexed within " + INDEXED_WITHIN.toSeconds() + " s");
                }
                Pace.rest(POLL);
            }
        }
    }

    private static int total(HttpConnection.Reply reply) throws IOException {
        if (reply.status() != 200) {
            throw new IOException("a search was answered " + reply.status() + ": " + reply.text());
        }
        JsonNode body = JsonMapper.shared().readTree(reply.body());
        return body.get("total").asInt();
    }

    /** Has all clients ask for so long; answers how many hits were shown. */
    private long ask(InetSocketAddress address, SearchData data, Duration run, Latencies latencies)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + run.toNanos();
        long seed = until;
        List<Future<Long>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(size.clients())) {
            for (int i = 0; i < size.clients(); i++) {
                Random random = new Random(seed + i);
                Callable<Long> client = () -> client(address, data, random, until, latencies);
                clients.add(threads.submit(client));
            }
            long hits = 0;
            for (Future<Long> each : clients) {
                hits += each.get();
            }
            return hits;
        } catch (ExecutionException e) {
            throw new IOException("a client broke off", e.getCause());
        }
    }

    private static long client(
            InetSocketAddress address, SearchData data, Random random, long until, Latencies latencies)
            throws IOException {
        long hits = 0;
        try (HttpConnection connection = new HttpConnection(address)) {
            while (System.nanoTime() < until) {
                String query = URLEncoder.encode(data.query(random), StandardCharsets.UTF_8);
                long start = System.nanoTime();
                HttpConnection.Reply reply = connection.get("/api/v1/search?q=" + query);
                latencies.note(System.nanoTime() - start);
                if (reply.status() != 200) {
                    throw new IOException("a search was answered " + reply.status() + ": " + reply.text());
                }
                hits += reply.text().split("\"releasedAt\"", -1).length - 1;
            }
        }
        return hits;
    }
}

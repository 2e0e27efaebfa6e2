package dev.lair.bench;

import dev.lair.server.settings.OpenedStorage;
import dev.lair.signing.KeyFile;
import dev.lair.signing.MasterKey;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.note.NoteKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code ledger}: how much the ledger takes, on SQLite and on PostgreSQL. Per store, in this order: generate the map; records
 * per second in this process; then the server as a process of its own, publishes per second and publish-to-proof; then the
 * same server with three witnesses, all of which must cosign.
 */
final class LedgerBench {

    private static final String[] KEYS = {
        "records_per_second",
        "batch",
        "map_packages",
        "http_publishes_per_second",
        "publish_to_proof_p50_ms",
        "publish_to_proof_p99_ms",
        "witnessed_p99_ms"
    };
    private static final int PRODUCERS = 2;
    private static final int WITNESSES = 3;

    private final Workplace place;
    private final Scale scale;
    private final Console console;
    private final PrivateKey author = PrivateKey.generate(new SecureRandom());
    private final PrivateKey operator = PrivateKey.generate(new SecureRandom());

    /** Which stores are measured. */
    enum Store {
        SQLITE,
        POSTGRES
    }

    /** The database server, where there is one. */
    private interface Neighbour {

        Neighbour NONE = new Neighbour() {
            @Override
            public Duration cpu() {
                return Duration.ZERO;
            }

            @Override
            public void settle() {}
        };

        /** Processor time so far. */
        Duration cpu();

        /** As {@link PostgresProcess#settle}. */
        void settle() throws IOException;
    }

    private static Neighbour neighbour(PostgresProcess database) {
        return new Neighbour() {
            @Override
            public Duration cpu() {
                return database.cpu();
            }

            @Override
            public void settle() throws IOException {
                database.settle();
            }
        };
    }

    LedgerBench(Workplace place, Scale scale) {
        this.place = place;
        this.scale = scale;
        this.console = place.console();
    }

    Findings run(List<Store> stores) throws IOException, InterruptedException {
        Path work = place.empty("ledger");
        try {
            console.say("names and ids of " + scale.mapPackages() + " packages");
            SyntheticLogs logs = new SyntheticLogs(scale.mapPackages());
            SignedPool pool = SignedPool.open(place, logs, scale.signedRecords(), PRODUCERS);
            Findings findings = new Findings();
            for (Store store : Store.values()) {
                findings.put(
                        store.name().toLowerCase(java.util.Locale.ROOT),
                        stores.contains(store)
                                ? measure(store, work, logs, pool)
                                : new Findings().missing("not asked for", KEYS));
            }
            return findings.put("server_jvm_flags", place.serverLine(place.serverFlags()))
                    .put(
                            "warm_up",
                            scale.recordWarmUp().toMillis() + " ms of records, "
                                    + scale.httpWarmUp().toMillis() + " ms of publishes, in the measured processes")
                    .put(
                            "records",
                            "signed ahead, drawn uniformly over all packages, handed in by " + PRODUCERS
                                    + " threads of the same process; log, map, evidence log and checkpoints as in production")
                    .put(
                            "publishes",
                            "distinct contents of " + Release.CONTENT_BYTES
                                    + " bytes through the warg door, ten releases to a package; records signed ahead;"
                                    + " clients share the server's cores")
                    .put(
                            "witnesses",
                            WITNESSES + " in the bench's process over loopback HTTP, each keeps what it"
                                    + " cosigns in a synced file; all must cosign, lair.witness.mode closed");
        } finally {
            Workplace.delete(work);
        }
    }

    /**
     * Nothing is deleted before all is measured: ext4 passes over every inode that was deleted in the last minutes whenever
     * it makes a file, and after a hundred thousand of them that costs an upload more than all else.
     */
    private Findings measure(Store store, Path work, SyntheticLogs logs, SignedPool pool)
            throws IOException, InterruptedException {
        console.say("== " + store);
        Path folder = Files.createDirectories(work.resolve(store.name()));
        if (store == Store.SQLITE) {
            return measure(settings(folder), folder, logs, pool, Neighbour.NONE);
        }
        PostgresProcess database;
        try {
            database = PostgresProcess.start(folder.resolve("postgres"));
        } catch (IOException e) {
            console.say("PostgreSQL is not measured: " + e.getMessage());
            return new Findings().missing("no PostgreSQL: " + e.getMessage(), KEYS);
        }
        try (database) {
            Map<String, String> settings = new HashMap<>(settings(folder));
            settings.put("lair.storage", "postgres");
            database.settings(folder).forEach(settings::put);
            Path masterKey = folder.resolve("master.key");
            if (!Files.exists(masterKey)) {
                MasterKey.createFile(masterKey, new SecureRandom());
            }
            settings.put("lair.master-key-file", masterKey.toString());
            return measure(settings, folder, logs, pool, neighbour(database))
                    .put("postgres_version", database.ask("SHOW server_version"))
                    .put("postgres_fsync", database.ask("SHOW fsync"))
                    .put("postgres_full_page_writes", database.ask("SHOW full_page_writes"))
                    .put("postgres_synchronous_commit", database.ask("SHOW synchronous_commit"))
                    .put("postgres_shared_buffers", database.ask("SHOW shared_buffers"))
                    .put("postgres_max_wal_size", database.ask("SHOW max_wal_size"));
        }
    }

    private Map<String, String> settings(Path folder) throws IOException {
        Path keyFile = folder.resolve("operator.key");
        KeyFile.replace(keyFile, operator);
        return Map.of(
                "lair.data",
                folder.resolve("data").toString(),
                "lair.operator-key-file",
                keyFile.toString(),
                "lair.namespaces",
                "bench,load",
                "lair.ledger.origin",
                "bench.example");
    }

    private Findings measure(
            Map<String, String> settings, Path folder, SyntheticLogs logs, SignedPool pool, Neighbour database)
            throws IOException, InterruptedException {
        generate(settings, logs);
        Findings findings;
        List<NoteKey> noteKeys = new ArrayList<>();
        console.say("records per second, in this process");
        try (LocalLedger local = LocalLedger.open(settings)) {
            findings = RecordRun.run(
                    local.ledger(),
                    pool,
                    local.settings().ledger().queueRecords(),
                    scale.recordWarmUp(),
                    scale.recordRun());
            findings.put("batch", local.settings().ledger().batchRecords());
            noteKeys.addAll(local.ledger().noteKeys());
            noteKeys.addAll(local.ledger().evidenceKeys());
        }
        console.say("  " + findings.line());
        database.settle();
        findings.putAll(overHttp(settings, database::cpu));
        database.settle();
        findings.putAll(witnessed(settings, folder, noteKeys));
        return findings;
    }

    /** Begins a registry and fills it. */
    private void generate(Map<String, String> settings, SyntheticLogs logs) throws IOException {
        LocalLedger.open(settings).close();
        try (OpenedStorage opened = LocalLedger.openStorage(settings)) {
            long young = opened.storage().ledger().state().treeSize();
            new SyntheticLedger(opened.storage(), logs, author, console).growTo(young + scale.mapPackages());
        }
    }

    private Findings overHttp(Map<String, String> settings, Supplier<Duration> database)
            throws IOException, InterruptedException {
        int perClient =
                releases(scale.httpWarmUp().plus(scale.httpRun()), scale.publishesPerSecond()) / scale.connections();
        try (ServerProcess server = ServerProcess.start(place.server(), place.serverFlags(), settings)) {
            PublishRun run = new PublishRun(server.address(), operator.publicKey());
            // Before the full load: what that leaves to the disk would be waited for here.
            warmUp(run, "plain-warm-up");
            Findings findings = untilProof(run, "publish_to_proof", scale.proofLoads());
            console.say("signing " + perClient * scale.connections() + " releases ahead");
            List<List<Release>> rows = Release.sign("full", scale.connections(), perClient, author);
            console.say("publishes per second, " + scale.connections() + " clients");
            Findings full = run.atFullLoad(rows, scale.httpWarmUp(), scale.httpRun(), server::cpu, database);
            console.say("  " + full.line());
            return findings.putAll(full);
        }
    }

    private static int releases(Duration time, int perSecond) {
        return Math.toIntExact(time.toMillis() * perSecond / 1000);
    }

    /** A cold server at the load at which it is measured. */
    private void warmUp(PublishRun run, String packages) throws IOException {
        int load = scale.proofLoads().getFirst();
        console.say("warm-up of the server at " + load + " publishes per second");
        List<List<Release>> rows = Release.sign(packages, releases(scale.httpWarmUp(), load), 1, author);
        run.atLoad(load, rows.stream().map(List::getFirst).toList());
    }

    /** Publish-to-proof at each load; the first gets the plain keys. */
    private Findings untilProof(PublishRun run, String prefix, List<Integer> loads) throws IOException {
        Findings findings = new Findings();
        List<Findings> all = new ArrayList<>();
        for (int load : loads) {
            console.say(prefix + " at " + load + " publishes per second");
            // Packages of their own: nothing waits for another's record.
            List<List<Release>> rows =
                    Release.sign(prefix.replace('_', '-') + "-l" + load, releases(scale.proofRun(), load), 1, author);
            Latencies latencies =
                    run.atLoad(load, rows.stream().map(List::getFirst).toList());
            Findings one = new Findings()
                    .put("load_per_second", load)
                    .put("p50_ms", latencies.millis(0.5))
                    .put("p99_ms", latencies.millis(0.99))
                    .put("worst_ms", latencies.millis(1));
            console.say("  " + one.line());
            all.add(one);
            if (all.size() == 1) {
                findings.put(prefix + "_p50_ms", latencies.millis(0.5))
                        .put(prefix + "_p99_ms", latencies.millis(0.99))
                        .put(prefix + "_load_per_second", load);
            }
        }
        return findings.putParts(prefix + "_by_load", all);
    }

    private Findings witnessed(Map<String, String> settings, Path folder, List<NoteKey> logKeys)
            throws IOException, InterruptedException {
        List<LoopbackWitness> witnesses = new ArrayList<>();
        try {
            for (int i = 0; i < WITNESSES; i++) {
                witnesses.add(new LoopbackWitness("witness-" + i, logKeys, folder.resolve("witness-" + i)));
            }
            Path policy = folder.resolve("witness-policy");
            Files.writeString(policy, LoopbackWitness.policy(witnesses).format());
            Map<String, String> watched = new HashMap<>(settings);
            watched.put("lair.witness.policy-file", policy.toString());
            watched.put("lair.witness.mode", "closed");
            try (ServerProcess server = ServerProcess.start(place.server(), place.serverFlags(), watched)) {
                PublishRun run = new PublishRun(server.address(), operator.publicKey());
                warmUp(run, "witness-warm-up");
                return untilProof(run, "witnessed", scale.proofLoads());
            }
        } finally {
            witnesses.forEach(LoopbackWitness::close);
        }
    }
}

package dev.lair.bench;

import dev.lair.server.settings.OpenedStorage;
import dev.lair.storage.LedgerEntry;
import dev.lair.transparency.LogLeaf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code start}: how long a registry with a large ledger is away. From the start of the process to the first checkpoint that
 * it shows, and to the first proof that a client verified; medians of several starts, with the page cache emptied before
 * each where that is allowed.
 */
final class StartBench {

    static final List<String> FLAGS = List.of("-Xmx512m");

    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration GIVE_UP = Duration.ofMinutes(2);

    private final Workplace place;
    private final Scale scale;

    /** One start. */
    private record Start(double answerSeconds, double proofSeconds, double rssMb, boolean cold) {}

    StartBench(Workplace place, Scale scale) {
        this.place = place;
        this.scale = scale;
    }

    Findings run() throws IOException, InterruptedException {
        LargeLedger large = LargeLedger.open(place, scale);
        long leaves;
        LedgerEntry newest;
        try (OpenedStorage opened = LocalLedger.openStorage(large.settings())) {
            leaves = opened.storage().ledger().state().treeSize();
            // The newest record is the head of its log in every later map too: nothing is published here.
            newest = opened.storage().ledger().entryAt(leaves - 1).orElseThrow();
        }
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < scale.starts(); i++) {
            Start start = start(large, newest);
            place.console().say("  start " + (i + 1) + ": " + start);
            starts.add(start);
        }
        return new Findings()
                .put("leaves", leaves)
                .put(
                        "first_answer_s",
                        median(starts.stream().map(Start::answerSeconds).toList()))
                .put(
                        "first_proof_s",
                        median(starts.stream().map(Start::proofSeconds).toList()))
                .put("rss_mb", median(starts.stream().map(Start::rssMb).toList()))
                .putFigures(
                        "first_proof_s_of_each",
                        starts.stream().map(Start::proofSeconds).toList())
                .put("page_cache_dropped", starts.stream().allMatch(Start::cold))
                .put("warm_up", "none: a start is cold")
                .put("server_jvm_flags", place.serverLine(FLAGS));
    }

    private static double median(List<Double> figures) {
        return Latencies.median(figures.stream().mapToDouble(figure -> figure).toArray());
    }

    private Start start(LargeLedger large, LedgerEntry newest) throws IOException, InterruptedException {
        boolean cold = Machine.dropPageCache();
        int port = freePort();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        long start = System.nanoTime();
        try (ServerProcess server = ServerProcess.begin(place.server(), FLAGS, port, large.settings());
                Door door = firstAnswer(server, address, large, start)) {
            double answered = Pace.seconds(System.nanoTime() - start);
            door.prove(new LogLeaf(newest.logId(), newest.recordId()), newest.leafIndex());
            double proven = Pace.seconds(System.nanoTime() - start);
            return new Start(answered, proven, server.memoryMb("VmRSS"), cold);
        }
    }

    /** Asks until there is a checkpoint. */
    private static Door firstAnswer(ServerProcess server, InetSocketAddress address, LargeLedger large, long start)
            throws IOException {
        while (true) {
            try {
                Door door = new Door(address, large.operator().publicKey());
                door.checkpoint();
                return door;
            } catch (IOException notYet) {
                if (!server.isAlive() || System.nanoTime() - start > GIVE_UP.toNanos()) {
                    throw new IOException("the server does not answer:\n" + server.output(), notYet);
                }
                Pace.rest(POLL);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

package dev.lair.cli;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lair.registry.PackageName;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.Problem;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.PackedLedger;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.ConsistencyRequest;
import dev.lair.registry.warg.WargBodies.ConsistencyResponse;
import dev.lair.registry.warg.WargBodies.ContentSource;
import dev.lair.registry.warg.WargBodies.ContentSourcesResponse;
import dev.lair.registry.warg.WargBodies.FetchLogsRequest;
import dev.lair.registry.warg.WargBodies.FetchLogsResponse;
import dev.lair.registry.warg.WargBodies.FetchNamesRequest;
import dev.lair.registry.warg.WargBodies.FetchNamesResponse;
import dev.lair.registry.warg.WargBodies.InclusionRequest;
import dev.lair.registry.warg.WargBodies.InclusionResponse;
import dev.lair.registry.warg.WargBodies.LedgerResponse;
import dev.lair.registry.warg.WargBodies.LedgerSource;
import dev.lair.registry.warg.WargBodies.MissingContent;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.PublishedRecord;
import dev.lair.registry.warg.WargBodies.RecordStatus;
import dev.lair.registry.warg.WargBodies.UploadEndpoint;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import dev.lair.registry.warg.WargPaths;
import dev.lair.signing.Signer;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProof;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A registry in memory that speaks the warg API as far as the client asks, under a path prefix, and tells the truth of
 * its {@link Ledger} except where a test makes it lie.
 */
final class FakeRegistry implements AutoCloseable {

    static final String PREFIX = "/under/here/";
    static final long EPOCH_SECONDS = 1_700_000_065L;

    /** A reply on its way out. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, byte[] body, Map<String, String> headers) {

        static Answer ok(Object body) {
            return new Answer(200, WargJson.write(body), Map.of());
        }

        static Answer api(int status, Object body) {
            return new Answer(status, ApiJson.write(body), Map.of("Content-Type", ApiJson.CONTENT_TYPE));
        }

        static Answer problem(Problem.Kind kind, String detail) {
            return api(kind.status(), kind.problem(detail, "req"));
        }

        static Answer done() {
            return new Answer(204, new byte[0], Map.of());
        }

        static Answer error(WargError error) {
            return new Answer(error.status(), WargJson.write(error), Map.of());
        }

        Answer with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Answer(status, body, more);
        }
    }

    private final HttpServer server;
    private final Map<String, UnaryOperator<Answer>> lies = new LinkedHashMap<>();
    private final Map<Digest, byte[]> contents = new HashMap<>();
    private final Map<RecordId, Submitted> submitted = new HashMap<>();

    /**
     * A request to the Lair API.
     *
     * @param query decoded; empty without one
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Asked(String path, String query, Map<String, List<String>> headers, byte[] body) {

        /** The only value of a header, or none. */
        String header(String name) {
            return String.join("|", headers.getOrDefault(name, List.of()));
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final Map<String, Function<Asked, Answer>> handlers = new HashMap<>();

    /** Requests with all that they carried, in order. */
    final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** Answers requests like {@code GET api/v1/account} from now on. */
    void on(String request, Function<Asked, Answer> handler) {
        handlers.put(request, handler);
    }

    /** Content that the registry has. */
    void content(byte[] content) {
        contents.put(Digest.of(content), content);
    }

    /** Requests so far, like {@code GET v1/fetch/checkpoint}. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** The static tree over the same ledger. */
    final FakeTree tree = new FakeTree();

    Ledger ledger;
    Signer checkpointSigner = Vectors.ALICE;

    /** The token without which nobody is let in anywhere, as with `lair.access=private`; null lets everybody in. */
    @Nullable
    String wanted;

    /** Records of one log in one reply. */
    int pageLimit = 1000;

    /** How often a record is `processing` before it is decided. */
    int pollsUntilDecided = 1;

    /** Why records are rejected; null publishes them. */
    @Nullable
    String rejection;

    /** A record that was posted. */
    private static final class Submitted {
        final PackageName name;
        final SignedPackageRecord record;
        int polls;
        RecordStatus status;

        Submitted(PackageName name, SignedPackageRecord record, RecordStatus status) {
            this.name = name;
            this.record = record;
            this.status = status;
        }
    }

    FakeRegistry(Ledger ledger) {
        this.ledger = ledger;
        contents.put(Digest.of(Vectors.CONTENT), Vectors.CONTENT);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PREFIX.substring(0, PREFIX.length() - 1);
    }

    /** From now on answers to paths that start with {@code path} pass through {@code lie}. */
    void lie(String path, UnaryOperator<Answer> lie) {
        lies.put(path, lie);
    }

    /** The same for the body of a successful answer. */
    <T> void lie(String path, Class<T> type, UnaryOperator<T> lie) {
        lie(path, answer -> {
            if (answer.status() / 100 != 2) {
                return answer;
            }
            try {
                return new Answer(
                        answer.status(),
                        WargJson.write(lie.apply(WargJson.readReply(answer.body(), type))),
                        answer.headers());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    void honest() {
        lies.clear();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        Answer answer;
        try {
            if (path.startsWith(PREFIX)) {
                String rest = path.substring(PREFIX.length());
                requests.add(exchange.getRequestMethod() + " " + rest);
                String query = exchange.getRequestURI().getQuery();
                Asked request =
                        new Asked(rest, query == null ? "" : query, Map.copyOf(exchange.getRequestHeaders()), body);
                asked.add(request);
                Function<Asked, Answer> handler = handlers.get(exchange.getRequestMethod() + " " + rest);
                if (wanted != null && !request.header("Authorization").equals("Bearer " + wanted)) {
                    answer =
                            Answer.error(WargError.message(401, "members only")).with("WWW-Authenticate", "Bearer");
                } else {
                    answer = handler == null ? honest(rest, body) : handler.apply(request);
                }
                for (Map.Entry<String, UnaryOperator<Answer>> lie : lies.entrySet()) {
                    if (rest.startsWith(lie.getKey())) {
                        answer = lie.getValue().apply(answer);
                    }
                }
            } else {
                answer = Answer.error(WargError.message(404, "outside of the path prefix"));
            }
        } catch (Exception | AssertionError e) {
            answer = Answer.error(WargError.message(500, "the fake failed: " + e));
        }
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.close();
    }

    private Answer honest(String path, byte[] body) {
        try {
            return answer(path, body);
        } catch (Exception | AssertionError e) {
            return Answer.error(WargError.message(500, "the fake failed: " + e));
        }
    }

    private Answer answer(String path, byte[] body) throws Exception {
        if (path.startsWith("v1/package/")) {
            return packageApi(path.split("/"), body);
        }
        if (path.startsWith("content/")) {
            Digest digest = Digest.parseHexOnly(path.substring("content/sha256-".length()));
            return new Answer(200, requireNonNull(contents.get(digest)), Map.of());
        }
        if (path.startsWith("v1/content/")) {
            Digest digest = Digest.parse(path.substring("v1/content/".length()));
            byte[] content = contents.get(digest);
            return content == null
                    ? Answer.error(WargError.contentNotFound(digest))
                    : Answer.ok(new ContentSourcesResponse(Map.of(
                            digest,
                            List.of(ContentSource.httpGet(url() + "/" + WargPaths.content(digest), content.length)))));
        }
        return switch (path) {
            case WargPaths.FETCH_CHECKPOINT ->
                Answer.ok(CheckpointBody.of(ledger.signed(checkpointSigner, EPOCH_SECONDS)));
            case WargPaths.FETCH_LOGS -> fetchLogs(WargJson.read(body, FetchLogsRequest.class));
            case WargPaths.FETCH_NAMES -> fetchNames(WargJson.read(body, FetchNamesRequest.class));
            case WargPaths.PROVE_CONSISTENCY -> proveConsistency(WargJson.read(body, ConsistencyRequest.class));
            case WargPaths.PROVE_INCLUSION -> proveInclusion(WargJson.read(body, InclusionRequest.class));
            case WargPaths.LEDGER ->
                Answer.ok(new LedgerResponse(
                        "sha256",
                        List.of(new LedgerSource(
                                0, ledger.size() - 1, WargPaths.ledgerRecords(0), PackedLedger.CONTENT_TYPE, null))));
            case "v1/ledger/records/0" -> new Answer(200, packedLedger(), Map.of());
            default -> {
                tree.published(ledger);
                yield tree.answer(ledger, path, url());
            }
        };
    }

    private Answer fetchLogs(FetchLogsRequest request) {
        Ledger then = ledger.first(Math.toIntExact(request.logLength()));
        boolean[] more = {false};
        List<PublishedRecord> operator = page(then, OperatorLog.LOG_ID, request.operator(), more);
        Map<LogId, List<PublishedRecord>> packages = new LinkedHashMap<>();
        if (request.packages() != null) {
            for (Map.Entry<LogId, @Nullable String> asked : request.packages().entrySet()) {
                if (then.head(asked.getKey()).isEmpty()) {
                    return Answer.error(WargError.logNotFound(asked.getKey()));
                }
                packages.put(asked.getKey(), page(then, asked.getKey(), asked.getValue(), more));
            }
        }
        return Answer.ok(new FetchLogsResponse(more[0], operator, packages, null));
    }

    private List<PublishedRecord> page(Ledger then, LogId log, @Nullable String token, boolean[] more) {
        List<PublishedRecord> page = new ArrayList<>();
        boolean seen = token == null;
        for (int i = 0; i < then.size(); i++) {
            Ledger.Entry entry = then.entries().get(i);
            if (!entry.log().equals(log)) {
                continue;
            }
            if (seen) {
                if (page.size() == pageLimit) {
                    more[0] = true;
                    return page;
                }
                page.add(new PublishedRecord(
                        entry.signed().contentBytes(),
                        entry.signed().keyId(),
                        entry.signed().signature(),
                        i,
                        entry.id().toString()));
            }
            seen |= entry.id().toString().equals(token);
        }
        return page;
    }

    private Answer fetchNames(FetchNamesRequest request) {
        Map<LogId, @Nullable String> names = new LinkedHashMap<>();
        for (LogId log : request.packages()) {
            names.put(
                    log,
                    ledger.head(log).map(entry -> String.valueOf(entry.name())).orElse(null));
        }
        return Answer.ok(new FetchNamesResponse(names));
    }

    private Answer proveConsistency(ConsistencyRequest request) {
        return Answer.ok(new ConsistencyResponse(LogProofBundle.consistency(ledger::node, request.from(), request.to())
                .encode()));
    }

    private Answer proveInclusion(InclusionRequest request) {
        Ledger then = ledger.first(Math.toIntExact(request.logLength()));
        List<MapProof> proofs = new ArrayList<>();
        for (long leaf : request.leafs()) {
            if (leaf >= then.size()) {
                return Answer.error(WargError.leafNotFound(leaf));
            }
            Ledger.Entry entry = then.entries().get(Math.toIntExact(leaf));
            if (!then.map().head(entry.log()).equals(Optional.of(entry.id()))) {
                return Answer.error(WargError.packageNotIncluded(entry.log()));
            }
            proofs.add(then.map().prove(entry.log()));
        }
        return Answer.ok(new InclusionResponse(
                LogProofBundle.inclusion(ledger::node, request.logLength(), request.leafs())
                        .encode(),
                MapProofBundle.of(proofs).encode()));
    }

    private byte[] packedLedger() {
        ByteBuffer packed = ByteBuffer.allocate(64 * ledger.size());
        ledger.entries()
                .forEach(entry -> packed.put(entry.log().bytes()).put(entry.id().bytes()));
        return packed.array();
    }

    /** {@code v1/package/{log}/record[/{record}[/content/{digest}]]}. */
    private Answer packageApi(String[] path, byte[] body) throws Exception {
        if (path.length == 4) {
            return submit(WargJson.read(body, PublishRequest.class));
        }
        Submitted record = submitted.get(RecordId.parse(path[4]));
        if (record == null) {
            return Answer.error(WargError.recordNotFound(RecordId.parse(path[4])));
        }
        if (path.length == 5) {
            decideWhenPolled(record);
            return Answer.ok(record.status);
        }
        if (!Digest.of(body).toString().equals(path[6])) {
            return Answer.error(WargError.message(400, "wrong content"));
        }
        contents.put(Digest.of(body), body);
        record.status = RecordStatus.processing(record.record.id());
        return new Answer(201, new byte[0], Map.of());
    }

    private Answer submit(PublishRequest request) throws Exception {
        PackageName name = PackageName.parse(request.packageName());
        SignedPackageRecord record = SignedPackageRecord.decode(request.record().signedRecord());
        Submitted pending = new Submitted(name, record, RecordStatus.processing(record.id()));
        for (PackageEntry entry : record.contents().entries()) {
            if (entry instanceof PackageEntry.Release release && !contents.containsKey(release.content())) {
                String upload = WargPaths.uploadContent(name.logId(), record.id(), release.content());
                pending.status = RecordStatus.sourcing(
                        record.id(),
                        Map.of(release.content(), new MissingContent(List.of(UploadEndpoint.post(upload)))));
            }
        }
        submitted.put(record.id(), pending);
        return new Answer(202, WargJson.write(pending.status), Map.of());
    }

    /** A record of somebody else that is on its way. */
    void pending(PackageName name, SignedPackageRecord record) {
        submitted.put(record.id(), new Submitted(name, record, RecordStatus.processing(record.id())));
    }

    private void decideWhenPolled(Submitted pending) {
        if (pending.status.state() != RecordStatus.State.PROCESSING || pending.polls++ < pollsUntilDecided) {
            return;
        }
        if (rejection != null) {
            pending.status = RecordStatus.rejected(pending.record.id(), rejection);
            return;
        }
        ledger = ledger.plus(Ledger.Entry.of(pending.name, pending.record));
        pending.status = RecordStatus.published(pending.record.id(), ledger.size() - 1);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    static Answer html() {
        return new Answer(200, "<!doctype html><p>hello".getBytes(StandardCharsets.UTF_8), Map.of());
    }
}

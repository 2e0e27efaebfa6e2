package dev.lair.cli.client;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.time.Budget;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.ConsistencyRequest;
import dev.lair.registry.warg.WargBodies.ConsistencyResponse;
import dev.lair.registry.warg.WargBodies.ContentSourcesResponse;
import dev.lair.registry.warg.WargBodies.FetchLogsRequest;
import dev.lair.registry.warg.WargBodies.FetchLogsResponse;
import dev.lair.registry.warg.WargBodies.FetchNamesRequest;
import dev.lair.registry.warg.WargBodies.FetchNamesResponse;
import dev.lair.registry.warg.WargBodies.InclusionRequest;
import dev.lair.registry.warg.WargBodies.InclusionResponse;
import dev.lair.registry.warg.WargBodies.LedgerResponse;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.RecordStatus;
import dev.lair.registry.warg.WargBodies.UploadEndpoint;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import dev.lair.registry.warg.WargPaths;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One method for each call of the warg API v1 (warg protocol, section 4). A reply is well formed or a {@link Fault};
 * whether it is true is not asked here. An error reply is a {@link RegistryRefused}.
 *
 * <p>API calls follow no redirect, so that what is remembered about a registry stays filed under the address that
 * answers. Content may come from anywhere, because its digest is checked.
 */
public final class RegistryClient implements AutoCloseable {

    private static final String USER_AGENT = "lair-cli";
    private static final List<String> UPLOAD_HEADERS = List.of("authorization", "content-type");

    private final RegistryUrl registry;
    private final Budget budget;
    private final Credential.Source credentials;
    private final HttpClient http;

    /** What the registry wanted to see; threads that find out at once show the same. */
    private volatile @Nullable Credential shown;

    public RegistryClient(RegistryUrl registry) {
        this(registry, Budget.unlimited());
    }

    /** @param budget time for everything that is asked of the registry */
    public RegistryClient(RegistryUrl registry, Budget budget) {
        this(registry, budget, Optional::empty, Optional.empty());
    }

    /**
     * @param credentials asked when the registry lets nobody in without a token; it is sent to the registry alone
     * @param authorities who may vouch for certificates; those that Java knows when it is empty
     */
    public RegistryClient(
            RegistryUrl registry, Budget budget, Credential.Source credentials, Optional<SSLContext> authorities) {
        this.registry = registry;
        this.budget = budget;
        this.credentials = credentials;
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(Limits.CONNECT).followRedirects(HttpClient.Redirect.NEVER);
        authorities.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** Where the registry is. */
    public RegistryUrl registry() {
        return registry;
    }

    public CheckpointBody checkpoint() throws Fault, RegistryRefused {
        return get(WargPaths.FETCH_CHECKPOINT, "give its checkpoint", CheckpointBody.class);
    }

    public FetchLogsResponse fetchLogs(FetchLogsRequest request) throws Fault, RegistryRefused {
        return post(WargPaths.FETCH_LOGS, "give its logs", request, FetchLogsResponse.class);
    }

    public FetchNamesResponse fetchNames(List<LogId> logs) throws Fault, RegistryRefused {
        FetchNamesRequest request = new FetchNamesRequest(logs);
        return post(WargPaths.FETCH_NAMES, "name its logs", request, FetchNamesResponse.class);
    }

    public ConsistencyResponse proveConsistency(long from, long to) throws Fault, RegistryRefused {
        ConsistencyRequest request = new ConsistencyRequest(from, to);
        return post(WargPaths.PROVE_CONSISTENCY, "prove consistency", request, ConsistencyResponse.class);
    }

    public InclusionResponse proveInclusion(long logLength, List<Long> leaves) throws Fault, RegistryRefused {
        InclusionRequest request = new InclusionRequest(logLength, leaves);
        return post(WargPaths.PROVE_INCLUSION, "prove inclusion", request, InclusionResponse.class);
    }

    public ContentSourcesResponse contentSources(Digest content) throws Fault, RegistryRefused {
        return get(WargPaths.contentSources(content), "say where content is", ContentSourcesResponse.class);
    }

    public LedgerResponse ledger() throws Fault, RegistryRefused {
        return get(WargPaths.LEDGER, "list its ledger", LedgerResponse.class);
    }

    public RecordStatus publish(LogId log, PublishRequest request) throws Fault, RegistryRefused {
        return post(WargPaths.publishRecord(log), "publish", request, RecordStatus.class);
    }

    public RecordStatus record(LogId log, RecordId record) throws Fault, RegistryRefused {
        return get(WargPaths.packageRecord(log, record), "tell the state of a record", RecordStatus.class);
    }

    /** Bytes at an address that the registry named, at most {@code maxBytes}. */
    public byte[] bytes(String address, long maxBytes) throws Fault, RegistryRefused {
        URI uri = registry.named(address);
        try (Reply reply = send(request(uri).timeout(within(Limits.REPLY)).GET().build(), Limits.WHOLE_REPLY)) {
            return succeeded(reply, "give " + uri, maxBytes);
        }
    }

    /**
     * A file of the registry's static tree, at most {@code maxBytes}.
     *
     * @param fresh whether a copy on the way must ask the registry whether it is still the newest
     */
    byte[] file(String path, boolean fresh, long maxBytes) throws Fault, RegistryRefused {
        HttpRequest.Builder request = request(registry.api(path)).timeout(within(Limits.REPLY));
        if (fresh) {
            request.header("Cache-Control", "no-cache");
        }
        try (Reply reply = send(request.GET().build(), Limits.WHOLE_REPLY)) {
            return succeeded(reply, "give /" + path, maxBytes);
        }
    }

    /**
     * Sends content to an endpoint that the registry named. Its length is known, so it is announced; only the headers that
     * the protocol allows are passed on.
     */
    public void upload(UploadEndpoint endpoint, Path file, long sizeBytes, Reporter reporter)
            throws Fault, RegistryRefused {
        if (!endpoint.type().equals("http") || !List.of("POST", "PUT").contains(endpoint.method())) {
            throw ExitCode.REFUSED.fault("the registry wants content by `" + endpoint.type() + " " + endpoint.method()
                    + "`, and this client only uploads by http POST or PUT");
        }
        URI uri = registry.named(endpoint.url());
        Duration slowest = Duration.ofSeconds(sizeBytes / Limits.SLOWEST_UPLOAD_BYTES_PER_SECOND);
        try (Reporter.Progress progress = reporter.start("upload", sizeBytes, Reporter.Unit.BYTES)) {
            HttpRequest.Builder request = request(uri)
                    .timeout(within(Limits.REPLY.plus(slowest)))
                    .method(endpoint.method(), UploadBody.of(file, sizeBytes, progress));
            Map<String, String> headers = endpoint.headers() == null ? Map.of() : endpoint.headers();
            headers.forEach((name, value) -> {
                if (UPLOAD_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                    request.header(name, value);
                }
            });
            try (Reply reply = send(request.build(), Limits.WHOLE_REPLY)) {
                succeeded(reply, "take the content", Limits.JSON_REPLY_BYTES);
            }
        }
    }

    /** Takes pieces of content; may refuse it or fail to store it. */
    public interface ContentSink {
        /** The length that the server announced, or empty; called once, before the first piece. */
        void begin(Optional<Long> announcedBytes) throws Fault;

        void piece(List<ByteBuffer> buffers) throws Fault, IOException;
    }

    /**
     * Streams content from an address that the registry named, through redirects.
     *
     * @throws IOException what {@code sink} throws; trouble with the connection is a {@link Fault}
     */
    public void download(String address, ContentSink sink) throws Fault, RegistryRefused, IOException {
        URI uri = registry.named(address);
        for (int redirects = 0; redirects <= Limits.REDIRECTS; redirects++) {
            HttpRequest request =
                    request(uri).timeout(within(Limits.REPLY)).GET().build();
            try (Reply reply = send(request, budget)) {
                Optional<String> location = reply.redirect();
                if (location.isPresent()) {
                    uri = registry.follow(uri, location.get());
                    continue;
                }
                if (!reply.isSuccess()) {
                    throw refusal(reply, "give content from " + uri);
                }
                sink.begin(reply.announcedBytes());
                for (Optional<List<ByteBuffer>> next = next(reply); next.isPresent(); next = next(reply)) {
                    sink.piece(next.get());
                }
                return;
            }
        }
        throw ExitCode.UNREACHABLE.fault("`" + address + "` redirects more than " + Limits.REDIRECTS + " times");
    }

    private <T> T get(String path, String what, Class<T> type) throws Fault, RegistryRefused {
        HttpRequest request =
                request(registry.api(path)).timeout(within(Limits.REPLY)).GET().build();
        return exchange(request, what, type);
    }

    private <T> T post(String path, String what, Object body, Class<T> type) throws Fault, RegistryRefused {
        HttpRequest request = request(registry.api(path))
                .timeout(within(Limits.REPLY))
                .header("Content-Type", WargJson.CONTENT_TYPE)
                .POST(BodyPublishers.ofByteArray(WargJson.write(body)))
                .build();
        return exchange(request, what, type);
    }

    private <T> T exchange(HttpRequest request, String what, Class<T> type) throws Fault, RegistryRefused {
        try (Reply reply = send(request, Limits.WHOLE_REPLY)) {
            byte[] body = succeeded(reply, what, Limits.JSON_REPLY_BYTES);
            return WargJson.readReply(body, type);
        } catch (MalformedBodyException e) {
            throw ExitCode.UNVERIFIED.fault(
                    "the answer of " + request.uri() + " is not what the warg protocol says: "
                            + RegistryRefused.shortened(String.valueOf(e.getMessage()))
                            + "; is this the base URL of a registry?",
                    e);
        }
    }

    byte[] succeeded(Reply reply, String what, long maxBytes) throws Fault, RegistryRefused {
        Optional<String> location = reply.redirect();
        if (location.isPresent()) {
            throw ExitCode.REFUSED.fault("`" + reply.uri() + "` redirects to `" + location.get()
                    + "`; name the registry by the address that answers itself (--registry)");
        }
        if (!reply.isSuccess()) {
            throw refusal(reply, what);
        }
        try {
            return reply.readAll(maxBytes);
        } catch (Fault e) {
            throw inTime(e);
        }
    }

    private Optional<List<ByteBuffer>> next(Reply reply) throws Fault {
        try {
            return reply.next();
        } catch (Fault e) {
            throw inTime(e);
        }
    }

    /** A fault at the end of the budget is its end, whatever it looks like. */
    private Fault inTime(Fault fault) {
        return budget.isOver() ? outOfTime(fault) : fault;
    }

    private static RegistryRefused refusal(Reply reply, String what) throws Fault {
        byte[] body = reply.readAll(Limits.ERROR_REPLY_BYTES);
        return new RegistryRefused(what, errorOf(reply.status(), body), reply.registryHint(), reply.asksForToken());
    }

    /** The status line counts; a body that is no warg error is shown as text. */
    private static WargError errorOf(int status, byte[] body) {
        try {
            WargError error = WargJson.readReply(body, WargError.class);
            if (error.status() == status) {
                return error;
            }
        } catch (MalformedBodyException notFromTheProtocol) {
            // A proxy answered, or another kind of server: shown below as it came.
        }
        return WargError.message(status, new String(body, StandardCharsets.UTF_8).strip());
    }

    HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri)
                // The upgrade dance of HTTP/2 without TLS gains nothing and confuses small servers.
                .version(RegistryUrl.isPlain(uri) ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2)
                .header("User-Agent", USER_AGENT);
    }

    /** Time that a step may take, as far as the budget goes. */
    Duration within(Duration step) throws Fault {
        if (budget.isOver()) {
            throw outOfTime(null);
        }
        return budget.cap(step);
    }

    private Fault outOfTime(@Nullable Exception cause) {
        String message = registry + " was not done within " + budget + "; try again, or allow more with --timeout";
        return cause == null ? ExitCode.UNREACHABLE.fault(message) : ExitCode.UNREACHABLE.fault(message, cause);
    }

    Reply send(HttpRequest request, Duration whole) throws Fault {
        return send(request, budget.atMost(whole));
    }

    /**
     * Asks as nobody first: a token that is over would be refused where none is needed. A registry that wanted one is shown
     * it from then on, so that not every question is asked twice, nor content sent for nothing; nobody else ever is, wherever
     * the registry sends us.
     */
    private Reply send(HttpRequest request, Budget whole) throws Fault {
        if (request.headers().firstValue("Authorization").isPresent() || !registry.takesSecrets(request.uri())) {
            return sendOnce(request, whole);
        }
        Credential known = shown;
        Reply reply = sendOnce(known == null ? request : with(request, known), whole);
        if (!reply.asksForToken()) {
            return reply;
        }
        Optional<Credential> credential;
        try {
            credential = credentials.find();
        } catch (Fault e) {
            reply.close();
            throw e;
        }
        if (credential.isEmpty() || credential.get().equals(known)) {
            return reply;
        }
        reply.close();
        shown = credential.get();
        return sendOnce(with(request, credential.get()), whole);
    }

    /** The same request with a credential. */
    static HttpRequest with(HttpRequest request, Credential credential) {
        return HttpRequest.newBuilder(request, (name, value) -> !name.equalsIgnoreCase("Authorization"))
                .header("Authorization", credential.header())
                .build();
    }

    private Reply sendOnce(HttpRequest request, Budget whole) throws Fault {
        try {
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = http.send(request, BodyHandlers.ofPublisher());
            return new Reply(response, new ReplyBody(response.body(), Limits.STALL, whole));
        } catch (HttpTimeoutException e) {
            if (budget.isOver()) {
                throw outOfTime(e);
            }
            throw ExitCode.UNREACHABLE.fault("the registry did not answer in time: " + request.uri(), e);
        } catch (IOException e) {
            throw Reply.unreachable(request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ExitCode.UNREACHABLE.fault("interrupted while waiting for " + request.uri(), e);
        }
    }

    /** Writes one piece of content to a stream. */
    public static long write(List<ByteBuffer> piece, OutputStream out) throws IOException {
        return ReplyBody.write(piece, out);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

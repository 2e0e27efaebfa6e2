package dev.lair.e2e;

import dev.lair.openapi.warg.client.ApiClient;
import dev.lair.openapi.warg.client.ApiException;
import dev.lair.openapi.warg.client.WargApi;
import dev.lair.openapi.warg.model.ConsistencyRequest;
import dev.lair.openapi.warg.model.ContentSource;
import dev.lair.openapi.warg.model.FetchLogsRequest;
import dev.lair.openapi.warg.model.FetchLogsResponse;
import dev.lair.openapi.warg.model.InclusionRequest;
import dev.lair.openapi.warg.model.InclusionResponse;
import dev.lair.openapi.warg.model.LedgerSource;
import dev.lair.openapi.warg.model.MissingContent;
import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.PublishRecordRequest;
import dev.lair.openapi.warg.model.PublishedRecord;
import dev.lair.openapi.warg.model.RecordEnvelope;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.KeyId;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TimestampedCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A registry as its clients see it: the generated client for JSON, plain HTTP for bytes. It believes everything. */
final class Registry {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final Duration PUBLISHED_WITHIN = Duration.ofSeconds(20);

    /** More than the default, so that few rounds are needed. */
    private static final int FETCH_LIMIT = 1000;

    private final URI url;
    private final WargApi api;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build();

    Registry(URI url) {
        this.url = url;
        ApiClient client =
                new ApiClient(HttpClient.newBuilder(), ApiClient.createDefaultObjectMapper(), url.toString());
        client.setReadTimeout(ANSWER_WITHIN);
        client.setConnectTimeout(ANSWER_WITHIN);
        this.api = new WargApi(client);
    }

    WargApi api() {
        return api;
    }

    // --- reading -----------------------------------------------------------------------------------------------------

    SignedCheckpoint checkpoint() throws ApiException {
        return signedCheckpoint(api.fetchCheckpoint());
    }

    static SignedCheckpoint signedCheckpoint(dev.lair.openapi.warg.model.SignedCheckpoint body) {
        Checkpoint roots = new Checkpoint(
                RootHash.parse(body.getContents().getLogRoot()),
                body.getContents().getLogLength(),
                RootHash.parse(body.getContents().getMapRoot()));
        return new SignedCheckpoint(
                new TimestampedCheckpoint(roots, body.getContents().getTimestamp()),
                KeyId.parse(body.getKeyId()),
                Signature.parse(body.getSignature()));
    }

    long length() throws ApiException {
        return checkpoint().contents().checkpoint().logLength();
    }

    /** The whole packed ledger, page by page as its sources say. */
    byte[] ledger() throws ApiException, IOException, InterruptedException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (LedgerSource source : api.getLedgerSources().getSources()) {
            HttpReply page = get(source.getUrl());
            long records = source.getLastRegistryIndex() - source.getFirstRegistryIndex() + 1;
            if (page.status() != 200 || page.body().length < records * 64) {
                throw new AssertionError("the ledger page of " + source + " is " + page.status() + " with "
                        + page.body().length + " bytes");
            }
            packed.write(page.body(), 0, Math.toIntExact(records * 64));
        }
        return packed.toByteArray();
    }

    /** The leaves of a packed ledger. */
    static List<LogLeaf> leaves(byte[] packed) {
        List<LogLeaf> leaves = new ArrayList<>();
        for (int at = 0; at < packed.length; at += 64) {
            leaves.add(new LogLeaf(
                    LogId.ofBytes(Arrays.copyOfRange(packed, at, at + 32)),
                    RecordId.ofBytes(Arrays.copyOfRange(packed, at + 32, at + 64))));
        }
        return leaves;
    }

    /** What nothing but a published record may change: the newest checkpoint's length and roots, and the ledger's bytes. */
    record State(Checkpoint checkpoint, String ledgerHex) {}

    State state() throws ApiException, IOException, InterruptedException {
        return new State(checkpoint().contents().checkpoint(), HexFormat.of().formatHex(ledger()));
    }

    /** The operator log and package logs below this length, whole. */
    record Logs(List<PublishedRecord> operator, Map<LogId, List<PublishedRecord>> packages) {

        List<PublishedRecord> of(LogId log) {
            return packages.getOrDefault(log, List.of());
        }
    }

    Logs logs(long length, List<LogId> asked) throws ApiException {
        return logs(length, asked, Map.of());
    }

    /** The same, of each package log only what follows its token, the record that the client has already. */
    Logs logs(long length, List<LogId> asked, Map<LogId, String> after) throws ApiException {
        List<PublishedRecord> operator = new ArrayList<>();
        Map<LogId, List<PublishedRecord>> packages = new HashMap<>();
        Map<String, @Nullable String> tokens = new HashMap<>();
        asked.forEach(log -> tokens.put(log.toString(), after.get(log)));
        String operatorToken = null;
        boolean more = true;
        while (more) {
            FetchLogsResponse reply = api.fetchLogs(new FetchLogsRequest()
                    .logLength(length)
                    .limit(FETCH_LIMIT)
                    .operator(operatorToken)
                    .packages(tokens));
            for (PublishedRecord record :
                    Optional.ofNullable(reply.getOperator()).orElse(List.of())) {
                operator.add(record);
                operatorToken = record.getFetchToken();
            }
            Optional.ofNullable(reply.getPackages()).orElse(Map.of()).forEach((log, records) -> {
                for (PublishedRecord record : records) {
                    packages.computeIfAbsent(LogId.parse(log), none -> new ArrayList<>())
                            .add(record);
                    tokens.put(log, record.getFetchToken());
                }
            });
            more = Boolean.TRUE.equals(reply.getMore());
        }
        return new Logs(operator, packages);
    }

    static SignedRecord signedRecord(PublishedRecord record) {
        return new SignedRecord(
                record.getContentBytes(), KeyId.parse(record.getKeyId()), Signature.parse(record.getSignature()));
    }

    InclusionResponse proveInclusion(long length, List<Long> leaves) throws ApiException {
        return api.proveInclusion(new InclusionRequest().logLength(length).leafs(leaves));
    }

    byte[] proveConsistency(long from, long to) throws ApiException {
        return api.proveConsistency(new ConsistencyRequest().from(from).to(to)).getProof();
    }

    /** The content of this digest, from the first source that the registry names. */
    byte[] download(Digest digest) throws ApiException, IOException, InterruptedException {
        String source = contentUrl(digest);
        HttpReply reply = get(source);
        if (reply.status() != 200 || !Digest.of(reply.body()).equals(digest)) {
            throw new AssertionError(source + " answered " + reply.status() + " with content " + Digest.of(reply.body())
                    + ", not " + digest);
        }
        return reply.body();
    }

    /** Where the registry says that this content lies. */
    String contentUrl(Digest digest) throws ApiException {
        List<ContentSource> sources =
                api.getContentSources(digest.toString()).getContentSources().get(digest.toString());
        if (sources == null || sources.isEmpty()) {
            throw new AssertionError("no source for content " + digest);
        }
        return sources.getFirst().getUrl();
    }

    // --- publishing --------------------------------------------------------------------------------------------------

    static PublishRecordRequest request(PackageName name, SignedRecord record) {
        return new PublishRecordRequest()
                .packageName(name.toString())
                .record(new RecordEnvelope()
                        .contentBytes(record.contentBytes())
                        .keyId(record.keyId().toString())
                        .signature(record.signature().text()));
    }

    PackageRecord submit(PackageName name, SignedPackageRecord record) throws ApiException {
        return submit(name, record.envelope());
    }

    PackageRecord submit(PackageName name, SignedRecord record) throws ApiException {
        return api.publishRecord(name.logId().toString(), request(name, record));
    }

    PackageRecord status(PackageName name, SignedPackageRecord record) throws ApiException {
        return api.getRecord(name.logId().toString(), record.id().toString());
    }

    /** Uploads as the reference client does: without length and without content type. */
    HttpReply upload(PackageRecord sourcing, byte[] content) throws IOException, InterruptedException {
        return upload(content, uploadUrl(sourcing, Digest.of(content)));
    }

    HttpReply upload(byte[] content, String uploadUrl) throws IOException, InterruptedException {
        return post(uploadUrl, chunked(content), null);
    }

    /** Where this content goes. */
    static String uploadUrl(PackageRecord sourcing, Digest content) {
        MissingContent missing = sourcing.getMissingContent() == null
                ? null
                : sourcing.getMissingContent().get(content.toString());
        if (sourcing.getState() != RecordState.SOURCING || missing == null) {
            throw new AssertionError("the record does not wait for " + content + ": " + sourcing);
        }
        return missing.getUpload().getFirst().getUrl();
    }

    /** The whole way of a record; answers its leaf index. */
    long publish(PackageName name, SignedPackageRecord record, byte[]... contents) throws Exception {
        PackageRecord reply = submit(name, record);
        if (reply.getState() == RecordState.SOURCING) {
            for (byte[] content : contents) {
                HttpReply uploaded = upload(reply, content);
                if (uploaded.status() != 201) {
                    throw new AssertionError("upload: " + uploaded);
                }
            }
        }
        return published(name, record);
    }

    /** Waits until the record is published; any other end is a failure. */
    long published(PackageName name, SignedPackageRecord record) throws Exception {
        return Await.answer("record " + record.id() + " of " + name + " to be published", PUBLISHED_WITHIN, () -> {
            PackageRecord status = status(name, record);
            return switch (status.getState()) {
                case PUBLISHED -> Optional.ofNullable(status.getRegistryIndex());
                case PROCESSING -> Optional.empty();
                default -> throw new AssertionError("not published: " + status);
            };
        });
    }

    // --- bytes -------------------------------------------------------------------------------------------------------

    HttpReply get(String target) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(resolve(target)));
    }

    HttpReply post(String target, String json) throws IOException, InterruptedException {
        return post(target, BodyPublishers.ofByteArray(json.getBytes(StandardCharsets.UTF_8)), "application/json");
    }

    HttpReply post(String target, BodyPublisher body, @Nullable String contentType)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(resolve(target)).POST(body);
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        return send(request);
    }

    HttpReply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> reply =
                http.send(request.timeout(ANSWER_WITHIN).build(), HttpResponse.BodyHandlers.ofByteArray());
        return new HttpReply(
                reply.statusCode(),
                reply.headers().firstValue("content-type").orElse(null),
                reply.body(),
                reply.headers().firstValue("connection").filter("close"::equals).isPresent());
    }

    /** A target relative to the base URL, or absolute. */
    URI resolve(String target) {
        return URI.create(url + "/").resolve(target);
    }

    static BodyPublisher chunked(byte[] content) {
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(content));
    }
}

package dev.lair.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lair.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * {@link Bucket} over the S3 API. All requests of this backend are made here and in {@link PartsUpload}: bounded in
 * number, tried again a bounded number of times, each with a time-out, and without a secret in any message.
 */
final class S3Bucket implements Bucket, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(S3Bucket.class);
    private static final String BYTES = "application/octet-stream";
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    private final S3Settings settings;
    private final S3Client client;
    private final @Nullable S3Presigner presigner;
    private final ScheduledExecutorService timer;
    private final Turns requests = new Turns("requests", Limits.REQUESTS);
    private final Turns streams = new Turns("downloads", Limits.STREAMS);
    private volatile boolean closed;

    /** Makes no request yet. */
    S3Bucket(S3Settings settings) {
        this.settings = settings;
        AwsCredentialsProvider credentials = S3Clients.credentials(settings);
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("lair-s3-timer").factory());
        this.client = S3Clients.client(settings, credentials, timer);
        this.presigner = settings.presign().isPresent() ? S3Clients.presigner(settings, credentials) : null;
    }

    S3Settings settings() {
        return settings;
    }

    @Override
    public Iterator<Listed> list(String prefix, String after) {
        return new Listing(prefix, after);
    }

    @Override
    public Optional<byte[]> get(String key) {
        String what = what("a get of", key);
        Runnable release = turn(requests);
        try (ResponseInputStream<GetObjectResponse> answer =
                client.getObject(object(key).build())) {
            long size = length(what, answer);
            if (size > Limits.OBJECT_BYTES) {
                answer.abort();
                throw new StorageException(what + " failed: it has " + size + " bytes, more than such objects have");
            }
            byte[] bytes = answer.readNBytes((int) size);
            if (bytes.length < size) {
                throw new StorageException(what + " failed: its answer was cut off");
            }
            return Optional.of(bytes);
        } catch (S3Exception e) {
            if (S3Failures.isNoSuchKey(e)) {
                return Optional.empty();
            }
            throw S3Failures.failed(what, e);
        } catch (SdkException e) {
            throw S3Failures.failed(what, e);
        } catch (IOException e) {
            throw new StorageException(what + " failed: its answer broke off", e);
        } finally {
            release.run();
        }
    }

    @Override
    public Optional<Opened> open(String key) {
        Runnable release = turn(streams);
        boolean handedOut = false;
        try {
            ResponseInputStream<GetObjectResponse> first = request(key, object(key));
            if (first == null) {
                return Optional.empty();
            }
            long size = length(what("a get of", key), first);
            String tag = first.response().eTag();
            handedOut = true;
            return Optional.of(new Opened(size, stream(key, first, 0, size, tag, release)));
        } finally {
            if (!handedOut) {
                release.run();
            }
        }
    }

    @Override
    public Optional<InputStream> open(String key, long offset, long length) {
        Runnable release = turn(streams);
        boolean handedOut = false;
        try {
            ResponseInputStream<GetObjectResponse> first =
                    request(key, object(key).range(range(offset, length)));
            if (first == null) {
                return Optional.empty();
            }
            requireRange(key, first, offset, length);
            String tag = first.response().eTag();
            handedOut = true;
            return Optional.of(stream(key, first, offset, length, tag, release));
        } finally {
            if (!handedOut) {
                release.run();
            }
        }
    }

    private static long length(String what, ResponseInputStream<GetObjectResponse> answer) {
        Long length = answer.response().contentLength();
        if (length == null) {
            answer.abort();
            throw new StorageException(what + " failed: the server does not say how long it is");
        }
        return length;
    }

    /** A stream that owns {@code first} and the turn. Few bytes are read now. */
    private InputStream stream(
            String key, ResponseInputStream<?> first, long offset, long length, String tag, Runnable release) {
        long end = offset + length;
        RangeStream stream = new RangeStream(
                "object " + settings.prefix() + key,
                first,
                offset,
                length,
                position -> request(
                        key, object(key).range(range(position, end - position)).ifMatch(tag)),
                release);
        if (length > Limits.EAGER_BYTES) {
            return stream;
        }
        try (stream) {
            return new ByteArrayInputStream(stream.readNBytes((int) length));
        } catch (IOException e) {
            throw new StorageException(what("a get of", key) + " failed: its answer broke off", e);
        }
    }

    /** The answer to a get; null when there is no such object, or not the one that {@code ifMatch} names. */
    private @Nullable ResponseInputStream<GetObjectResponse> request(String key, GetObjectRequest.Builder request) {
        requireOpen();
        try {
            return client.getObject(request.build());
        } catch (S3Exception e) {
            if (S3Failures.isNoSuchKey(e) || S3Failures.isPreconditionFailed(e)) {
                return null;
            }
            if (S3Failures.isOutside(e)) {
                throw new IndexOutOfBoundsException("the range begins behind the end of " + settings.prefix() + key);
            }
            throw S3Failures.failed(what("a get of", key), e);
        } catch (SdkException e) {
            throw S3Failures.failed(what("a get of", key), e);
        }
    }

    /** A server may cut a range at the object's end, or know no ranges. */
    private void requireRange(String key, ResponseInputStream<GetObjectResponse> answer, long offset, long length) {
        String text = Objects.requireNonNullElse(answer.response().contentRange(), "");
        Matcher range = CONTENT_RANGE.matcher(text);
        if (!range.matches() || Long.parseLong(range.group(1)) != offset) {
            answer.abort();
            throw new StorageException(what("a get of", key) + " failed: the server was asked for " + length
                    + " bytes from " + offset + " and sent another range");
        }
        if (Long.parseLong(range.group(2)) - offset + 1 != length) {
            answer.abort();
            throw new IndexOutOfBoundsException("the range of " + length + " bytes from " + offset
                    + " is not inside the " + range.group(3) + " of " + settings.prefix() + key);
        }
    }

    @Override
    public void put(String key, byte[] bytes, Kind kind) {
        call(what("a put of", key), () -> client.putObject(object(key, kind).build(), RequestBody.fromBytes(bytes)));
    }

    @Override
    public boolean putIfAbsent(String key, byte[] bytes, Kind kind) {
        return create(key, object(key, kind).ifNoneMatch("*"), RequestBody.fromBytes(bytes));
    }

    /** Puts under a condition; false when it did not hold. */
    private boolean create(String key, PutObjectRequest.Builder request, RequestBody body) {
        return call(what("a put of", key), () -> {
            try {
                client.putObject(request.build(), body);
                return true;
            } catch (S3Exception e) {
                if (S3Failures.isPreconditionFailed(e)) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Override
    public void upload(String key, Source source, Kind kind) {
        upload(key, source, object(key, kind));
    }

    @Override
    public void uploadIfAbsent(String key, Source source, Kind kind) {
        upload(key, source, object(key, kind).ifNoneMatch("*"));
    }

    private void upload(String key, Source source, PutObjectRequest.Builder request) {
        if (source.sizeBytes() > settings.partSizeBytes()) {
            call(what("an upload of", key), () -> {
                new PartsUpload(client, settings, request.build(), source).run();
                return true;
            });
            return;
        }
        Duration attempt = S3Clients.attemptTimeout(settings, source.sizeBytes());
        request.overrideConfiguration(timeouts(attempt));
        try {
            // The server compares, so that no bytes are kept but those that were meant.
            request.checksumSHA256(Checksums.base64("SHA-256", source, 0, source.sizeBytes()));
        } catch (IOException e) {
            throw new StorageException("the bytes for " + settings.prefix() + key + " could not be read", e);
        }
        create(key, request, body(source, 0, source.sizeBytes()));
    }

    /** Time-outs for a request that takes longer than others. */
    static AwsRequestOverrideConfiguration timeouts(Duration attempt) {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(attempt)
                .apiCallTimeout(S3Clients.callTimeout(attempt))
                .build();
    }

    /** A range of a source as a request's body; every try opens it anew. */
    static RequestBody body(Source source, long offset, long length) {
        return RequestBody.fromContentProvider(
                () -> {
                    try {
                        return source.open(offset, length);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                length,
                BYTES);
    }

    @Override
    public void delete(String key) {
        call(
                what("a delete of", key),
                () -> client.deleteObject(r -> r.bucket(settings.bucket()).key(settings.prefix() + key)));
    }

    /** Gives up uploads in parts that were begun before {@code cutoff}: nobody joins them any more, and they cost. */
    void abortUploadsBefore(Instant cutoff) {
        call(what("a list of uploads under", ""), () -> {
            client
                    .listMultipartUploadsPaginator(
                            r -> r.bucket(settings.bucket()).prefix(settings.prefix()))
                    .uploads()
                    .stream()
                    .filter(upload ->
                            upload.initiated() != null && upload.initiated().isBefore(cutoff))
                    .forEach(upload -> client.abortMultipartUpload(
                            r -> r.bucket(settings.bucket()).key(upload.key()).uploadId(upload.uploadId())));
            return true;
        });
    }

    @Override
    public Optional<URI> presign(String key, Duration life) {
        S3Presigner signing = presigner;
        if (signing == null || settings.presign().isEmpty()) {
            return Optional.empty();
        }
        Duration longest = settings.presign().get();
        Duration given = life.compareTo(longest) < 0 ? life : longest;
        try {
            return Optional.of(signing.presignGetObject(r -> r.signatureDuration(given)
                            .getObjectRequest(object(key)
                                    .responseContentType(BYTES)
                                    .responseContentDisposition("attachment")
                                    .build()))
                    .url()
                    .toURI());
        } catch (SdkException e) {
            throw S3Failures.failed(what("signing a URL of", key), e);
        } catch (URISyntaxException e) {
            throw new StorageException("the signed URL of " + settings.prefix() + key + " is not one", e);
        }
    }

    private GetObjectRequest.Builder object(String key) {
        return GetObjectRequest.builder().bucket(settings.bucket()).key(settings.prefix() + key);
    }

    private PutObjectRequest.Builder object(String key, Kind kind) {
        return PutObjectRequest.builder()
                .bucket(settings.bucket())
                .key(settings.prefix() + key)
                .contentType(BYTES)
                .cacheControl(kind.cacheControl())
                .contentDisposition(kind.contentDisposition());
    }

    private static String range(long offset, long length) {
        return "bytes=" + offset + "-" + (offset + length - 1);
    }

    private <T> T call(String what, Supplier<T> request) {
        Runnable release = turn(requests);
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Failures.failed(what, e);
        } catch (UncheckedIOException e) {
            throw new StorageException(what + " failed: the bytes to send could not be read", e);
        } finally {
            release.run();
        }
    }

    private Runnable turn(Turns turns) {
        requireOpen();
        return turns.take();
    }

    private void requireOpen() {
        if (closed) {
            throw new StorageException("the S3 storage is closed");
        }
    }

    private String what(String verb, String key) {
        return verb + " `" + settings.prefix() + key + "` in bucket `" + settings.bucket() + "`";
    }

    /** Waits for requests that run. Streams that were handed out go on as long as their connections hold. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean ended = requests.end();
        client.close();
        if (presigner != null) {
            presigner.close();
        }
        timer.shutdown();
        if (!ended) {
            LOG.warn("requests to the S3 server did not end within {} s", Limits.CLOSE_TIMEOUT.toSeconds());
        }
    }

    /** Objects page by page; a page is asked for when the one before is used up. */
    private final class Listing implements Iterator<Listed> {

        private final String prefix;
        private String after;
        private @Nullable String continuation;
        private boolean last;
        private Iterator<Listed> page = Stream.<Listed>empty().iterator();

        Listing(String prefix, String after) {
            this.prefix = prefix;
            this.after = after;
        }

        @Override
        public boolean hasNext() {
            while (!page.hasNext() && !last) {
                fetch();
            }
            return page.hasNext();
        }

        @Override
        public Listed next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.next();
        }

        private void fetch() {
            ListObjectsV2Request.Builder request = ListObjectsV2Request.builder()
                    .bucket(settings.bucket())
                    .prefix(settings.prefix() + prefix)
                    .continuationToken(continuation);
            if (continuation == null && !after.isEmpty()) {
                request.startAfter(settings.prefix() + after);
            }
            call(what("a list of", prefix), () -> {
                var answer = client.listObjectsV2(request.build());
                page = answer.contents().stream().map(this::listed).toList().iterator();
                continuation = answer.nextContinuationToken();
                last = !Boolean.TRUE.equals(answer.isTruncated());
                return true;
            });
        }

        private Listed listed(S3Object object) {
            String key = object.key().substring(settings.prefix().length());
            if (Arrays.compareUnsigned(key.getBytes(UTF_8), after.getBytes(UTF_8)) <= 0) {
                throw new StorageException(
                        what("a list of", prefix) + " is not in order of key: this server cannot be used");
            }
            after = key;
            return new Listed(key, object.size(), Objects.requireNonNullElse(object.lastModified(), Instant.EPOCH));
        }
    }
}

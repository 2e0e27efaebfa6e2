package dev.lair.storage.s3;

import dev.lair.storage.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Uploads one object in parts, one after the other. Nothing is visible before the parts are joined, which is one step of
 * the server's, under the condition of the request that this stands in for. A crash before leaves parts that nobody
 * sees and that {@link S3Bucket#abortUploadsBefore} gives up later.
 */
final class PartsUpload {

    private static final Logger LOG = LoggerFactory.getLogger(PartsUpload.class);

    private final S3Client client;
    private final S3Settings settings;
    private final PutObjectRequest meant;
    private final Bucket.Source source;

    /** Takes key, condition and headers from the put that it stands in for. */
    PartsUpload(S3Client client, S3Settings settings, PutObjectRequest meant, Bucket.Source source) {
        this.client = client;
        this.settings = settings;
        this.meant = meant;
        this.source = source;
    }

    /** Uploads; does nothing more when the condition does not hold. */
    void run() {
        String upload = client.createMultipartUpload(r -> r.bucket(meant.bucket())
                        .key(meant.key())
                        .contentType(meant.contentType())
                        .cacheControl(meant.cacheControl())
                        .contentDisposition(meant.contentDisposition()))
                .uploadId();
        boolean ended = false;
        try {
            ended = join(upload, parts(upload));
        } catch (IOException e) {
            throw new StorageException("the bytes for " + meant.key() + " could not be read", e);
        } finally {
            if (!ended) {
                abort(upload);
            }
        }
    }

    private List<CompletedPart> parts(String upload) throws IOException {
        long size = source.sizeBytes();
        long partSize = Math.max(settings.partSizeBytes(), Math.ceilDiv(size, Limits.MAX_PARTS));
        List<CompletedPart> parts = new ArrayList<>();
        for (long offset = 0; offset < size; offset += partSize) {
            long length = Math.min(partSize, size - offset);
            int number = parts.size() + 1;
            // Every server knows this checksum. It guards against the network; the digest was checked before.
            String md5 = Checksums.base64("MD5", source, offset, length);
            String tag = client.uploadPart(
                            r -> r.bucket(meant.bucket())
                                    .key(meant.key())
                                    .uploadId(upload)
                                    .partNumber(number)
                                    .contentMD5(md5)
                                    .overrideConfiguration(
                                            S3Bucket.timeouts(S3Clients.attemptTimeout(settings, length))),
                            S3Bucket.body(source, offset, length))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        }
        return parts;
    }

    /**
     * Joins the parts; false when the condition did not hold. An answer that was lost shows as an upload that is not
     * known any more: where the object must not have been there before, its being there tells that it was joined.
     */
    private boolean join(String upload, List<CompletedPart> parts) {
        Duration attempt = Limits.COMPLETE_TIMEOUT;
        try {
            client.completeMultipartUpload(r -> r.bucket(meant.bucket())
                    .key(meant.key())
                    .uploadId(upload)
                    .ifNoneMatch(meant.ifNoneMatch())
                    .multipartUpload(m -> m.parts(parts))
                    .overrideConfiguration(S3Bucket.timeouts(attempt)));
            return true;
        } catch (S3Exception e) {
            if (S3Failures.isPreconditionFailed(e)) {
                return false;
            }
            if (S3Failures.isNoSuchUpload(e) && meant.ifNoneMatch() != null && isThere()) {
                return true;
            }
            throw e;
        }
    }

    private boolean isThere() {
        try {
            return client.headObject(r -> r.bucket(meant.bucket()).key(meant.key()))
                            .contentLength()
                    == source.sizeBytes();
        } catch (S3Exception e) {
            return false;
        }
    }

    private void abort(String upload) {
        try {
            client.abortMultipartUpload(
                    r -> r.bucket(meant.bucket()).key(meant.key()).uploadId(upload));
        } catch (SdkException e) {
            LOG.debug("parts of {} stay for now: {}", meant.key(), e.getClass().getSimpleName());
        }
    }
}

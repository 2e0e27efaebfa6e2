package dev.lair.storage.s3;

import dev.lair.storage.StorageException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Turns the client's exceptions into ours. A server's own words are not passed on: some repeat the request with its key
 * id, its token and its signature. Status, error code and request id are enough to find the rest in the server's log.
 */
final class S3Failures {

    private S3Failures() {}

    /** The bucket does not hold what was asked for. */
    static boolean isNoSuchKey(S3Exception e) {
        return e.statusCode() == 404 && !code(e).equals("NoSuchBucket") && !code(e).equals("NoSuchUpload");
    }

    /** A condition of the request did not hold. */
    static boolean isPreconditionFailed(S3Exception e) {
        return e.statusCode() == 412;
    }

    /** Somebody wrote or deleted under the same key in this moment; nothing was written, and a retry will tell. */
    static boolean isConflict(Throwable e) {
        return e instanceof S3Exception s3 && s3.statusCode() == 409;
    }

    /** The upload whose parts are to be joined is not known (any more). */
    static boolean isNoSuchUpload(S3Exception e) {
        return code(e).equals("NoSuchUpload");
    }

    /** The range begins behind the object's end. */
    static boolean isOutside(S3Exception e) {
        return e.statusCode() == 416;
    }

    /**
     * Our exception for the client's.
     *
     * @param what was asked, with the key and the bucket
     */
    static StorageException failed(String what, SdkException e) {
        if (e instanceof S3Exception answer) {
            return new StorageException(what + " failed, the server answered " + answer.statusCode() + " "
                    + code(answer) + requestId(answer) + advice(answer));
        }
        IOException cause = cause(e, IOException.class);
        if (e instanceof AbortedException || cause(e, InterruptedException.class) != null) {
            Thread.currentThread().interrupt();
            return new StorageException(what + " was interrupted; its outcome is unknown");
        }
        if (cause != null) {
            return new StorageException(what + " failed: " + cause.getClass().getSimpleName(), cause);
        }
        if (e instanceof SdkClientException && e.getCause() == null && e.getMessage() != null) {
            // Found in the client itself: no credentials, a time-out, a bad setting.
            return new StorageException(what + " failed: " + e.getMessage());
        }
        return new StorageException(what + " failed, the answer was not understood ("
                + e.getClass().getSimpleName() + "): is this an S3 server?");
    }

    private static <T extends Throwable> @Nullable T cause(Throwable e, Class<T> type) {
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** The error code, as far as it can be one. */
    private static String code(S3Exception e) {
        if (e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null) {
            return "";
        }
        String code = e.awsErrorDetails().errorCode();
        return code.matches("[A-Za-z0-9.]{1,64}") ? code : "";
    }

    private static String requestId(S3Exception e) {
        String id = e.requestId();
        return id != null && id.matches("[A-Za-z0-9-]{1,64}") ? ", request id " + id : "";
    }

    private static String advice(S3Exception e) {
        return switch (code(e)) {
            case "NoSuchBucket" -> ": create the bucket, or correct its name";
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken" ->
                ": check the credentials";
            case "RequestTimeTooSkewed" -> ": set this machine's clock";
            case "SlowDown", "ServiceUnavailable" -> ": it is overloaded, try again later";
            case "NotImplemented" -> ": the server lacks what this storage needs";
            default ->
                switch (e.statusCode()) {
                    case 301, 307, 400 -> ": check region, endpoint and path style";
                    case 401, 403 -> ": check the credentials and what they allow on this bucket";
                    default -> "";
                };
        };
    }
}

package dev.lair.storage.s3;

import java.util.Optional;

/**
 * The key pair of a bucket's user. Its text form shows the id only.
 *
 * @param accessKeyId names the user
 * @param secretKey signs requests; never sent, never shown
 * @param sessionToken goes with a key pair of limited life; never shown
 */
public record S3Credentials(String accessKeyId, String secretKey, Optional<String> sessionToken) {

    public S3Credentials {
        if (accessKeyId.isBlank()
                || secretKey.isBlank()
                || sessionToken.filter(String::isBlank).isPresent()) {
            throw new IllegalArgumentException("access key id, secret key and session token are not empty");
        }
    }

    /** A key pair without a session. */
    public static S3Credentials of(String accessKeyId, String secretKey) {
        return new S3Credentials(accessKeyId, secretKey, Optional.empty());
    }

    @Override
    public String toString() {
        return "S3Credentials[" + accessKeyId + ", ***]";
    }
}

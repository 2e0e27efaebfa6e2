package dev.lair.storage.s3;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the bucket is and how to talk to it. Start with {@link #of} and change what differs.
 *
 * @param endpoint address of the server, {@code http} or {@code https} and no path; empty for AWS
 * @param region of the bucket; a server that knows no regions takes any, often {@code us-east-1} or {@code auto}
 * @param bucket name of an existing bucket
 * @param prefix what all keys begin with, {@code ""} or segments that each end with {@code /}
 * @param credentials empty to look for them: environment, system properties, profile file, container, and on AWS itself
 *     the instance's role
 * @param pathStyle whether the bucket stands in the path of URLs and not in the host name
 * @param presign longest life of a download URL that is handed to a client; empty: downloads go through this process
 * @param publicEndpoint address of the server as clients reach it, where it is another; stands in download URLs
 * @param connectTimeout for a connection to be made
 * @param readTimeout for the server to say something
 * @param partSizeBytes larger objects are uploaded in parts of this size, 5 MiB to 5 GiB
 */
public record S3Settings(
        Optional<URI> endpoint,
        String region,
        String bucket,
        String prefix,
        Optional<S3Credentials> credentials,
        boolean pathStyle,
        Optional<Duration> presign,
        Optional<URI> publicEndpoint,
        Duration connectTimeout,
        Duration readTimeout,
        long partSizeBytes) {

    /** Servers in the same house answer in milliseconds; a dead address should not hold a publish for long. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** A loaded server may take seconds for the first byte. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    /** Few requests for a content of ordinary size, little to repeat when one fails. */
    private static final long PART_SIZE_BYTES = 64L * 1024 * 1024;

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern PREFIX = Pattern.compile("([a-z0-9][a-z0-9._-]*/)*");

    /** @throws IllegalArgumentException naming all that is wrong */
    public S3Settings {
        List<String> faults = new ArrayList<>();
        endpoint.ifPresent(uri -> checkEndpoint(uri, faults));
        publicEndpoint.ifPresent(uri -> checkEndpoint(uri, faults));
        if (!REGION.matcher(region).matches()) {
            faults.add("region `" + region + "` is not one: lower-case letters, digits and `-`");
        }
        if (!BUCKET.matcher(bucket).matches()) {
            faults.add("bucket `" + bucket + "` is not one: 3 to 63 lower-case letters, digits, `.` and `-`");
        }
        if (bucket.endsWith("--x-s3")) {
            faults.add("bucket `" + bucket + "` is a directory bucket, which lists without order: use an ordinary one");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            faults.add("prefix `" + prefix + "` is not one: lower-case segments that each end with `/`, or nothing");
        }
        presign.filter(life -> life.toSeconds() < 1 || life.compareTo(Limits.MAX_PRESIGN) > 0)
                .ifPresent(life -> faults.add("presigned URLs live for 1 second to 7 days, not " + life));
        if (!isPositive(connectTimeout) || !isPositive(readTimeout)) {
            faults.add("time-outs are more than 0, not " + connectTimeout + " and " + readTimeout);
        }
        if (partSizeBytes < Limits.MIN_PART_BYTES || partSizeBytes > Limits.MAX_PART_BYTES) {
            faults.add("parts have 5 MiB to 5 GiB, not " + partSizeBytes + " bytes");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("S3 settings: " + String.join("; ", faults));
        }
    }

    /** Never shows what is behind `user@`: people paste passwords there. */
    private static void checkEndpoint(URI uri, List<String> faults) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean bare = uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath() == null
                        || uri.getRawPath().isEmpty()
                        || uri.getRawPath().equals("/"));
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null || !bare) {
            faults.add("the endpoint is not `http(s)://host[:port]`; credentials have their own settings");
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }

    /** A bucket of AWS, without a prefix, credentials from the environment, no presigned URLs. */
    public static S3Settings of(String region, String bucket) {
        return new S3Settings(
                Optional.empty(),
                region,
                bucket,
                "",
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                CONNECT_TIMEOUT,
                READ_TIMEOUT,
                PART_SIZE_BYTES);
    }

    /** On another server than AWS; these mostly want the bucket in the path. */
    public S3Settings withEndpoint(URI server, boolean bucketInPath) {
        return new S3Settings(
                Optional.of(server),
                region,
                bucket,
                prefix,
                credentials,
                bucketInPath,
                presign,
                publicEndpoint,
                connectTimeout,
                readTimeout,
                partSizeBytes);
    }

    /** Below another prefix. */
    public S3Settings withPrefix(String folder) {
        return new S3Settings(
                endpoint,
                region,
                bucket,
                folder,
                credentials,
                pathStyle,
                presign,
                publicEndpoint,
                connectTimeout,
                readTimeout,
                partSizeBytes);
    }

    /** With these credentials. */
    public S3Settings withCredentials(S3Credentials user) {
        return new S3Settings(
                endpoint,
                region,
                bucket,
                prefix,
                Optional.of(user),
                pathStyle,
                presign,
                publicEndpoint,
                connectTimeout,
                readTimeout,
                partSizeBytes);
    }

    /** With download URLs that live for up to {@code life}. */
    public S3Settings withPresign(Duration life) {
        return new S3Settings(
                endpoint,
                region,
                bucket,
                prefix,
                credentials,
                pathStyle,
                Optional.of(life),
                publicEndpoint,
                connectTimeout,
                readTimeout,
                partSizeBytes);
    }

    /** With another address of the server in download URLs. */
    public S3Settings withPublicEndpoint(URI server) {
        return new S3Settings(
                endpoint,
                region,
                bucket,
                prefix,
                credentials,
                pathStyle,
                presign,
                Optional.of(server),
                connectTimeout,
                readTimeout,
                partSizeBytes);
    }

    /** With other time-outs. */
    public S3Settings withTimeouts(Duration connect, Duration read) {
        return new S3Settings(
                endpoint,
                region,
                bucket,
                prefix,
                credentials,
                pathStyle,
                presign,
                publicEndpoint,
                connect,
                read,
                partSizeBytes);
    }

    /** With parts of another size. */
    public S3Settings withPartSize(long bytes) {
        return new S3Settings(
                endpoint,
                region,
                bucket,
                prefix,
                credentials,
                pathStyle,
                presign,
                publicEndpoint,
                connectTimeout,
                readTimeout,
                bytes);
    }
}

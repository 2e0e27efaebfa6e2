package dev.lair.storage.s3;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Makes the client and the presigner that {@link S3Settings} ask for. Neither opens a connection yet. */
final class S3Clients {

    private S3Clients() {}

    /** A client; {@code timer} watches its time-outs and is the caller's to stop. */
    static S3Client client(S3Settings settings, AwsCredentialsProvider credentials, ScheduledExecutorService timer) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .serviceConfiguration(configuration(settings))
                // Digests of our own go with what is uploaded; the client's trailers are not understood everywhere.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(settings.connectTimeout())
                        .socketTimeout(settings.readTimeout()))
                .overrideConfiguration(overrides(settings, timer));
        settings.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static S3Configuration configuration(S3Settings settings) {
        return S3Configuration.builder()
                .pathStyleAccessEnabled(settings.pathStyle())
                .chunkedEncodingEnabled(false)
                // The HTTP client loses the server's answer where this one meets a refusal.
                .expectContinueEnabled(false)
                .build();
    }

    private static ClientOverrideConfiguration overrides(S3Settings settings, ScheduledExecutorService timer) {
        Duration attempt = attemptTimeout(settings, 0);
        return ClientOverrideConfiguration.builder()
                .scheduledExecutorService(timer)
                .apiCallAttemptTimeout(attempt)
                .apiCallTimeout(callTimeout(attempt))
                .retryStrategy(retries())
                .build();
    }

    /** How long one try may take that uploads so many bytes. */
    static Duration attemptTimeout(S3Settings settings, long uploadBytes) {
        return settings.connectTimeout()
                .plus(settings.readTimeout())
                .plusSeconds(uploadBytes / Limits.SLOWEST_BYTES_PER_SECOND);
    }

    /** How long all tries together may take, with their pauses. */
    static Duration callTimeout(Duration attempt) {
        return attempt.plus(Limits.BACKOFF_MAX).multipliedBy(Limits.ATTEMPTS);
    }

    /** Network errors, 5xx, throttling, and 409: a write to the same key was under way. */
    private static StandardRetryStrategy retries() {
        BackoffStrategy backoff = BackoffStrategy.exponentialDelay(Limits.BACKOFF_BASE, Limits.BACKOFF_MAX);
        return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(Limits.ATTEMPTS)
                .backoffStrategy(backoff)
                .throttlingBackoffStrategy(backoff)
                .retryOnException(S3Failures::isConflict)
                .build();
    }

    /** Signs URLs without asking anybody. */
    static S3Presigner presigner(S3Settings settings, AwsCredentialsProvider credentials) {
        S3Presigner.Builder builder = S3Presigner.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .serviceConfiguration(configuration(settings));
        settings.publicEndpoint().or(settings::endpoint).ifPresent(builder::endpointOverride);
        return builder.build();
    }

    /**
     * The settings' key pair, or the first that is found. Off AWS nothing of the search leaves this machine; the
     * instance's role is asked for only where the server is AWS itself.
     */
    static AwsCredentialsProvider credentials(S3Settings settings) {
        if (settings.credentials().isPresent()) {
            S3Credentials pair = settings.credentials().get();
            return StaticCredentialsProvider.create(
                    pair.sessionToken().isPresent()
                            ? AwsSessionCredentials.create(
                                    pair.accessKeyId(),
                                    pair.secretKey(),
                                    pair.sessionToken().get())
                            : AwsBasicCredentials.create(pair.accessKeyId(), pair.secretKey()));
        }
        List<AwsCredentialsProvider> chain = new ArrayList<>(List.of(
                EnvironmentVariableCredentialsProvider.create(),
                SystemPropertyCredentialsProvider.create(),
                ProfileCredentialsProvider.create(),
                // Asks only when the container's environment names an address.
                ContainerCredentialsProvider.create()));
        if (settings.endpoint().isEmpty()) {
            chain.add(InstanceProfileCredentialsProvider.create());
        }
        return AwsCredentialsProviderChain.builder().credentialsProviders(chain).build();
    }
}

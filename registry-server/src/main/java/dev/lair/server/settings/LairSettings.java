package dev.lair.server.settings;

import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Every setting under {@code lair.}; docs/OPERATIONS.md is its list for people. An unknown key under {@code lair.} stops the
 * start, so that a typing error never means "the default"; of environment variables that are not noticed.
 *
 * @param data the data folder; everything durable lives in it. Unused by memory storage
 * @param storage where the ledger and contents live
 * @param publicUrl the base of every absolute URL that the registry gives out; the Host header never is. Without it the
 *     address on which the server listens
 * @param contentUrl the base of content URLs, for a bucket or CDN in front; without it {@code publicUrl}
 * @param namespaces namespaces to define at start when the operator log does not have them
 * @param reservedNamespaces names that nobody may define, besides the built-in ones
 * @param operatorKeyFile key file to start a new registry with; without it a key is made
 * @param masterKeyFile opens the encrypted key store; without it {@code master.key} in the data folder, made at
 *     first start
 * @param authorizedKeysFile who may publish what; without it any key may begin a package in a defined namespace
 */
@ConfigurationProperties(prefix = "lair", ignoreUnknownFields = false)
public record LairSettings(
        @DefaultValue("lair-data") Path data,
        @DefaultValue("embedded") StorageKind storage,
        @Nullable URI publicUrl,
        @Nullable URI contentUrl,
        @DefaultValue List<String> namespaces,
        @DefaultValue List<String> reservedNamespaces,
        @Nullable Path operatorKeyFile,
        @Nullable Path masterKeyFile,
        @Nullable Path authorizedKeysFile,
        @DefaultValue LedgerSettings ledger,
        @DefaultValue PublishSettings publish,
        @DefaultValue ContentSettings content,
        @DefaultValue WargSettings warg) {

    /** The backends that this server knows. */
    public enum StorageKind {
        EMBEDDED,
        MEMORY
    }

    public LairSettings {
        namespaces = List.copyOf(namespaces);
        reservedNamespaces = List.copyOf(reservedNamespaces);
        namespaces.forEach(Namespace::new);
        reservedNamespaces.forEach(Namespace::new);
        requireBase("lair.public-url", publicUrl);
        requireBase("lair.content-url", contentUrl);
    }

    private static void requireBase(String key, @Nullable URI url) {
        if (url == null) {
            return;
        }
        boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!web || url.getHost() == null || url.getQuery() != null || url.getFragment() != null) {
            throw new IllegalArgumentException(
                    key + " must be an absolute http or https URL without query, like https://registry.example, not `"
                            + url + "`");
        }
    }

    /**
     * The sequencer.
     *
     * @param batchRecords records in one transaction, at most
     * @param queueRecords records that wait, at most; more are answered "busy"
     * @param checkpointInterval least time between two checkpoints; 0 signs one after each batch
     * @param checkpointRefresh a checkpoint older than this is signed again with the present time, so that clients can
     *     tell a live registry from a frozen copy
     * @param retainedCheckpoints how many checkpoints back map proofs can be given, if {@link #retainedRecords} allows
     * @param snapshotRecords records between two snapshots of the map; a start replays at most three times as many
     */
    public record LedgerSettings(
            @DefaultValue("256") int batchRecords,
            @DefaultValue("4096") int queueRecords,
            @DefaultValue("0ms") Duration checkpointInterval,
            @DefaultValue("60s") Duration checkpointRefresh,
            @DefaultValue("1024") int retainedCheckpoints,
            @DefaultValue("100000") long snapshotRecords) {

        /** How many records back map proofs can be given: two snapshots, so that a start has one to begin with. */
        public long retainedRecords() {
            return 2 * snapshotRecords;
        }

        public LedgerSettings {
            require(batchRecords >= 1 && batchRecords <= 4096, "lair.ledger.batch-records must be 1 to 4096");
            require(queueRecords >= 1, "lair.ledger.queue-records must be at least 1");
            require(!checkpointInterval.isNegative(), "lair.ledger.checkpoint-interval must not be negative");
            require(
                    checkpointRefresh.compareTo(Duration.ofSeconds(1)) >= 0,
                    "lair.ledger.checkpoint-refresh must be at least 1s");
            require(retainedCheckpoints >= 1, "lair.ledger.retained-checkpoints must be at least 1");
            require(snapshotRecords >= 1, "lair.ledger.snapshot-records must be at least 1");
        }
    }

    /**
     * Publishing.
     *
     * @param uploadDeadline how long a record waits for its content before it is rejected
     * @param answerWithin how long a publish waits for its checkpoint before it answers "processing"
     * @param maxContent largest content
     * @param allowModules whether core modules may be released
     * @param allowComponents whether components and WIT packages may be released
     * @param clockSkew how far a record's time may be from the server's
     * @param rejectedRetention how long the reason of a rejection can be asked for
     * @param sweepEvery how often overdue submissions are looked for
     */
    public record PublishSettings(
            @DefaultValue("1h") Duration uploadDeadline,
            @DefaultValue("2s") Duration answerWithin,
            @DefaultValue("256MB") DataSize maxContent,
            @DefaultValue("true") boolean allowModules,
            @DefaultValue("true") boolean allowComponents,
            @DefaultValue("5m") Duration clockSkew,
            @DefaultValue("7d") Duration rejectedRetention,
            @DefaultValue("1m") Duration sweepEvery) {

        public PublishSettings {
            require(uploadDeadline.isPositive(), "lair.publish.upload-deadline must be positive");
            require(!answerWithin.isNegative(), "lair.publish.answer-within must not be negative");
            // The gate looks at content through one buffer.
            require(
                    maxContent.toBytes() > 0 && maxContent.toBytes() <= Integer.MAX_VALUE,
                    "lair.publish.max-content must be 1B to 2147483647B");
            require(clockSkew.isPositive(), "lair.publish.clock-skew must be positive");
            require(rejectedRetention.isPositive(), "lair.publish.rejected-retention must be positive");
            require(sweepEvery.isPositive(), "lair.publish.sweep-every must be positive");
        }
    }

    /**
     * Contents.
     *
     * @param grace how long an unreferenced upload is kept after it was last put
     * @param collectEvery how often unreferenced uploads and overdue submissions are looked for
     */
    public record ContentSettings(
            @DefaultValue("24h") Duration grace,
            @DefaultValue("1m") Duration collectEvery) {

        public ContentSettings {
            require(grace.isPositive(), "lair.content.grace must be positive");
            require(collectEvery.isPositive(), "lair.content.collect-every must be positive");
        }
    }

    /**
     * The warg door.
     *
     * @param hintPackages packages of imported namespaces for which unknown logs are answered with the registry to ask
     */
    public record WargSettings(@DefaultValue List<String> hintPackages) {

        public WargSettings {
            hintPackages = List.copyOf(hintPackages);
            hintPackages.forEach(PackageName::parse);
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}

package dev.lair.server.settings;

import dev.lair.component.validate.Feature;
import dev.lair.component.validate.FeatureSet;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.InetAddressSet;
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
 * @param masterKeyFile opens the encrypted key store; without it and the other sources ({@link MasterKeySource})
 *     {@code master.key} in the data folder, made at first start
 * @param masterKeyCommand a program and its arguments that print what opens it
 * @param authorizedKeysFile who may publish what; without it any key may begin a package in a defined namespace
 * @param postgres the database, when {@code storage} is {@code postgres}
 * @param s3 a bucket for contents, snapshots, full tiles and copies of checkpoints; without it they stay in the data
 *     folder
 * @param witness who cosigns checkpoints
 * @param metrics where metrics can be fetched
 * @param trustedPublishing whose identity tokens are exchanged
 * @param access who may read
 * @param namespacesPolicy who may create a namespace
 * @param namespacesPerAccount how many an account may have created, administrators aside
 * @param accounts who logs in, and how
 * @param rateLimits how often somebody may ask
 * @param quotas how much somebody may have and do
 * @param trustedProxies addresses, ranges and networks whose {@code X-Forwarded-For} is believed
 * @param tls the certificate that this server shows, when no proxy does it
 * @param tree where the static tree is kept current beside the server
 * @param search the search index of this node
 */
@ConfigurationProperties(prefix = "lair", ignoreUnknownFields = false)
public record LairSettings(
        @DefaultValue(LairSettings.DEFAULT_DATA) Path data,
        @DefaultValue(LairSettings.DEFAULT_STORAGE) StorageKind storage,
        @Nullable URI publicUrl,
        @Nullable URI contentUrl,
        @DefaultValue List<String> namespaces,
        @DefaultValue List<String> reservedNamespaces,
        @Nullable Path operatorKeyFile,
        @Nullable Path masterKeyFile,
        @DefaultValue List<String> masterKeyCommand,
        @Nullable Path authorizedKeysFile,
        @Nullable PostgresSettings postgres,
        @Nullable S3Settings s3,
        @DefaultValue WitnessSettings witness,
        @DefaultValue LedgerSettings ledger,
        @DefaultValue PublishSettings publish,
        @DefaultValue ContentSettings content,
        @DefaultValue WargSettings warg,
        @DefaultValue MetricsSettings metrics,
        @DefaultValue TrustedPublishingSettings trustedPublishing,
        @DefaultValue("public") AccessMode access,
        @DefaultValue("open") NamespacesPolicy namespacesPolicy,
        @DefaultValue("10") int namespacesPerAccount,
        @DefaultValue AccountSettings accounts,
        @DefaultValue RateLimitSettings rateLimits,
        @DefaultValue QuotaSettings quotas,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue TlsSettings tls,
        @DefaultValue TreeSettings tree,
        @DefaultValue SearchSettings search) {

    /** {@code lair.data} where nothing else is said; for those who ask before settings are read. */
    public static final String DEFAULT_DATA = "lair-data";

    /** The same of {@code lair.storage}. */
    public static final String DEFAULT_STORAGE = "embedded";

    /** The backends that this server knows. */
    public enum StorageKind {
        EMBEDDED,
        MEMORY,
        POSTGRES
    }

    public LairSettings {
        namespaces = List.copyOf(namespaces);
        reservedNamespaces = List.copyOf(reservedNamespaces);
        trustedProxies = List.copyOf(trustedProxies);
        requireNetworks(trustedProxies);
        masterKeyCommand = List.copyOf(masterKeyCommand);
        namespaces.forEach(Namespace::new);
        reservedNamespaces.forEach(Namespace::new);
        require(storage != StorageKind.POSTGRES || postgres != null, "lair.storage=postgres needs lair.postgres.url");
        requireBase("lair.public-url", publicUrl);
        requireBase("lair.content-url", contentUrl);
        require(namespacesPerAccount >= 0, "lair.namespaces-per-account must not be negative");
    }

    /**
     * Where the static tree is kept current beside the server; on one node only.
     *
     * @param folder that somebody else serves
     * @param bucket whether the bucket has it, below {@code tree/}
     */
    public record TreeSettings(
            @Nullable Path folder, @DefaultValue("false") boolean bucket) {}

    /** Who may read. */
    public enum AccessMode {
        PUBLIC,
        /** Only who has a credential that reads. */
        PRIVATE
    }

    /** Who may create a namespace. */
    public enum NamespacesPolicy {
        /** Everybody with an account; a name that looks like another waits for an administrator. */
        OPEN,
        /** Everybody may ask, an administrator decides. */
        APPROVAL,
        /** Administrators alone. */
        OPERATOR
    }

    /**
     * What is set, or else open where reads are public and closed where they are private: there an account is what reading
     * needs, and a provider such as GitHub knows everybody.
     */
    public AccountSettings.SignupPolicy signup() {
        AccountSettings.SignupPolicy set = accounts.signup();
        return set != null
                ? set
                : access == AccessMode.PUBLIC ? AccountSettings.SignupPolicy.OPEN : AccountSettings.SignupPolicy.CLOSED;
    }

    /**
     * How often somebody may ask within a minute, on each node; 0 for as often as they like.
     *
     * @param loginsPerMinute logins that an address begins
     * @param exchangesPerMinute identity tokens that an address exchanges
     * @param publishesPerMinute publishes by one credential
     * @param requestsPerMinute all else that one credential asks; who shows none reads without a limit
     */
    public record RateLimitSettings(
            @DefaultValue("10") int loginsPerMinute,
            @DefaultValue("60") int exchangesPerMinute,
            @DefaultValue("120") int publishesPerMinute,
            @DefaultValue("6000") int requestsPerMinute) {

        public RateLimitSettings {
            require(
                    loginsPerMinute >= 0
                            && exchangesPerMinute >= 0
                            && publishesPerMinute >= 0
                            && requestsPerMinute >= 0,
                    "lair.rate-limits.* must not be negative; 0 is no limit");
        }
    }

    /**
     * The search index of this node.
     *
     * @param enabled whether there is one; without it searches are refused here
     * @param folder where it lies, this node's alone; without it {@code search} in the data folder, or a folder that ends with
     *     the process where a database holds the registry
     */
    public record SearchSettings(
            @DefaultValue("true") boolean enabled, @Nullable Path folder) {}

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

    private static final Pattern NETWORK = Pattern.compile("[0-9a-fA-F.:]+([/-][0-9a-fA-F.:]+)?");

    private static void requireNetworks(List<String> networks) {
        for (String network : networks) {
            try {
                require(NETWORK.matcher(network).matches() && new InetAddressSet().add(network), "");
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "lair.trusted-proxies has addresses, ranges and networks, like 10.0.0.7, 10.0.0.1-10.0.0.9 or"
                                + " 10.0.0.0/8, not `" + network + "`",
                        e);
            }
        }
    }

    private static final Pattern ORIGIN = Pattern.compile("[a-z0-9.:-]+(/[A-Za-z0-9._~-]+)*");

    /**
     * The database of a registry with many nodes. It must commit synchronously: a failover that loses commits is a fork.
     *
     * @param url as its JDBC driver reads it, {@code jdbc:postgresql://host/database}
     * @param user who logs in
     * @param passwordFile holds the password, one line
     */
    public record PostgresSettings(
            String url,
            @DefaultValue("lair") String user,
            @Nullable Path passwordFile) {

        public PostgresSettings {
            require(url.startsWith("jdbc:postgresql:"), "lair.postgres.url must begin with jdbc:postgresql:");
        }
    }

    /**
     * A bucket.
     *
     * @param bucket its name
     * @param prefix of every key, without a slash in front
     * @param endpoint of a server that is not AWS
     * @param region as the server calls it
     * @param accessKeyFile holds the access key; without it the environment and the machine's role are asked
     * @param secretKeyFile holds the secret key
     * @param pathStyle whether the bucket is a path segment, not a host name
     * @param redirectDownloads how long a signed URL lives to which downloads are sent; 0 serves them from here
     * @param publicEndpoint the server in those URLs, where clients reach it by another name; without it {@code endpoint}
     */
    public record S3Settings(
            String bucket,
            @DefaultValue("") String prefix,
            @Nullable URI endpoint,
            @DefaultValue("us-east-1") String region,
            @Nullable Path accessKeyFile,
            @Nullable Path secretKeyFile,
            @DefaultValue("false") boolean pathStyle,
            @DefaultValue("0s") Duration redirectDownloads,
            @Nullable URI publicEndpoint) {

        public S3Settings {
            require(!bucket.isEmpty(), "lair.s3.bucket must be named");
            require(
                    (accessKeyFile == null) == (secretKeyFile == null),
                    "lair.s3.access-key-file and lair.s3.secret-key-file are set together");
            require(
                    !redirectDownloads.isNegative() && redirectDownloads.compareTo(Duration.ofDays(7)) <= 0,
                    "lair.s3.redirect-downloads must be 0s to 7d: no signed URL lives longer");
            requireBase("lair.s3.public-endpoint", publicEndpoint);
        }
    }

    /**
     * Witnesses of both logs.
     *
     * @param policyFile C2SP policy: the witnesses with their keys and URLs, and the quorum
     * @param mode what happens without a quorum: {@code open} publishes all the same, {@code closed} waits for it
     * @param timeout how long one round waits
     */
    public record WitnessSettings(
            @Nullable Path policyFile,
            @DefaultValue("open") WitnessMode mode,
            @DefaultValue("1s") Duration timeout) {

        public WitnessSettings {
            require(timeout.isPositive(), "lair.witness.timeout must be positive");
            require(
                    mode == WitnessMode.OPEN || policyFile != null,
                    "lair.witness.mode closed needs lair.witness.policy-file");
        }
    }

    /** What is done when too few witnesses cosigned in time. */
    public enum WitnessMode {
        OPEN,
        CLOSED
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
     * @param origin name of the logs for ever, without {@code /log} and {@code /evidence}: the public URL without its
     *     scheme, unless this says otherwise. Read once, when a registry begins
     * @param highWaterFile copy of the newest signed checkpoint, better on another disk than the data: a start that finds
     *     the ledger behind it refuses to sign. Without it {@code high-water} in the data folder
     * @param snapshotRecords records between two snapshots of the map; a start replays at most as many
     */
    public record LedgerSettings(
            @DefaultValue("1024") int batchRecords,
            @DefaultValue("4096") int queueRecords,
            @DefaultValue("100ms") Duration checkpointInterval,
            @DefaultValue("60s") Duration checkpointRefresh,
            @DefaultValue("1024") int retainedCheckpoints,
            @DefaultValue("50000") long snapshotRecords,
            @Nullable String origin,
            @Nullable Path highWaterFile) {

        /** How many records back map proofs can be given: two snapshots, so that three of them are kept. */
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
            require(
                    origin == null || ORIGIN.matcher(origin).matches(),
                    "lair.ledger.origin is a URL without scheme, like registry.example");
        }
    }

    /** What is done with a release of which something is not known. */
    public enum ContentPolicy {
        ALLOW,
        REFUSE
    }

    /** What is done with a release that breaks its version track. */
    public enum CompatibilityPolicy {
        REFUSE,
        /** It is taken, and the verdict on the release says so. */
        WARN,
        /** Nothing is compared. */
        OFF
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
     * @param waitingRecords records that wait for an upload or for their turn, in all logs, at most; more are answered "busy".
     *     All of them are held in memory
     * @param waitingBytes bytes of these records, at most
     * @param sweepEvery how often overdue submissions are looked for
     * @param features gated features of components that are taken besides the stable ones, by the labels of
     *     {@link Feature}
     * @param notChecked what is done with content that uses what the validator lacks
     * @param compatibility what is done with a release that breaks its version track
     * @param unknownDependencies what is done with a release that refers to packages that are not here
     * @param validationBytes bytes of content that are validated together; more wait. What bounds the heap
     * @param validationThreads contents that are validated together, at most
     * @param validationDeadline how long an upload waits for its verdict before it is told to come again
     */
    public record PublishSettings(
            @DefaultValue("1h") Duration uploadDeadline,
            @DefaultValue("2s") Duration answerWithin,
            @DefaultValue("256MB") DataSize maxContent,
            @DefaultValue("true") boolean allowModules,
            @DefaultValue("true") boolean allowComponents,
            @DefaultValue("5m") Duration clockSkew,
            @DefaultValue("7d") Duration rejectedRetention,
            @DefaultValue("20000") int waitingRecords,
            @DefaultValue("64MB") DataSize waitingBytes,
            @DefaultValue("1m") Duration sweepEvery,
            @DefaultValue List<String> features,
            @DefaultValue("allow") ContentPolicy notChecked,
            @DefaultValue("refuse") CompatibilityPolicy compatibility,
            @DefaultValue("allow") ContentPolicy unknownDependencies,
            @DefaultValue("256MB") DataSize validationBytes,
            @DefaultValue("2") int validationThreads,
            @DefaultValue("60s") Duration validationDeadline) {

        public PublishSettings {
            require(uploadDeadline.isPositive(), "lair.publish.upload-deadline must be positive");
            require(!answerWithin.isNegative(), "lair.publish.answer-within must not be negative");
            // The gate looks at content through one buffer.
            require(
                    maxContent.toBytes() > 0 && maxContent.toBytes() <= Integer.MAX_VALUE,
                    "lair.publish.max-content must be 1B to 2147483647B");
            require(clockSkew.isPositive(), "lair.publish.clock-skew must be positive");
            require(rejectedRetention.isPositive(), "lair.publish.rejected-retention must be positive");
            require(waitingRecords >= 1, "lair.publish.waiting-records must be at least 1");
            require(waitingBytes.toBytes() >= 1, "lair.publish.waiting-bytes must be at least 1B");
            require(sweepEvery.isPositive(), "lair.publish.sweep-every must be positive");
            features = List.copyOf(features);
            features.forEach(PublishSettings::feature);
            require(validationBytes.toBytes() >= 1, "lair.publish.validation-bytes must be at least 1B");
            require(
                    validationThreads >= 1 && validationThreads <= 64,
                    "lair.publish.validation-threads must be 1 to 64");
            require(validationDeadline.isPositive(), "lair.publish.validation-deadline must be positive");
        }

        private static Feature feature(String label) {
            return Arrays.stream(Feature.values())
                    .filter(feature -> feature.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("lair.publish.features has `" + label
                            + "`, which is no feature; there are "
                            + Arrays.stream(Feature.values())
                                    .filter(feature -> !feature.isStable())
                                    .map(Feature::label)
                                    .collect(Collectors.joining(", "))));
        }

        /** What content may use: everything stable, and {@link #features}. */
        public FeatureSet featureSet() {
            return FeatureSet.stable()
                    .with(features.stream().map(PublishSettings::feature).toArray(Feature[]::new));
        }
    }

    /**
     * Contents.
     *
     * @param grace how long an unreferenced upload is kept after it was last put
     * @param collectEvery how often unreferenced uploads are looked for; each time the whole store is listed
     */
    public record ContentSettings(
            @DefaultValue("24h") Duration grace,
            @DefaultValue("1h") Duration collectEvery) {

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

    /**
     * The metrics listener, apart from the doors: what it tells is for the operator alone, and a proxy that forwards every
     * path must not be able to reach it.
     *
     * @param port where metrics can be fetched, 0 for any port; without it nowhere
     * @param address where that port listens
     */
    public record MetricsSettings(
            @Nullable Integer port,
            @DefaultValue("127.0.0.1") String address) {

        public MetricsSettings {
            require(port == null || (port >= 0 && port <= 65535), "lair.metrics.port must be 0 to 65535");
        }
    }

    /**
     * Trusted publishing.
     *
     * @param enabled whether identity tokens are exchanged at all
     * @param issuers who may issue them; without any, GitHub and gitlab.com
     */
    public record TrustedPublishingSettings(
            @DefaultValue("true") boolean enabled,
            @DefaultValue List<IssuerSettings> issuers) {

        public TrustedPublishingSettings {
            issuers = List.copyOf(issuers);
            require(
                    issuers.stream().map(IssuerSettings::url).distinct().count() == issuers.size(),
                    "lair.trusted-publishing.issuers names an issuer twice");
        }
    }

    /** How the claims of an issuer are read. */
    public enum IssuerKind {
        GITHUB,
        GITLAB,
        /** Nothing is known but {@code sub}; a publisher lists the claims that it demands. */
        GENERIC
    }

    /** For {@link IssuerSettings#organisation}: the issuer publishes for whoever names it. */
    public static final String ANY_ORGANISATION = "*";

    /**
     * One issuer of identity tokens.
     *
     * @param url exactly as its tokens have it in {@code iss}
     * @param kind how its claims are read
     * @param organisation whose namespaces it may publish to, {@code *} for all: whoever runs an issuer can say that it
     *     is any repository
     * @param jwksHost the host of its keys, where that is not its own
     * @param selfHostedRunners whether jobs may run on machines that the forge does not provide
     * @param allowPrivateAddresses whether it may be reached under an address that is not public
     * @param allowHttpForTests whether its URL may be http: then whoever is on the way can be this issuer
     */
    public record IssuerSettings(
            String url,
            IssuerKind kind,
            String organisation,
            @Nullable String jwksHost,
            @DefaultValue("false") boolean selfHostedRunners,
            @DefaultValue("false") boolean allowPrivateAddresses,
            @DefaultValue("false") boolean allowHttpForTests) {

        private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");

        public IssuerSettings {
            // Spring hands over null for what an element of a list lacks.
            require(
                    url != null && kind != null,
                    "lair.trusted-publishing.issuers[…] needs url and kind (github, gitlab or generic)");
            require(
                    organisation != null && !organisation.isEmpty(),
                    "lair.trusted-publishing.issuers[…].organisation must say whose namespaces " + url
                            + " may publish to, or * for all");
            requireBase("lair.trusted-publishing.issuers[…].url", URI.create(url));
            require(
                    allowHttpForTests || url.startsWith("https://"),
                    "lair.trusted-publishing.issuers[…].url must be https, not `" + url + "`");
            require(
                    URI.create(url).getRawUserInfo() == null,
                    "lair.trusted-publishing.issuers[…].url must have no user in it");
            require(
                    jwksHost == null || HOST.matcher(jwksHost).matches(),
                    "lair.trusted-publishing.issuers[…].jwks-host is a host name, like keys.example");
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}

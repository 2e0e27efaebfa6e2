package dev.lair.storage.registry;

/** The tables as one transaction sees them; of no use behind its end. */
public final class RegistryRows {

    private final Sql sql;

    RegistryRows(Sql sql) {
        this.sql = sql;
    }

    /** People and organisations. */
    public AccountRows accounts() {
        return new AccountRows(sql);
    }

    /** Who is logged in. */
    public SessionRows sessions() {
        return new SessionRows(sql);
    }

    /** Machines that wait to be logged in. */
    public DeviceRows devices() {
        return new DeviceRows(sql);
    }

    /** Browsers that are at an identity provider. */
    public ProviderLoginRows providerLogins() {
        return new ProviderLoginRows(sql);
    }

    /** API tokens of accounts. */
    public TokenRows tokens() {
        return new TokenRows(sql);
    }

    /** Namespaces and who may do what in them. */
    public NamespaceRows namespaces() {
        return new NamespaceRows(sql);
    }

    /** Identities of CI jobs that may release. */
    public PublisherRows publishers() {
        return new PublisherRows(sql);
    }

    /** Identity tokens that were exchanged. */
    public UsedIdentityRows usedIdentities() {
        return new UsedIdentityRows(sql);
    }

    /** Tokens of trusted publishers. */
    public TrustedTokenRows trustedTokens() {
        return new TrustedTokenRows(sql);
    }

    /** Releases that were asked for over HTTP. */
    public PublishRows publishes() {
        return new PublishRows(sql);
    }

    /** Uploads in parts. */
    public UploadRows uploads() {
        return new UploadRows(sql);
    }

    /** Packages with rules of their own. */
    public RuleRows rules() {
        return new RuleRows(sql);
    }

    /** What was stated about releases. */
    public AttestationRows attestations() {
        return new AttestationRows(sql);
    }

    /** How much is used of what is bounded. */
    public QuotaRows quotas() {
        return new QuotaRows(sql);
    }

    /** How often content was fetched. */
    public DownloadRows downloads() {
        return new DownloadRows(sql);
    }

    /** What was done by whom. */
    public AuditRows audit() {
        return new AuditRows(sql);
    }

    /** What the published records say, derived from the ledger. */
    public CatalogRows catalog() {
        return new CatalogRows(sql);
    }
}

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

    /** API tokens of accounts. */
    public TokenRows tokens() {
        return new TokenRows(sql);
    }

    /** Namespaces and who may do what in them. */
    public NamespaceRows namespaces() {
        return new NamespaceRows(sql);
    }

    /** What was done by whom. */
    public AuditRows audit() {
        return new AuditRows(sql);
    }
}

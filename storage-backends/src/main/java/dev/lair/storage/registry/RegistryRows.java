package dev.lair.storage.registry;

/** The tables as one transaction sees them; of no use behind its end. */
public final class RegistryRows {

    private final Sql sql;

    RegistryRows(Sql sql) {
        this.sql = sql;
    }

    /** What was done by whom. */
    public AuditRows audit() {
        return new AuditRows(sql);
    }
}

package dev.lair.server.namespace;

import dev.lair.registry.Namespace;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorRecord;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.server.settings.LairSettings;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * The registry's own rules for operator records, stricter than the protocol's: a record says something, a grant or
 * revocation names permissions, time is near ours, and nobody defines a reserved name. The log itself keeps the
 * reference's rules (warg protocol, section 2, "Hole").
 */
@Component
final class OperatorAdmission {

    /** As for package records. */
    static final int MAX_RECORD_BYTES = 48 * 1024;

    private final Clock clock;
    private final Duration clockSkew;
    private final ReservedNames reserved;

    OperatorAdmission(Clock clock, LairSettings settings, ReservedNames reserved) {
        this.clock = clock;
        this.clockSkew = settings.publish().clockSkew();
        this.reserved = reserved;
    }

    void check(SignedOperatorRecord record) throws OperatorRecordRefused {
        int sizeBytes = record.envelope().contentSizeBytes();
        if (sizeBytes > MAX_RECORD_BYTES) {
            throw new OperatorRecordRefused("the record has " + sizeBytes + " bytes, at most " + MAX_RECORD_BYTES
                    + " are taken; spread its entries over several records");
        }
        check(record.contents());
    }

    void check(OperatorRecord record) throws OperatorRecordRefused {
        if (record.entries().isEmpty()) {
            throw new OperatorRecordRefused("a record without entries is refused: it says nothing");
        }
        if (Duration.between(clock.instant(), record.time()).abs().compareTo(clockSkew) > 0) {
            throw new OperatorRecordRefused("the record's time " + record.time() + " is more than "
                    + clockSkew.toMinutes() + " minutes from the server's; set the clock and sign again");
        }
        for (OperatorEntry entry : record.entries()) {
            switch (entry) {
                case OperatorEntry.Grant grant ->
                    requirePermissions(grant.permissions().isEmpty());
                case OperatorEntry.Revoke revoke ->
                    requirePermissions(revoke.permissions().isEmpty());
                case OperatorEntry.DefineNamespace define -> requireFree(define.namespace());
                case OperatorEntry.ImportNamespace imported -> requireFree(imported.namespace());
                case OperatorEntry.Init init -> {
                    // The log's own rules say all there is to say.
                }
            }
        }
    }

    private static void requirePermissions(boolean none) throws OperatorRecordRefused {
        if (none) {
            throw new OperatorRecordRefused("a grant or revocation without permissions is refused: it says nothing");
        }
    }

    private void requireFree(String namespace) throws OperatorRecordRefused {
        if (Namespace.isKebab(namespace) && reserved.contains(new Namespace(namespace))) {
            throw new OperatorRecordRefused("the namespace `" + namespace
                    + "` is reserved: the server uses it as a path or its configuration reserves it");
        }
    }
}

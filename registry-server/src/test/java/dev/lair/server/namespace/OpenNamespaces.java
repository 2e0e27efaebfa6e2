package dev.lair.server.namespace;

import dev.lair.server.ledger.OpenLedger;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.EcdsaP256;
import dev.lair.storage.Storage;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;

/** A ledger and the operator log upon it, wired by hand; for tests of other packages. */
public record OpenNamespaces(OpenLedger opened, Namespaces namespaces) implements AutoCloseable {

    public static OpenNamespaces open(LairSettings settings, Storage storage, Clock clock)
            throws IOException, OperatorRecordRefused {
        OperatorKeys keys = new OperatorKeys(settings, new SecureRandom(), clock);
        OpenLedger opened = OpenLedger.open(settings, storage, keys, clock);
        OperatorAdmission admission = new OperatorAdmission(clock, settings, new ReservedNames(settings));
        return new OpenNamespaces(
                opened, new Namespaces(opened.ledger(), keys, admission, EcdsaP256.INSTANCE, clock, settings));
    }

    @Override
    public void close() {
        opened.close();
    }
}

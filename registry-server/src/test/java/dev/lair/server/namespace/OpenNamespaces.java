package dev.lair.server.namespace;

import dev.lair.server.TestKeys;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.server.settings.RegistryKeyStore;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.KeyStore;
import dev.lair.storage.Storage;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;

/** A ledger and the operator log upon it, wired by hand; for tests of other packages. */
public record OpenNamespaces(OpenLedger opened, Namespaces namespaces) implements AutoCloseable {

    public static OpenNamespaces open(LairSettings settings, Storage storage, Clock clock)
            throws IOException, OperatorRecordRefused {
        KeyStore store = settings.storage() == StorageKind.MEMORY
                ? TestKeys.store()
                : RegistryKeyStore.inFolder(settings.data(), settings.masterKeyFile(), new SecureRandom(), clock);
        OperatorKeys keys = new OperatorKeys(settings, store, new SecureRandom());
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

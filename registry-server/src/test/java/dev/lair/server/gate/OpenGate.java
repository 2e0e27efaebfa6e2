package dev.lair.server.gate;

import dev.lair.server.ledger.Ledger;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.Storage;

/** The gate wired by hand; for tests of other packages. */
public record OpenGate(Examinations examinations, ReleaseGate gate, VersionFacts versions) implements AutoCloseable {

    public static OpenGate open(Ledger ledger, Namespaces namespaces, Storage storage, LairSettings settings) {
        Examinations examinations = new Examinations(storage, settings);
        PackageReleases releases = new PackageReleases(ledger);
        ReleaseGate gate = new ReleaseGate(examinations, releases, namespaces, storage, settings);
        return new OpenGate(examinations, gate, new VersionFacts(ledger, releases, examinations, gate));
    }

    @Override
    public void close() {
        gate.close();
        examinations.close();
    }
}

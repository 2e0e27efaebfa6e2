package dev.lair.server.gate;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.VersionDocument;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/** The gate wired by hand; for tests of other packages. */
public record OpenGate(Examinations examinations, ReleaseGate gate, VersionFacts versions) implements AutoCloseable {

    public static OpenGate open(Ledger ledger, Namespaces namespaces, Storage storage, LairSettings settings) {
        Examinations examinations = new Examinations(storage, settings);
        PackageReleases releases = new PackageReleases(ledger);
        ReleaseGate gate = new ReleaseGate(examinations, releases, namespaces, storage, settings);
        return new OpenGate(
                examinations, gate, new VersionFacts(ledger, releases, examinations, gate, storage, settings));
    }

    /** The document of a release as it would be sent, read back. */
    public Optional<VersionDocument> document(PackageName name, SemVer version) {
        return versions.find(name, version).map(release -> {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            try (VersionFacts.Answer answer =
                    versions.open(release, ToldRelease.Part.DOCUMENT).orElseThrow()) {
                answer.writeTo(sent);
                return ApiJson.readCompressed(sent.toByteArray(), VersionDocument.class);
            } catch (IOException e) {
                throw new AssertionError("no document", e);
            }
        });
    }

    @Override
    public void close() {
        gate.close();
        examinations.close();
    }
}

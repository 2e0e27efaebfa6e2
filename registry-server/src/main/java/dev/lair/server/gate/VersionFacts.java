package dev.lair.server.gate;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.VersionDocument;
import dev.lair.server.ledger.Ledger;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.StorageException;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** What is known of releases that a published checkpoint covers. */
@Service
public final class VersionFacts {

    private final Ledger ledger;
    private final PackageReleases releases;
    private final Examinations examinations;
    private final ReleaseGate gate;

    VersionFacts(Ledger ledger, PackageReleases releases, Examinations examinations, ReleaseGate gate) {
        this.ledger = ledger;
        this.releases = releases;
        this.examinations = examinations;
        this.gate = gate;
    }

    /**
     * All that is known of a release, yanked or not; empty when there is none.
     *
     * @throws GateBusyException when it had to be found out anew and could not be now
     * @throws StorageException when its content is lost
     */
    public Optional<VersionDocument> find(PackageName name, SemVer version) {
        long size = ledger.publishedSize();
        Optional<PackageReleases.Entry> entry = releases.find(name.logId(), version, size);
        return entry.map(release -> document(name, release, size));
    }

    private VersionDocument document(PackageName name, PackageReleases.Entry release, long treeSize) {
        try {
            ContentFacts facts = examinations.facts(release.content());
            return new VersionDocument(
                    name.toString(),
                    release.version().toString(),
                    release.content().toString(),
                    release.isYankedIn(treeSize),
                    new VersionDocument.Released(
                            release.record().toString(),
                            release.leafIndex(),
                            release.time().toString(),
                            release.keyId().toString()),
                    gate.verdict(name, release),
                    facts);
        } catch (ContentNotFoundException e) {
            throw new StorageException(
                    "content " + release.content() + " was released by the record at leaf " + release.leafIndex()
                            + " and is not stored",
                    e);
        }
    }
}

package dev.lair.server.publish;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.Release;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.publish.PublishRefused.NotAdmitted;
import dev.lair.server.settings.LairSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * The registry's own rules for package records, stricter than the protocol's and kept at the door, because clients and
 * replay must follow the reference (architecture, hop 3; warg protocol, section 2, "Hole"). Each rule has a method here
 * and a test of its name.
 */
@Component
final class Admission {

    /** Largest record: far above a release's 200 bytes, far below what would make a log costly to fetch. */
    static final int MAX_RECORD_BYTES = 48 * 1024;

    /** Longest version in characters: it stands in URLs and file names. */
    static final int MAX_VERSION_CHARACTERS = 128;

    /** Releases of one record: each costs memory while the record waits, far more than its bytes. */
    static final int MAX_RELEASES = 100;

    private final Clock clock;
    private final Duration clockSkew;

    Admission(Clock clock, LairSettings settings) {
        this.clock = clock;
        this.clockSkew = settings.publish().clockSkew();
    }

    /**
     * Checks a record against the rules, in the state of the log that it would extend.
     *
     * @throws NotAdmitted naming the rule, the value and what to do
     */
    void check(SignedPackageRecord signed, PackageLog.State before) throws NotAdmitted {
        requireBoundedSize(signed.envelope().contentSizeBytes());
        check(signed.contents(), before);
    }

    /** The same of a record that is not signed yet and short. */
    void check(PackageRecord record, PackageLog.State before) throws NotAdmitted {
        requireEntries(record);
        requireFewReleases(record);
        requireTimeNearOurs(record.time());
        Set<String> versions = new HashSet<>();
        for (Release release : before.releases()) {
            versions.add(folded(release.version()));
        }
        for (PackageEntry entry : record.entries()) {
            switch (entry) {
                case PackageEntry.Grant grant ->
                    requirePermissions(grant.permissions().isEmpty());
                case PackageEntry.Revoke revoke ->
                    requirePermissions(revoke.permissions().isEmpty());
                case PackageEntry.Release release -> {
                    requireNoBuildMetadata(release.version());
                    requireOwnFile(release.version());
                    requireShortVersion(release.version());
                    requireDistinctIgnoringCase(release.version(), before, versions);
                }
                case PackageEntry.Init init -> {
                    // The log's own rules say all there is to say.
                }
                case PackageEntry.Yank yank -> {
                    // The log's own rules say all there is to say.
                }
            }
        }
    }

    private static void requireBoundedSize(int sizeBytes) throws NotAdmitted {
        if (sizeBytes > MAX_RECORD_BYTES) {
            throw new NotAdmitted("the record has " + sizeBytes + " bytes, at most " + MAX_RECORD_BYTES
                    + " are taken; spread its entries over several records");
        }
    }

    private static void requireEntries(PackageRecord record) throws NotAdmitted {
        if (record.entries().isEmpty()) {
            throw new NotAdmitted("a record without entries is refused: it says nothing");
        }
    }

    private static void requireFewReleases(PackageRecord record) throws NotAdmitted {
        long releases = record.entries().stream()
                .filter(PackageEntry.Release.class::isInstance)
                .count();
        if (releases > MAX_RELEASES) {
            throw new NotAdmitted("the record releases " + releases + " versions, at most " + MAX_RELEASES
                    + " are taken; spread them over several records");
        }
    }

    private void requireTimeNearOurs(Instant time) throws NotAdmitted {
        Instant now = clock.instant();
        if (time.isBefore(now.minus(clockSkew)) || time.isAfter(now.plus(clockSkew))) {
            throw new NotAdmitted("the record's time " + time + " is more than " + clockSkew.toMinutes()
                    + " minutes from the server's " + now + "; set the clock and sign again");
        }
    }

    private static void requirePermissions(boolean none) throws NotAdmitted {
        if (none) {
            throw new NotAdmitted("a grant or revocation without permissions is refused: it says nothing");
        }
    }

    private static void requireNoBuildMetadata(SemVer version) throws NotAdmitted {
        if (version.hasBuildMetadata()) {
            throw new NotAdmitted("version " + version + " has build metadata, by which resolvers cannot tell versions"
                    + " apart; release it without the part after `+`");
        }
    }

    /** Its file in the static tree would lie where the attestations of the version before the dot do. */
    private static void requireOwnFile(SemVer version) throws NotAdmitted {
        if (version.toString().endsWith(".attestations")) {
            throw new NotAdmitted("version " + version
                    + " ends in `.attestations`, which names files of the static tree;" + " choose another word");
        }
    }

    private static void requireShortVersion(SemVer version) throws NotAdmitted {
        if (version.toString().length() > MAX_VERSION_CHARACTERS) {
            throw new NotAdmitted("version " + version.toString().substring(0, 40) + "… has "
                    + version.toString().length() + " characters, at most " + MAX_VERSION_CHARACTERS + " are taken");
        }
    }

    /** The same version again is the log's to refuse, with the reference's words. */
    private static void requireDistinctIgnoringCase(SemVer version, PackageLog.State before, Set<String> versions)
            throws NotAdmitted {
        boolean exact = before.release(version).isPresent();
        if (!versions.add(folded(version)) && !exact) {
            throw new NotAdmitted("version " + version
                    + " differs from a version of this package only by the case of letters; choose another");
        }
    }

    private static String folded(SemVer version) {
        return version.toString().toLowerCase(Locale.ROOT);
    }
}

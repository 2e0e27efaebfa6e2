package dev.lair.cli.trust;

import static dev.lair.cli.report.Finding.proven;
import static dev.lair.cli.report.Finding.trusted;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.KeyId;
import dev.lair.signing.MalformedEnvelopeException;
import dev.lair.signing.PublicKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.note.MalformedNoteException;
import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.Limits;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.TlogProof;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The check of a {@code .tlog-proof} without any network: that a release stands in a registry's log, as of a checkpoint
 * that satisfies a policy. Its {@code extra} data is the signed record of the release, which nobody vouches for until step
 * 3 does.
 *
 * <ol>
 *   <li>The checkpoint satisfies the demand: log, quorum, age.
 *   <li>The record, in the log of the package, is a leaf: {@link LogLeaf}.
 *   <li>That leaf stands at the proof's index of the tree that the checkpoint covers.
 *   <li>The record releases the version, with the digest.
 * </ol>
 *
 * <p>What one record cannot show: that its key was allowed to sign (the registry's log accepted it, and {@code lair
 * monitor} checks that it was right to), and what came later, like a yank.
 */
public final class OfflineProof {

    private static final String WHAT = "checkpoint of the proof";

    private final NoteDemand demand;
    private final Instant now;
    private final Reporter reporter;

    public OfflineProof(NoteDemand demand, Instant now, Reporter reporter) {
        this.demand = demand;
        this.now = now;
        this.reporter = reporter;
    }

    /**
     * What should be proven.
     *
     * @param version null for any that the record releases
     * @param content null for any
     */
    public record Claim(
            PackageName name,
            @Nullable SemVer version,
            @Nullable Digest content) {}

    /** What is proven: these releases of the claim's package, at least one, in the record at this leaf. */
    public record Proven(
            CheckpointText checkpoint,
            long leafIndex,
            SignedPackageRecord record,
            List<PackageEntry.Release> releases) {
        public Proven {
            releases = List.copyOf(releases);
        }
    }

    /**
     * Checks a proof.
     *
     * @throws Fault unverified when anything does not hold, stale when only the age does not
     */
    public Proven check(TlogProof proof, Claim claim) throws Fault {
        SignedPackageRecord record = record(proof);
        // 1. The checkpoint.
        CheckpointText checkpoint = demand.require(WHAT, note(proof), now, reporter);
        // 2 and 3. The leaf.
        LogLeaf leaf = new LogLeaf(claim.name().logId(), record.id());
        try {
            proof.inclusion(checkpoint.treeSize()).verify(leaf.hash(), checkpoint.root());
        } catch (ProofRejected e) {
            throw unproven(
                    "record " + record.id() + " of `" + claim.name() + "` is not proven to be leaf " + proof.index()
                            + " of the log; is it the proof of this package?",
                    e);
        }
        reporter.found(proven("record " + record.id() + " of `" + claim.name() + "` is leaf " + proof.index()
                + " of the log, dated " + record.contents().time()));
        // 4. The release.
        List<PackageEntry.Release> releases = releases(record, claim);
        reportSigner(record);
        reporter.found(trusted("not in a proof: whether a release was yanked later"));
        return new Proven(checkpoint, proof.index(), record, releases);
    }

    private static SignedPackageRecord record(TlogProof proof) throws Fault {
        byte[] extra = proof.extra()
                .orElseThrow(() -> unproven(
                        "it has no line `extra`, which carries the record of the release; a record of more" + " than "
                                + Limits.PORTABLE_EXTRA_BYTES + " bytes is left out, check its release online"));
        try {
            return SignedPackageRecord.decode(EnvelopeCodec.parse(extra));
        } catch (MalformedEnvelopeException | MalformedRecordException e) {
            throw unproven("what its line `extra` carries is no package record", e);
        }
    }

    private static SignedNote note(TlogProof proof) throws Fault {
        try {
            return SignedNote.parse(proof.checkpoint());
        } catch (MalformedNoteException e) {
            throw unproven("its checkpoint is no signed note", e);
        }
    }

    private List<PackageEntry.Release> releases(SignedPackageRecord record, Claim claim) throws Fault {
        List<PackageEntry.Release> all = record.contents().entries().stream()
                .filter(PackageEntry.Release.class::isInstance)
                .map(PackageEntry.Release.class::cast)
                .toList();
        List<PackageEntry.Release> meant = all.stream()
                .filter(release -> claim.version() == null || release.version().equals(claim.version()))
                .toList();
        if (meant.isEmpty()) {
            throw unproven("its record releases " + described(all)
                    + (claim.version() == null ? "" : ", not `" + claim.name() + "` " + claim.version()));
        }
        List<PackageEntry.Release> found = meant.stream()
                .filter(release -> claim.content() == null || release.content().equals(claim.content()))
                .toList();
        if (found.isEmpty()) {
            throw unproven("the content is " + claim.content() + ", but its record releases " + described(meant));
        }
        for (PackageEntry.Release release : found) {
            reporter.found(proven("release: " + claim.name() + " " + release.version() + " is " + release.content()));
        }
        return found;
    }

    private static String described(List<PackageEntry.Release> releases) {
        return releases.isEmpty()
                ? "nothing"
                : releases.stream()
                        .map(release -> release.version() + " as " + release.content())
                        .collect(Collectors.joining(", "));
    }

    /** The first record of a log brings its key, the signer's; the keys of later ones stand in other records. */
    private void reportSigner(SignedPackageRecord record) throws Fault {
        KeyId signer = record.envelope().keyId();
        Optional<PublicKey> key = record.contents().entries().stream()
                .filter(PackageEntry.Init.class::isInstance)
                .map(entry -> ((PackageEntry.Init) entry).key())
                .findFirst();
        if (key.isEmpty()) {
            reporter.found(trusted("signer: key " + signer + ", by the word of whoever made the proof: its public key"
                    + " stands in an earlier record of the package"));
        } else if (record.envelope().verify(RecordDomain.PACKAGE, key.get(), EcdsaP256.INSTANCE)) {
            reporter.found(proven("signer: key " + signer + ", with which the package's log starts"));
        } else {
            throw unproven(
                    "its record starts the package's log with key " + key.get().keyId() + ", and is not signed by it");
        }
    }

    private static Fault unproven(String what) {
        return ExitCode.UNVERIFIED.fault("the proof is not believed: " + what);
    }

    private static Fault unproven(String what, Exception rule) {
        return ExitCode.UNVERIFIED.fault("the proof is not believed: " + what + ": " + rule.getMessage(), rule);
    }
}

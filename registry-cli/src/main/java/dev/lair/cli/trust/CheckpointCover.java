package dev.lair.cli.trust;

import static dev.lair.cli.report.Finding.proven;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.client.RegistryTree;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.time.Deadline;
import dev.lair.cli.time.Pace;
import dev.lair.registry.tree.TreePaths;
import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MalformedCheckpointException;
import dev.lair.transparency.ProofRejected;
import java.time.Clock;
import java.time.Duration;

/**
 * Ties what the registry says over the warg API to what its witnesses cosigned. It passes only when
 *
 * <ol>
 *   <li>the log's newest signed checkpoint satisfies the demand,
 *   <li>it covers at least as many records, and
 *   <li>these records come first in it: the same root, or a consistency proof.
 * </ol>
 *
 * <p>Not tied: the map root, which C2SP's checkpoint does not know. That it is true is what {@code lair monitor} checks, by
 * the evidence log.
 */
public final class CheckpointCover {

    /** A cache on the way may hold an older checkpoint for some ten seconds. */
    private static final Duration CACHES_LAG = Duration.ofSeconds(15);

    private final NoteDemand demand;
    private final Clock clock;
    private final Pace pace;

    public CheckpointCover(NoteDemand demand, Clock clock, Pace pace) {
        this.demand = demand;
        this.clock = clock;
        this.pace = pace;
    }

    /** Checks that the demand covers {@code view}, which the registry signed in warg's form. */
    void require(RegistryClient client, Checkpoint view, Reporter reporter) throws Fault {
        try {
            CheckpointText covered = covering(new RegistryTree(client), view.logLength(), reporter);
            requireExtends(client, view, covered);
            reporter.found(proven("policy: the " + Counted.of(view.logLength(), "record")
                    + " of this answer are the first of that checkpoint's " + covered.treeSize()));
        } catch (RegistryRefused e) {
            throw Unproven.refusedProof("that a checkpoint which satisfies the policy covers its records", e);
        }
    }

    /** 1 and 2. The caches between may give an older checkpoint at first: asked again, for a while. */
    private CheckpointText covering(RegistryTree tree, long size, Reporter reporter) throws Fault, RegistryRefused {
        Deadline deadline = new Deadline(pace, CACHES_LAG);
        SignedNote note = tree.checkpoint(TreePaths.LOG);
        while (claimedSize(note) < size && deadline.another()) {
            note = tree.checkpoint(TreePaths.LOG);
        }
        CheckpointText checkpoint = demand.require("checkpoint of the log", note, clock.instant(), reporter);
        if (checkpoint.treeSize() < size) {
            throw Unproven.because("its newest checkpoint that satisfies the policy covers "
                    + Counted.of(checkpoint.treeSize(), "record") + ", so no witness saw the last of its " + size
                    + "; try again in a moment");
        }
        return checkpoint;
    }

    /** What the note says before anything is verified: enough to know whether to ask again. */
    private static long claimedSize(SignedNote note) {
        try {
            return CheckpointText.parse(note.text()).treeSize();
        } catch (MalformedCheckpointException saidLater) {
            return Long.MAX_VALUE;
        }
    }

    /** 3. */
    private static void requireExtends(RegistryClient client, Checkpoint view, CheckpointText covered)
            throws Fault, RegistryRefused {
        long size = view.logLength();
        String fork = "fork: " + client.registry() + " shows this client other records than its log's checkpoint of "
                + covered.treeSize() + " covers: ";
        if (covered.treeSize() == size) {
            if (!covered.root().equals(view.logRoot())) {
                throw Unproven.because(fork + "its root is " + covered.root() + ", not " + view.logRoot());
            }
            return;
        }
        byte[] proof = client.proveConsistency(size, covered.treeSize()).proof();
        try {
            LogProofBundle.parse(proof).verifyConsistency(size, view.logRoot(), covered.treeSize(), covered.root());
        } catch (ProofRejected e) {
            throw Unproven.because(fork + e.getMessage());
        }
    }
}

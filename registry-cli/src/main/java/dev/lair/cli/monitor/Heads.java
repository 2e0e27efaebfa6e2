package dev.lair.cli.monitor;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.monitor.Contradiction.Exhibit;
import dev.lair.cli.monitor.Contradiction.Kind;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargJson;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PublicKey;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.RootHash;
import java.util.Optional;

/**
 * What the registry says at one moment, in all three ways it has: warg's checkpoint, the checkpoint of its log, and that of
 * its evidence log. The last two satisfied the policy.
 */
record Heads(SignedCheckpoint warg, Head log, Head evidence) {

    /** Asks for warg's checkpoint; nothing is checked but its form. */
    static SignedCheckpoint warg(RegistryClient client) throws Fault {
        try {
            return client.checkpoint().signedCheckpoint();
        } catch (RegistryRefused e) {
            throw e.fault();
        } catch (IllegalArgumentException e) {
            throw ExitCode.UNVERIFIED.fault(
                    "the registry is not believed: its checkpoint is none: " + e.getMessage(), e);
        }
    }

    /** Records that warg's checkpoint covers. */
    long wargSize() {
        return warg.contents().checkpoint().logLength();
    }

    /**
     * Compares warg's checkpoint with what the records make at its size, and its signer with the operator log there.
     *
     * @throws Contradiction when either is not what it must be
     */
    void requireWarg(RootHash logRoot, RootHash mapRoot, OperatorLog.State operator) throws Contradiction {
        Checkpoint stated = warg.contents().checkpoint();
        String what = "the checkpoint of " + stated.logLength() + " records that /v1/fetch/checkpoint gives ";
        if (!stated.logRoot().equals(logRoot)) {
            throw contradiction(
                    Kind.SPLIT_VIEW,
                    what + "states log root " + stated.logRoot() + ", and its records make " + logRoot);
        }
        if (!stated.mapRoot().equals(mapRoot)) {
            throw contradiction(
                    Kind.WRONG_MAP, what + "states map root " + stated.mapRoot() + ", and its records make " + mapRoot);
        }
        Optional<PublicKey> key = operator.key(warg.keyId());
        if (key.isEmpty() || !operator.permissions(warg.keyId()).contains(OperatorPermission.COMMIT)) {
            throw contradiction(
                    Kind.WRONG_SIGNER, what + "is signed by key " + warg.keyId() + ", which may not sign checkpoints");
        }
        if (!warg.verify(key.get(), EcdsaP256.INSTANCE)) {
            throw contradiction(Kind.WRONG_SIGNER, what + "is not signed by key " + warg.keyId() + ", which it names");
        }
    }

    /** A finding with all that the registry said. */
    Contradiction contradiction(Kind kind, String what) {
        return addTo(Contradiction.of(kind, what));
    }

    /** A finding with all that the registry said added to it. */
    Contradiction addTo(Contradiction found) {
        return found.with(new Exhibit("warg-checkpoint.json", WargJson.write(CheckpointBody.of(warg))))
                .with(Exhibit.text("log-checkpoint", log.note().format()))
                .with(Exhibit.text("evidence-checkpoint", evidence.note().format()));
    }
}

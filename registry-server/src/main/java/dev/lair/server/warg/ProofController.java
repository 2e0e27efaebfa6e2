package dev.lair.server.warg;

import dev.lair.registry.Limits;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.ConsistencyRequest;
import dev.lair.registry.warg.WargBodies.ConsistencyResponse;
import dev.lair.registry.warg.WargBodies.InclusionRequest;
import dev.lair.registry.warg.WargBodies.InclusionResponse;
import dev.lair.registry.warg.WargBodies.VerifyCheckpointResponse;
import dev.lair.registry.warg.WargBodies.VerifyCheckpointResponse.Verification;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.problem.WargErrorException;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.Verifier;
import dev.lair.storage.LedgerEntry;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProof;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.SparseMap;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Proofs, and the registry's word on a checkpoint (warg protocol, sections 3 and 4). */
@RestController
class ProofController {

    private final Ledger ledger;
    private final Namespaces namespaces;
    private final Verifier verifier;

    ProofController(Ledger ledger, Namespaces namespaces, Verifier verifier) {
        this.ledger = ledger;
        this.namespaces = namespaces;
        this.verifier = verifier;
    }

    @Access(Act.READ)
    @PostMapping("/" + WargPaths.PROVE_CONSISTENCY)
    ResponseEntity<byte[]> consistency(InputStream in) {
        ConsistencyRequest request = WargRequests.read(in, WargRequests.MAX_BODY_BYTES, ConsistencyRequest.class);
        long from = request.from();
        long to = request.to();
        if (from < 1 || from > to) {
            throw new WargErrorException(WargError.bundleFailure(
                    "no log of length " + to + " extends one of length " + from + ": from must be 1 to `to`"));
        }
        requireCheckpoint(from);
        requireCheckpoint(to);
        LogProofBundle proof = LogProofBundle.consistency(ledger.nodes(to), from, to);
        return WargRequests.reply(200, new ConsistencyResponse(proof.encode()));
    }

    @Access(Act.READ)
    @PostMapping("/" + WargPaths.PROVE_INCLUSION)
    ResponseEntity<byte[]> inclusion(InputStream in) {
        InclusionRequest request = WargRequests.read(in, WargRequests.MAX_BODY_BYTES, InclusionRequest.class);
        List<Long> leaves = request.leafs();
        if (leaves.isEmpty() || leaves.size() > Limits.PAGE_ITEMS) {
            throw new WargErrorException(WargError.bundleFailure(
                    "a proof names 1 to " + Limits.PAGE_ITEMS + " leaves, this request " + leaves.size()));
        }
        long size = request.logLength();
        requireCheckpoint(size);
        SparseMap map = ledger.map(size).orElseThrow(() -> new WargErrorException(WargError.checkpointNotFound(size)));
        List<MapProof> mapProofs = new ArrayList<>(leaves.size());
        for (long leaf : leaves) {
            if (leaf < 0 || leaf >= size) {
                throw new WargErrorException(WargError.leafNotFound(leaf));
            }
            mapProofs.add(mapProof(map, leaf));
        }
        LogProofBundle log = LogProofBundle.inclusion(ledger.nodes(size), size, leaves);
        return WargRequests.reply(
                200,
                new InclusionResponse(log.encode(), MapProofBundle.of(mapProofs).encode()));
    }

    /** The map says which record is the newest of its log; for an older record there is nothing to prove. */
    private MapProof mapProof(SparseMap map, long leafIndex) {
        LedgerEntry entry =
                ledger.entryAt(leafIndex).orElseThrow(() -> new WargErrorException(WargError.leafNotFound(leafIndex)));
        if (!map.head(entry.logId()).equals(Optional.of(entry.recordId()))) {
            throw new WargErrorException(WargError.packageNotIncluded(entry.logId()));
        }
        return map.prove(entry.logId());
    }

    @Access(Act.READ)
    @PostMapping("/" + WargPaths.VERIFY_CHECKPOINT)
    ResponseEntity<byte[]> verify(InputStream in) {
        SignedCheckpoint shown = shown(WargRequests.read(in, WargRequests.MAX_BODY_BYTES, CheckpointBody.class));
        SignedCheckpoint ours =
                ledger.checkpoint(shown.contents().checkpoint().logLength()).orElse(null);
        boolean sameRoots = ours != null
                && ours.contents().checkpoint().equals(shown.contents().checkpoint());
        boolean signed = shown.equals(ours) || signedByOperator(shown);
        return WargRequests.reply(
                200,
                new VerifyCheckpointResponse(
                        sameRoots ? Verification.VERIFIED : Verification.INVALID,
                        signed ? Verification.VERIFIED : Verification.INVALID,
                        null));
    }

    private static SignedCheckpoint shown(CheckpointBody body) {
        try {
            return body.signedCheckpoint();
        } catch (IllegalArgumentException e) {
            throw WargErrorException.of(400, "the body is no checkpoint: " + e.getMessage());
        }
    }

    private boolean signedByOperator(SignedCheckpoint shown) {
        return namespaces
                .operatorLog()
                .key(shown.keyId())
                .filter(key ->
                        namespaces.operatorLog().permissions(shown.keyId()).contains(OperatorPermission.COMMIT))
                .filter(key -> shown.verify(key, verifier))
                .isPresent();
    }

    private void requireCheckpoint(long size) {
        if (ledger.checkpoint(size).isEmpty()) {
            throw new WargErrorException(WargError.checkpointNotFound(size));
        }
    }
}

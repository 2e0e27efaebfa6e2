package dev.lair.server.tree;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.tree.MapAnswer;
import dev.lair.registry.tree.TreePaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.problem.WargErrorException;
import dev.lair.server.settings.PublicUrl;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Publication;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.InclusionProof;
import dev.lair.transparency.MalformedDigestException;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TlogProof;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Proofs about packages that can be kept as files and checked offline, against the newest published checkpoint. */
@RestController
class ReleaseProofController {

    /**
     * Entries of the evidence log that are read at a time. The one of the published checkpoint is the last, unless another
     * node stated a later checkpoint in the same moment, or attestations were stated behind it.
     */
    private static final int LOOK_BACK = 64;

    private final Ledger ledger;
    private final ReleasePlaces places;
    private final ReleaseProofs proofs;
    private final PublicUrl publicUrl;
    private final ServedLog evidence;

    ReleaseProofController(Ledger ledger, ReleasePlaces places, ReleaseProofs proofs, PublicUrl publicUrl) {
        this.ledger = ledger;
        this.places = places;
        this.proofs = proofs;
        this.publicUrl = publicUrl;
        this.evidence = ServedLog.evidence(ledger);
    }

    /**
     * That the record which released a version is in the log. The record itself is the proof's extra data: its content
     * hashes to the record id in the leaf. A record of almost 48 KiB and more is left out, since foreign readers refuse
     * so long a line; {@code records/} has it.
     */
    @Access(Act.READ)
    @GetMapping("/" + TreePaths.RELEASE_PROOF)
    ResponseEntity<byte[]> release(
            @PathVariable String namespace, @PathVariable String name, @PathVariable String version) {
        PackageName asked = packageName(namespace, name);
        SemVer released = version(version);
        if (!asked.namespace().value().equals(namespace) || !asked.name().equals(name)) {
            return moved(TreePaths.releaseProof(asked, released));
        }
        Publication newest = ledger.publication().orElseThrow(TreeReplies::noPublicationYet);
        long size = newest.treeSize();
        long leaf = places.find(asked.logId(), released, size)
                .orElseThrow(() -> TreeReplies.notFound("there is no release " + asked + "@" + released));
        LedgerEntry entry = ledger.entryAt(leaf)
                .orElseThrow(() -> new IllegalStateException("leaf " + leaf + " was read and is gone"));
        return TreeReplies.text(proofs.of(entry, newest).format(), TreeReplies.PROOF);
    }

    /**
     * The same of any record by its id: each answer to a publish that is final points here. The operator's records are in
     * the log, too.
     */
    @Access(Act.READ)
    @GetMapping("/" + TreePaths.RECORD_PROOF)
    ResponseEntity<byte[]> record(@PathVariable String hex) {
        RecordId id = recordId(hex);
        Publication newest = ledger.publication().orElseThrow(TreeReplies::noPublicationYet);
        LedgerEntry entry = ledger.entry(id)
                .filter(durable -> durable.leafIndex() < newest.treeSize())
                .orElseThrow(() -> TreeReplies.notFound("no published checkpoint covers a record " + id));
        return TreeReplies.text(proofs.of(entry, newest).format(), TreeReplies.PROOF);
    }

    /** What the map says of a package: its newest record, or that there is none. */
    @Access(Act.READ)
    @GetMapping("/" + TreePaths.MAP_PROOF)
    ResponseEntity<byte[]> map(@PathVariable String namespace, @PathVariable String name) {
        PackageName asked = packageName(namespace, name);
        if (!asked.namespace().value().equals(namespace) || !asked.name().equals(name)) {
            return moved(TreePaths.mapProof(asked));
        }
        Publication newest = ledger.publication().orElseThrow(TreeReplies::noPublicationYet);
        SparseMap map = ledger.map(newest.treeSize()).orElseThrow(ReleaseProofController::overtaken);
        long leaf = evidenceOf(newest);
        long size = newest.notes().evidenceSize();
        CheckpointEvidence stated =
                CheckpointEvidence.parse(ledger.evidenceEntries(leaf, leaf + 1).getFirst());
        TlogProof proof = TlogProof.of(
                InclusionProof.build(evidence.nodes(size), leaf, size),
                newest.notes().evidence());
        return TreeReplies.json(
                MapAnswer.of(asked.logId(), map.head(asked.logId()), map.prove(asked.logId()), stated, proof),
                TreeReplies.CONFIG);
    }

    /** Where the evidence log states the published checkpoint. */
    private long evidenceOf(Publication publication) {
        Checkpoint published = publication.checkpoint().contents().checkpoint();
        for (long until = publication.notes().evidenceSize(); until > 0; until -= LOOK_BACK) {
            long from = Math.max(0, until - LOOK_BACK);
            List<byte[]> entries = ledger.evidenceEntries(from, until);
            for (int i = entries.size() - 1; i >= 0; i--) {
                if (CheckpointEvidence.isMarked(entries.get(i))) {
                    CheckpointEvidence stated = CheckpointEvidence.parse(entries.get(i));
                    if (stated.checkpoint().equals(published)) {
                        return from + i;
                    }
                    if (stated.treeSize() < published.logLength()) {
                        // Sizes ascend: it is not further back.
                        throw overtaken();
                    }
                }
            }
        }
        throw overtaken();
    }

    /** Another node published while this one looked. */
    private static WargErrorException overtaken() {
        return TreeReplies.inAMoment("the newest checkpoint is not known here as a whole yet; ask again");
    }

    private static PackageName packageName(String namespace, String name) {
        try {
            return new PackageName(new Namespace(namespace.toLowerCase(Locale.ROOT)), name.toLowerCase(Locale.ROOT));
        } catch (MalformedNameException e) {
            throw TreeReplies.notFound(String.valueOf(e.getMessage()));
        }
    }

    private static RecordId recordId(String hex) {
        try {
            return RecordId.ofHex(hex);
        } catch (MalformedDigestException e) {
            throw TreeReplies.notFound(String.valueOf(e.getMessage()));
        }
    }

    private static SemVer version(String text) {
        try {
            return SemVer.parse(text);
        } catch (MalformedVersionException e) {
            throw TreeReplies.notFound(String.valueOf(e.getMessage()));
        }
    }

    /** Names are in lower case; a version keeps its case, which tells releases apart. */
    private ResponseEntity<byte[]> moved(String path) {
        return ResponseEntity.status(HttpStatus.PERMANENT_REDIRECT)
                .cacheControl(TreeReplies.PROOF)
                .header("Location", publicUrl.of(path))
                .build();
    }
}

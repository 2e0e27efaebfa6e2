package dev.lair.server.web;

import dev.lair.registry.SemVer;
import dev.lair.registry.api.Problem;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorRecord;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.Permission;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.tree.TreePaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.problem.ProblemException;
import dev.lair.signing.note.MalformedNoteException;
import dev.lair.signing.note.NoteSignature;
import dev.lair.signing.note.SignedNote;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Publication;
import dev.lair.transparency.AttestationEvidence;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.ConsistencyProof;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.InclusionProof;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.NodeReader;
import dev.lair.transparency.RecordId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /ledger/**}: the two logs for people to look at. All that stands here can be had as files and checked
 * ({@code /log}, {@code /evidence}, {@code /records}); a page proves nothing by itself, and says where the proof lies.
 */
@RestController
class LedgerPages {

    private static final int ROWS = 50;

    private final Ledger ledger;

    LedgerPages(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The newest checkpoint and the records before {@code before}; a jump to one record by {@code leaf}. */
    @Access(Act.READ)
    @GetMapping("/ledger")
    ResponseEntity<byte[]> index(
            Visit visit,
            @RequestParam(name = "before", required = false, defaultValue = "") String before,
            @RequestParam(name = "leaf", required = false, defaultValue = "") String leaf) {
        if (!leaf.isBlank()) {
            return visit.redirect(
                    LocalPath.parse("/ledger/" + number("leaf", leaf)).orElse(LocalPath.HOME));
        }
        Optional<Publication> newest = ledger.publication();
        long size = newest.map(Publication::treeSize).orElse(0L);
        long until = before.isBlank() ? size : Math.min(size, number("before", before));
        long from = Math.max(0, until - ROWS);
        List<LedgerViews.Row> rows = new ArrayList<>();
        for (LedgerEntry entry : ledger.entries(from, until).reversed()) {
            rows.add(row(entry));
        }
        LedgerViews.Checkpoint checkpoint =
                newest.map(publication -> checkpoint(publication.notes().log())).orElse(null);
        return visit.show(
                "ledger/index.jte",
                visit.page("Ledger"),
                new LedgerViews.Index(checkpoint, rows, older(from), until == size));
    }

    /** One record, and how it is proven. */
    @Access(Act.READ)
    @GetMapping("/ledger/{index}")
    ResponseEntity<byte[]> record(Visit visit, @PathVariable String index) {
        long leaf = number("index", index);
        Publication newest = ledger.publication().orElseThrow(() -> unknown(leaf));
        long size = newest.treeSize();
        if (leaf >= size) {
            throw unknown(leaf);
        }
        LedgerEntry entry = ledger.entryAt(leaf).orElseThrow(() -> unknown(leaf));
        InclusionProof proof = InclusionProof.build(ledger.nodes(size), leaf, size);
        return visit.show(
                "ledger/record.jte",
                visit.page("Record " + leaf),
                new LedgerViews.Record(
                        row(entry),
                        entry.recordId().toString(),
                        entry.logId().toString(),
                        previous(entry).map(RecordId::toString).orElse(""),
                        entry.record().keyId().toString(),
                        entry.leaf().hash().base64(),
                        checkpoint(newest.notes().log()),
                        base64(proof.hashes()),
                        "/" + TreePaths.recordProof(entry.recordId()),
                        leaf + 1 == size));
    }

    /** That the log of one size begins with the log of a smaller one. */
    @Access(Act.READ)
    @GetMapping("/ledger/consistency")
    ResponseEntity<byte[]> consistency(
            Visit visit,
            @RequestParam(name = "from", defaultValue = "") String from,
            @RequestParam(name = "to", defaultValue = "") String to) {
        long newest = ledger.publication().map(Publication::treeSize).orElse(0L);
        long newSize = to.isBlank() ? newest : number("to", to);
        long oldSize = from.isBlank() ? Math.min(1, newSize) : number("from", from);
        if (oldSize < 1 || oldSize > newSize || newSize > newest) {
            throw new ProblemException(
                    Problem.Kind.INVALID,
                    "sizes are compared from 1 on, the smaller one first, up to the newest checkpoint's " + newest
                            + ": not " + oldSize + " and " + newSize);
        }
        NodeReader nodes = ledger.nodes(newSize);
        return visit.show(
                "ledger/consistency.jte",
                visit.page("Consistency"),
                new LedgerViews.Consistency(
                        oldSize,
                        newSize,
                        newest,
                        Frontier.read(nodes, oldSize).root().base64(),
                        Frontier.read(nodes, newSize).root().base64(),
                        base64(ConsistencyProof.build(nodes, oldSize, newSize).hashes())));
    }

    /** The evidence log: what was stated about checkpoints and attestations. */
    @Access(Act.READ)
    @GetMapping("/ledger/evidence")
    ResponseEntity<byte[]> evidence(
            Visit visit, @RequestParam(name = "before", required = false, defaultValue = "") String before) {
        Optional<Publication> newest = ledger.publication();
        long size =
                newest.map(publication -> publication.notes().evidenceSize()).orElse(0L);
        long until = before.isBlank() ? size : Math.min(size, number("before", before));
        long from = Math.max(0, until - ROWS);
        List<byte[]> entries = ledger.evidenceEntries(from, until);
        List<LedgerViews.Stated> stated = new ArrayList<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            stated.add(stated(from + i, entries.get(i)));
        }
        LedgerViews.Checkpoint checkpoint = newest.map(
                        publication -> checkpoint(publication.notes().evidence()))
                .orElse(null);
        return visit.show(
                "ledger/evidence.jte",
                visit.page("Evidence log"),
                new LedgerViews.Evidence(checkpoint, stated, older(from), until == size));
    }

    private static Optional<Long> older(long from) {
        return from > 0 ? Optional.of(from) : Optional.empty();
    }

    private static long number(String what, String text) {
        try {
            long number = Long.parseLong(text.strip());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through: said the same way.
        }
        throw new ProblemException(Problem.Kind.INVALID, "`" + what + "` is a number from 0 on");
    }

    private static ProblemException unknown(long leaf) {
        return new ProblemException(
                Problem.Kind.NOT_FOUND, "no published checkpoint covers a record at leaf " + leaf + " yet");
    }

    private static List<String> base64(List<NodeHash> hashes) {
        return hashes.stream().map(NodeHash::base64).toList();
    }

    private static LedgerViews.Checkpoint checkpoint(String note) {
        SignedNote parsed;
        try {
            parsed = SignedNote.parse(note);
        } catch (MalformedNoteException e) {
            throw new IllegalStateException("the stored checkpoint is no note: " + e.getMessage(), e);
        }
        CheckpointText text = CheckpointText.parse(parsed.text());
        List<String> signers =
                parsed.signatures().stream().map(NoteSignature::name).distinct().toList();
        return new LedgerViews.Checkpoint(
                text.origin(), text.treeSize(), text.root().base64(), signers, note);
    }

    // --- records ----------------------------------------------------------------------------------------------------

    private LedgerViews.Row row(LedgerEntry entry) {
        if (entry.logId().equals(OperatorLog.LOG_ID)) {
            OperatorRecord record = operatorRecord(entry);
            return new LedgerViews.Row(
                    entry.leafIndex(),
                    "",
                    record.time().toString(),
                    record.entries().stream()
                            .map(said -> new LedgerViews.Said(words(said), ""))
                            .toList());
        }
        PackageRecord record = packageRecord(entry);
        String name = ledger.logName(entry.logId()).orElse("");
        return new LedgerViews.Row(
                entry.leafIndex(),
                name,
                record.time().toString(),
                record.entries().stream().map(said -> said(name, said)).toList());
    }

    private static Optional<RecordId> previous(LedgerEntry entry) {
        return Optional.ofNullable(
                entry.logId().equals(OperatorLog.LOG_ID)
                        ? operatorRecord(entry).prev()
                        : packageRecord(entry).prev());
    }

    private static OperatorRecord operatorRecord(LedgerEntry entry) {
        try {
            return SignedOperatorRecord.decode(entry.record()).contents();
        } catch (MalformedRecordException e) {
            throw broken(entry, e);
        }
    }

    private static PackageRecord packageRecord(LedgerEntry entry) {
        try {
            return SignedPackageRecord.decode(entry.record()).contents();
        } catch (MalformedRecordException e) {
            throw broken(entry, e);
        }
    }

    private static IllegalStateException broken(LedgerEntry entry, MalformedRecordException e) {
        return new IllegalStateException(
                "the stored record at leaf " + entry.leafIndex() + " is not valid: " + e.getMessage(), e);
    }

    private static LedgerViews.Said said(String name, PackageEntry entry) {
        return switch (entry) {
            case PackageEntry.Init init ->
                new LedgerViews.Said("begins the log with key " + init.key().keyId(), "");
            case PackageEntry.Grant grant ->
                new LedgerViews.Said("lets key " + grant.key().keyId() + " " + labels(grant.permissions()), "");
            case PackageEntry.Revoke revoke ->
                new LedgerViews.Said("no longer lets key " + revoke.keyId() + " " + labels(revoke.permissions()), "");
            case PackageEntry.Release release ->
                new LedgerViews.Said(
                        "releases " + release.version() + " as " + release.content(),
                        releasePath(name, release.version()));
            case PackageEntry.Yank yank ->
                new LedgerViews.Said("yanks " + yank.version(), releasePath(name, yank.version()));
        };
    }

    private static String releasePath(String name, SemVer version) {
        return name.isEmpty() ? "" : "/" + name + "@" + version;
    }

    private static String words(OperatorEntry entry) {
        return switch (entry) {
            case OperatorEntry.Init init ->
                "begins the registry with key " + init.key().keyId();
            case OperatorEntry.Grant grant -> "lets key " + grant.key().keyId() + " " + labels(grant.permissions());
            case OperatorEntry.Revoke revoke ->
                "no longer lets key " + revoke.keyId() + " " + labels(revoke.permissions());
            case OperatorEntry.DefineNamespace define -> "opens the namespace " + define.namespace();
            case OperatorEntry.ImportNamespace imported ->
                "says that the namespace " + imported.namespace() + " lives at " + imported.registry();
        };
    }

    private static String labels(Collection<? extends Permission> permissions) {
        return permissions.stream().map(Permission::label).collect(Collectors.joining(" and "));
    }

    // --- evidence ---------------------------------------------------------------------------------------------------

    private LedgerViews.Stated stated(long index, byte[] entry) {
        if (CheckpointEvidence.isMarked(entry)) {
            CheckpointEvidence stated = CheckpointEvidence.parse(entry);
            return new LedgerViews.Stated(
                    index,
                    "checkpoint",
                    List.of(
                            stated.treeSize() + " records",
                            "log root " + stated.logRoot().base64(),
                            "map root " + stated.mapRoot().base64()),
                    "");
        }
        if (AttestationEvidence.isMarked(entry)) {
            AttestationEvidence stated = AttestationEvidence.parse(entry);
            OptionalLong leaf = ledger.entry(stated.recordId()).stream()
                    .mapToLong(LedgerEntry::leafIndex)
                    .findFirst();
            return new LedgerViews.Stated(
                    index,
                    "attestation",
                    List.of(
                            "of record " + stated.recordId(),
                            stated.attestation().toString()),
                    leaf.isPresent() ? "/ledger/" + leaf.getAsLong() : "");
        }
        return new LedgerViews.Stated(
                index,
                "another statement",
                List.of(new String(entry, StandardCharsets.UTF_8)
                        .lines()
                        .findFirst()
                        .orElse("")),
                "");
    }
}

package dev.lair.server.tree;

import dev.lair.registry.tree.TreePaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.ledger.Ledger;
import dev.lair.storage.Publication;
import dev.lair.storage.PublishedNotes;
import dev.lair.transparency.MalformedTileException;
import dev.lair.transparency.Tile;
import dev.lair.transparency.TilePath;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Checkpoints and tiles of both logs (c2sp.org/tlog-tiles; transparency log, section 1). */
@RestController
class LogController {

    private final Ledger ledger;
    private final ServedLog main;
    private final ServedLog evidence;

    LogController(Ledger ledger) {
        this.ledger = ledger;
        this.main = ServedLog.main(ledger);
        this.evidence = ServedLog.evidence(ledger);
    }

    @Access(Act.READ)
    @GetMapping("/" + TreePaths.LOG_CHECKPOINT)
    ResponseEntity<byte[]> checkpoint() {
        return note(PublishedNotes::log);
    }

    @Access(Act.READ)
    @GetMapping("/" + TreePaths.EVIDENCE_CHECKPOINT)
    ResponseEntity<byte[]> evidenceCheckpoint() {
        return note(PublishedNotes::evidence);
    }

    private ResponseEntity<byte[]> note(Function<PublishedNotes, String> which) {
        Publication newest = ledger.publication().orElseThrow(TreeReplies::noPublicationYet);
        return TreeReplies.text(which.apply(newest.notes()), TreeReplies.CHECKPOINT);
    }

    @Access(Act.READ)
    @GetMapping("/" + TreePaths.LOG_TILES + "/**")
    ResponseEntity<byte[]> tile(HttpServletRequest request) {
        return tile(main, TreeReplies.behind(request, TreePaths.LOG + "/"));
    }

    @Access(Act.READ)
    @GetMapping("/" + TreePaths.EVIDENCE_TILES + "/**")
    ResponseEntity<byte[]> evidenceTile(HttpServletRequest request) {
        return tile(evidence, TreeReplies.behind(request, TreePaths.EVIDENCE + "/"));
    }

    private static ResponseEntity<byte[]> tile(ServedLog log, String path) {
        TilePath asked;
        try {
            asked = TilePath.parse(path);
        } catch (MalformedTileException e) {
            throw TreeReplies.notFound(String.valueOf(e.getMessage()));
        }
        Optional<byte[]> body =
                switch (asked) {
                    case TilePath.Hashes hashes -> log.tile(hashes.tile(), hashes.width());
                    case TilePath.Entries entries -> log.bundle(entries.n(), entries.width());
                };
        return TreeReplies.bytes(
                body.orElseThrow(() -> TreeReplies.notFound("the published log is too short for `" + path
                        + "`: it has not " + asked.width() + " there yet")),
                asked.width() == Tile.WIDTH ? TreeReplies.FULL : TreeReplies.PARTIAL);
    }
}

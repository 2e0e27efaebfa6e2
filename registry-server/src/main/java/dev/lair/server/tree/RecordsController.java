package dev.lair.server.tree;

import dev.lair.registry.tree.RecordBundle;
import dev.lair.registry.tree.TreePaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.ledger.Ledger;
import dev.lair.storage.LedgerEntry;
import dev.lair.transparency.MalformedTileException;
import dev.lair.transparency.Tile;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TilePath;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Bundles of full signed records, for monitors and mirrors. A record may have 48 KiB, a bundle so 12 MiB: what does not fit
 * into a small buffer is read twice, once for its length and once to be sent, and never held as a whole.
 */
@RestController
class RecordsController {

    private static final Logger LOG = LoggerFactory.getLogger(RecordsController.class);

    /** Records read from the store in one go: 784 KiB of the largest. */
    private static final int READ_AT_ONCE = 16;

    /** What is kept between the two readings: all of an ordinary bundle. */
    private static final int KEPT_BYTES = 1 << 20;

    private final Ledger ledger;
    private final ServedLog log;

    RecordsController(Ledger ledger) {
        this.ledger = ledger;
        this.log = ServedLog.main(ledger);
    }

    @Access(Act.READ)
    @GetMapping("/" + TreePaths.RECORDS + "/**")
    void records(HttpServletRequest request, HttpServletResponse reply) {
        TilePath.Entries asked = asked(TreeReplies.behind(request, TreePaths.RECORDS + "/"));
        if (!log.has(new TileId(0, asked.n()), asked.width())) {
            throw TreeReplies.notFound("the published log is too short: it has not " + asked.width()
                    + " records in bundle " + asked.n() + " yet");
        }
        long first = asked.n() << Tile.HEIGHT;
        long until = first + asked.width();
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        long length = 0;
        long unkept = until;
        for (long at = first; at < until; at += READ_AT_ONCE) {
            byte[] part = frames(at, until);
            if (unkept == until && kept.size() + part.length <= KEPT_BYTES) {
                kept.writeBytes(part);
            } else {
                unkept = Math.min(unkept, at);
            }
            length += part.length;
        }
        // From here on a failure cuts the reply short of its length, which every client notices.
        reply.setHeader(
                HttpHeaders.CACHE_CONTROL,
                (asked.width() == Tile.WIDTH ? TreeReplies.FULL : TreeReplies.PARTIAL).getHeaderValue());
        reply.setContentType(TreeReplies.BYTES);
        reply.setContentLengthLong(length);
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        try {
            OutputStream out = reply.getOutputStream();
            kept.writeTo(out);
            for (long at = unkept; at < until; at += READ_AT_ONCE) {
                out.write(frames(at, until));
            }
        } catch (IOException e) {
            LOG.debug("client went away: {}", e.getMessage());
        }
    }

    private static TilePath.Entries asked(String path) {
        try {
            return TreePaths.parseRecords(path);
        } catch (MalformedTileException e) {
            throw TreeReplies.notFound(
                    "record bundles lie at `records/<N>` and `records/<N>.p/<W>`, N and W as in tile paths");
        }
    }

    private byte[] frames(long from, long until) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (LedgerEntry entry : ledger.entries(from, Math.min(from + READ_AT_ONCE, until))) {
            frames.writeBytes(RecordBundle.frame(entry.record()));
        }
        return frames.toByteArray();
    }
}

package dev.lair.server.warg;

import dev.lair.registry.Limits;
import dev.lair.registry.warg.PackedLedger;
import dev.lair.registry.warg.WargBodies.ContentSource;
import dev.lair.registry.warg.WargBodies.ContentSourcesResponse;
import dev.lair.registry.warg.WargBodies.LedgerResponse;
import dev.lair.registry.warg.WargBodies.LedgerSource;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.content.ReleasedContents;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.problem.WargErrorException;
import dev.lair.server.settings.PublicUrl;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Where content and the packed ledger lie (warg protocol, section 4, {@code v1/content} and {@code v1/ledger}). */
@RestController
class LedgerController {

    private final Ledger ledger;
    private final ReleasedContents contents;
    private final PublicUrl publicUrl;

    LedgerController(Ledger ledger, ReleasedContents contents, PublicUrl publicUrl) {
        this.ledger = ledger;
        this.contents = contents;
        this.publicUrl = publicUrl;
    }

    @Access(Act.READ)
    @GetMapping("/" + WargPaths.CONTENT_SOURCES)
    ResponseEntity<byte[]> contentSources(@PathVariable String digest) {
        Digest asked = WargRequests.digest(digest);
        StoredContent content =
                contents.find(asked).orElseThrow(() -> new WargErrorException(WargError.contentNotFound(asked)));
        ContentSource source =
                ContentSource.httpGet(publicUrl.ofContent(WargPaths.content(asked)), content.sizeBytes());
        return WargRequests.reply(200, new ContentSourcesResponse(Map.of(asked, List.of(source))));
    }

    @Access(Act.READ)
    @GetMapping("/" + WargPaths.LEDGER)
    ResponseEntity<byte[]> sources() {
        long size = ledger.publishedSize();
        List<LedgerSource> sources = new ArrayList<>();
        for (long first = 0; first < size; first += Limits.LEDGER_PAGE_RECORDS) {
            long last = Math.min(first + Limits.LEDGER_PAGE_RECORDS, size) - 1;
            sources.add(new LedgerSource(first, last, WargPaths.ledgerRecords(first), PackedLedger.CONTENT_TYPE, null));
        }
        return WargRequests.reply(200, new LedgerResponse("sha256", sources));
    }

    /** One page of the packed ledger, up to the published size. */
    @Access(Act.READ)
    @GetMapping("/" + WargPaths.LEDGER_RECORDS)
    ResponseEntity<byte[]> records(@PathVariable String start) {
        long first = index(start);
        long size = ledger.publishedSize();
        if (first >= size) {
            throw new WargErrorException(WargError.leafNotFound(first));
        }
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, PackedLedger.CONTENT_TYPE)
                .body(PackedLedger.format(ledger.leaves(first, Math.min(first + Limits.LEDGER_PAGE_RECORDS, size))));
    }

    private static long index(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw WargErrorException.of(400, "`" + text + "` is not a registry index");
        }
        return Long.parseLong(text);
    }
}

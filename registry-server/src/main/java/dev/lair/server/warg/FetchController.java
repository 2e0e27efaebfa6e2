package dev.lair.server.warg;

import dev.lair.registry.Limits;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.FetchLogsRequest;
import dev.lair.registry.warg.WargBodies.FetchLogsResponse;
import dev.lair.registry.warg.WargBodies.FetchNamesRequest;
import dev.lair.registry.warg.WargBodies.FetchNamesResponse;
import dev.lair.registry.warg.WargBodies.PublishedRecord;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.problem.WargErrorException;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerEntry;
import dev.lair.transparency.LogId;
import dev.lair.transparency.MalformedDigestException;
import dev.lair.transparency.RecordId;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Checkpoint, records and names (warg protocol, section 4, {@code v1/fetch}). */
@RestController
class FetchController {

    /** Records in one reply, over all logs: about 8 MiB of small ones. Clients come back for more. */
    private static final int MAX_REPLY_RECORDS = 10_000;

    /** Content bytes in one reply; a page that was begun is finished, at most 4.7 MiB more. */
    private static final long MAX_REPLY_BYTES = 4L * 1024 * 1024;

    /** Records read from the store in one go: full ones have 48 KiB. */
    private static final int READ_AT_ONCE = 100;

    private final Ledger ledger;
    private final ImportedPackages imported;

    FetchController(Ledger ledger, ImportedPackages imported) {
        this.ledger = ledger;
        this.imported = imported;
    }

    @Access(Act.READ)
    @GetMapping("/" + WargPaths.FETCH_CHECKPOINT)
    ResponseEntity<byte[]> checkpoint() {
        SignedCheckpoint newest = ledger.checkpoint()
                .orElseThrow(() -> WargErrorException.of(503, "the registry has not signed its first checkpoint yet"));
        return WargRequests.reply(200, CheckpointBody.of(newest));
    }

    @Access(Act.READ)
    @PostMapping("/" + WargPaths.FETCH_LOGS)
    ResponseEntity<byte[]> logs(InputStream in) {
        FetchLogsRequest request = WargRequests.read(in, WargRequests.MAX_BODY_BYTES, FetchLogsRequest.class);
        int limit = limit(request.limit());
        long size = request.logLength();
        if (ledger.checkpoint(size).isEmpty()) {
            throw new WargErrorException(WargError.checkpointNotFound(size));
        }
        Reply reply = new Reply(limit, size);
        List<PublishedRecord> operator = reply.next(OperatorLog.LOG_ID, request.operator());
        Map<LogId, List<PublishedRecord>> packages = new LinkedHashMap<>();
        Map<LogId, @Nullable String> asked = request.packages() == null ? Map.of() : request.packages();
        for (Map.Entry<LogId, @Nullable String> log : asked.entrySet()) {
            if (reply.exhausted()) {
                // Left out, and asked for again: clients read an empty list for a new log as a lie.
                reply.more = true;
                break;
            }
            List<PublishedRecord> records = reply.next(log.getKey(), log.getValue());
            if (records.isEmpty() && log.getValue() == null) {
                // Nor for a log that has nothing at this length.
                throw unknownLog(log.getKey());
            }
            packages.put(log.getKey(), records);
        }
        return WargRequests.reply(200, new FetchLogsResponse(reply.more, operator, packages, null));
    }

    @Access(Act.READ)
    @PostMapping("/" + WargPaths.FETCH_NAMES)
    ResponseEntity<byte[]> names(InputStream in) {
        FetchNamesRequest request = WargRequests.read(in, WargRequests.MAX_BODY_BYTES, FetchNamesRequest.class);
        Map<LogId, @Nullable String> names = new LinkedHashMap<>();
        // Beyond a page the answer just ends; clients ask again for what is missing.
        for (LogId log :
                request.packages().stream().distinct().limit(Limits.PAGE_ITEMS).toList()) {
            if (!hasRecordBelow(log, ledger.publishedSize())) {
                throw unknownLog(log);
            }
            names.put(log, ledger.logName(log).orElse(null));
        }
        return WargRequests.reply(200, new FetchNamesResponse(names));
    }

    private static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return Limits.FETCH_DEFAULT_RECORDS;
        }
        if (asked < 1 || asked > Limits.FETCH_MAX_RECORDS) {
            throw WargErrorException.of(
                    400, "limit " + asked + " is refused: it must be 1 to " + Limits.FETCH_MAX_RECORDS);
        }
        return asked;
    }

    private boolean hasRecordBelow(LogId log, long size) {
        return !ledger.logEntries(log, 0, size, 1).isEmpty();
    }

    private WargErrorException unknownLog(LogId log) {
        return new WargErrorException(
                WargError.logNotFound(log),
                imported.hint(log)
                        .map(hint -> Map.of(ImportedPackages.HINT_HEADER, hint))
                        .orElse(Map.of()));
    }

    /** One reply in the making: it counts what it gives and remembers whether something was left out. */
    private final class Reply {

        private final int limit;
        private final long size;
        private int left = MAX_REPLY_RECORDS;
        private long bytesLeft = MAX_REPLY_BYTES;
        private boolean more;

        Reply(int limit, long size) {
            this.limit = limit;
            this.size = size;
        }

        boolean exhausted() {
            return left == 0 || bytesLeft <= 0;
        }

        List<PublishedRecord> next(LogId log, @Nullable String token) {
            int most = Math.min(limit, left);
            List<PublishedRecord> records = new ArrayList<>();
            long from = firstAfter(log, token);
            while (records.size() < most && !exhausted()) {
                int wanted = Math.min(READ_AT_ONCE, most - records.size());
                List<LedgerEntry> entries = ledger.logEntries(log, from, size, wanted);
                for (LedgerEntry entry : entries) {
                    records.add(published(entry));
                    bytesLeft -= entry.record().contentSizeBytes();
                    from = entry.leafIndex() + 1;
                }
                if (entries.size() < wanted) {
                    left -= records.size();
                    return records;
                }
            }
            left -= records.size();
            // Something may be left. An exact fit costs the client one round more, as with the reference.
            more = true;
            return records;
        }

        private long firstAfter(LogId log, @Nullable String token) {
            if (token == null) {
                return 0;
            }
            try {
                return ledger.entry(RecordId.parse(token))
                                .filter(entry -> entry.logId().equals(log) && entry.leafIndex() < size)
                                .orElseThrow(() -> unknownToken(token))
                                .leafIndex()
                        + 1;
            } catch (MalformedDigestException e) {
                throw unknownToken(token);
            }
        }

        private WargErrorException unknownToken(String token) {
            return new WargErrorException(WargError.fetchTokenNotFound(token));
        }
    }

    private static PublishedRecord published(LedgerEntry entry) {
        return new PublishedRecord(
                entry.record().contentBytes(),
                entry.record().keyId(),
                entry.record().signature(),
                entry.leafIndex(),
                entry.recordId().toString());
    }
}

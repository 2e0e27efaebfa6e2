package dev.lair.registry.warg;

import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;

/**
 * Every path of the warg API v1 (warg protocol, section 4), relative to the registry's base URL, which may itself carry a
 * path. The constants are templates for a server's mappings; the methods fill them in for clients and replies.
 */
public final class WargPaths {

    public static final String FETCH_CHECKPOINT = "v1/fetch/checkpoint";
    public static final String FETCH_LOGS = "v1/fetch/logs";
    public static final String FETCH_NAMES = "v1/fetch/names";
    public static final String PUBLISH_RECORD = "v1/package/{logId}/record";
    public static final String PACKAGE_RECORD = "v1/package/{logId}/record/{recordId}";
    public static final String UPLOAD_CONTENT = "v1/package/{logId}/record/{recordId}/content/{digest}";
    public static final String CONTENT_SOURCES = "v1/content/{digest}";
    public static final String PROVE_CONSISTENCY = "v1/proof/consistency";
    public static final String PROVE_INCLUSION = "v1/proof/inclusion";
    public static final String VERIFY_CHECKPOINT = "v1/verify/checkpoint";
    public static final String LEDGER = "v1/ledger";
    public static final String LEDGER_RECORDS = "v1/ledger/records/{start}";
    public static final String CONTENT = "content/{file}";

    /** Before the hex digits in the file name of a content. */
    public static final String CONTENT_FILE_PREFIX = "sha256-";

    private WargPaths() {}

    public static String publishRecord(LogId log) {
        return "v1/package/" + log + "/record";
    }

    public static String packageRecord(LogId log, RecordId record) {
        return publishRecord(log) + "/" + record;
    }

    public static String uploadContent(LogId log, RecordId record, Digest content) {
        return packageRecord(log, record) + "/content/" + content;
    }

    public static String contentSources(Digest content) {
        return "v1/content/" + content;
    }

    public static String content(Digest content) {
        return "content/" + CONTENT_FILE_PREFIX + content.hex();
    }

    /** One page of the packed ledger, from this leaf index on. */
    public static String ledgerRecords(long start) {
        return "v1/ledger/records/" + start;
    }
}

package dev.lair.server.publish;

import dev.lair.server.ledger.LedgerException;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the records on their way through this node lay claim to: their id for one log, and the contents that they release.
 *
 * <p>A signed record does not say for which package it is, so a stranger could hand in somebody's first record under another
 * name. Record ids are unique in this registry: the first name keeps it. Two logs have two locks, so only the map itself
 * can say who came first.
 */
final class Claims {

    private final Map<RecordId, LogId> logs = new ConcurrentHashMap<>();

    /** The records that release this content. */
    private final Map<Digest, Set<RecordId>> releasing = new ConcurrentHashMap<>();

    /** @throws LedgerException.RecordInOtherLog when the record is on its way to another log; nothing is claimed */
    void add(PublishRequest request) {
        RecordId id = request.record().id();
        LogId log = request.packageName().logId();
        if (!log.equals(logs.computeIfAbsent(id, none -> log))) {
            throw new LedgerException.RecordInOtherLog();
        }
        Intake.releases(request.record())
                .forEach(content -> releasing
                        .computeIfAbsent(content, none -> ConcurrentHashMap.newKeySet())
                        .add(id));
    }

    /** Gives up what {@link #add} claimed, if it did. */
    void remove(PublishRequest request) {
        RecordId id = request.record().id();
        logs.remove(id, request.packageName().logId());
        Intake.releases(request.record())
                .forEach(content -> releasing.computeIfPresent(content, (key, records) -> {
                    records.remove(id);
                    return records.isEmpty() ? null : records;
                }));
    }

    /** Whether the record is on its way to a log other than {@code log}. */
    boolean isOtherLogs(LogId log, RecordId id) {
        return !log.equals(logs.getOrDefault(id, log));
    }

    /** Whether a record on its way releases this content. */
    boolean include(Digest content) {
        return releasing.containsKey(content);
    }
}

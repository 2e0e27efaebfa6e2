package dev.lair.cli.trust;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.registry.Limits;
import dev.lair.registry.warg.WargBodies.FetchLogsRequest;
import dev.lair.registry.warg.WargBodies.FetchLogsResponse;
import dev.lair.registry.warg.WargBodies.PublishedRecord;
import dev.lair.registry.warg.WargBodies.Warning;
import dev.lair.transparency.LogId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of the operator log and of some package logs as a registry gives them, page after page (warg protocol,
 * section 4, {@code fetch/logs}). Nothing is verified yet, but a registry can not make this run for ever: each page must
 * bring records, each log's leaf indexes must ascend, and all lie below the checkpoint's length.
 */
public final class FetchedLogs {

    private final long logLength;
    private final List<PublishedRecord> operator = new ArrayList<>();
    private final Map<LogId, List<PublishedRecord>> packages = new LinkedHashMap<>();

    private FetchedLogs(long logLength, Collection<LogId> asked) {
        this.logLength = logLength;
        asked.forEach(log -> packages.put(log, new ArrayList<>()));
    }

    /**
     * Fetches everything.
     *
     * @throws RegistryRefused with {@link RegistryRefused#isUnknownLog} when the registry does not have one of the logs
     */
    public static FetchedLogs fetch(RegistryClient client, long logLength, Collection<LogId> asked, Reporter reporter)
            throws Fault, RegistryRefused {
        FetchedLogs fetched = new FetchedLogs(logLength, asked);
        try (Reporter.Progress progress = reporter.start("fetch logs", -1, Reporter.Unit.RECORDS)) {
            boolean more = true;
            while (more) {
                FetchLogsResponse page = client.fetchLogs(fetched.nextRequest());
                int added = fetched.add(page);
                if (page.more() && added == 0) {
                    throw Unproven.because("it announces more records and sends none");
                }
                progress.advance(added);
                for (Warning warning : page.warnings() == null ? List.<Warning>of() : page.warnings()) {
                    reporter.warn("the registry says: " + warning.message());
                }
                more = page.more();
            }
        }
        return fetched;
    }

    /** Tokens of the last records, so that the registry goes on behind them. */
    private FetchLogsRequest nextRequest() {
        Map<LogId, @Nullable String> tokens = new LinkedHashMap<>();
        packages.forEach((log, records) -> tokens.put(log, token(records)));
        return new FetchLogsRequest(logLength, Limits.FETCH_MAX_RECORDS, token(operator), tokens);
    }

    private static @Nullable String token(List<PublishedRecord> records) {
        return records.isEmpty() ? null : records.getLast().fetchToken();
    }

    private int add(FetchLogsResponse page) throws Fault {
        int added = add("operator log", operator, page.operator());
        if (page.packages() != null) {
            for (Map.Entry<LogId, List<PublishedRecord>> entry : page.packages().entrySet()) {
                List<PublishedRecord> known = packages.get(entry.getKey());
                if (known == null) {
                    throw Unproven.because("it sends log " + entry.getKey() + ", which was not asked for");
                }
                added += add("log " + entry.getKey(), known, entry.getValue());
            }
        }
        return added;
    }

    private int add(String log, List<PublishedRecord> known, @Nullable List<PublishedRecord> more) throws Fault {
        if (more == null) {
            return 0;
        }
        for (PublishedRecord record : more) {
            long previous = known.isEmpty() ? -1 : known.getLast().registryIndex();
            if (record.registryIndex() <= previous) {
                throw Unproven.because("the records of the " + log + " do not follow each other: leaf "
                        + record.registryIndex() + " comes after leaf " + previous);
            }
            if (record.registryIndex() >= logLength) {
                throw Unproven.because("the " + log + " has a record at leaf " + record.registryIndex()
                        + ", but the checkpoint ends before leaf " + logLength);
            }
            known.add(record);
        }
        return more.size();
    }

    /** Records of the operator log. */
    public List<PublishedRecord> operator() {
        return operator;
    }

    /** Records of a package log that was asked for. */
    public List<PublishedRecord> of(LogId log) {
        return packages.getOrDefault(log, List.of());
    }
}

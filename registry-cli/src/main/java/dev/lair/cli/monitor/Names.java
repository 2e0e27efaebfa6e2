package dev.lair.cli.monitor;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.Unproven;
import dev.lair.registry.Limits;
import dev.lair.registry.MalformedNameException;
import dev.lair.registry.PackageName;
import dev.lair.transparency.LogId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The names of package logs. A log's id is a hash of its name, so the registry may keep a name to itself but cannot give a
 * wrong one.
 */
final class Names {

    private final RegistryClient client;
    private final Map<LogId, Optional<PackageName>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LogId, Optional<PackageName>> eldest) {
            return size() > MonitorLimits.NAMES_HELD;
        }
    };

    Names(RegistryClient client) {
        this.client = client;
    }

    /** The name of a log that was {@linkplain #learn asked for}; empty when the registry does not tell it. */
    Optional<PackageName> of(LogId log) {
        return known.getOrDefault(log, Optional.empty());
    }

    /** A name that is known from elsewhere. */
    void add(PackageName name) {
        known.put(name.logId(), Optional.of(name));
    }

    /** Asks for the names of these logs, as far as they are not known. */
    void learn(Collection<LogId> logs) throws Fault {
        List<LogId> unknown =
                logs.stream().distinct().filter(log -> !known.containsKey(log)).toList();
        for (int from = 0; from < unknown.size(); from += Limits.PAGE_ITEMS) {
            ask(new ArrayList<>(unknown.subList(from, Math.min(from + Limits.PAGE_ITEMS, unknown.size()))));
        }
    }

    private void ask(List<LogId> logs) throws Fault {
        Map<LogId, @Nullable String> names;
        try {
            names = client.fetchNames(logs).packages();
        } catch (RegistryRefused e) {
            throw Unproven.refusedProof("what its logs are called", e);
        }
        for (LogId log : logs) {
            known.put(log, name(log, names.get(log)));
        }
    }

    private static Optional<PackageName> name(LogId log, @Nullable String text) throws Fault {
        if (text == null) {
            return Optional.empty();
        }
        try {
            PackageName name = PackageName.parse(text);
            if (name.logId().equals(log)) {
                return Optional.of(name);
            }
        } catch (MalformedNameException e) {
            throw Unproven.because("it names log " + log + " wrongly", e);
        }
        throw Unproven.because("it names log " + log + " `" + text + "`, which is another log");
    }
}

package dev.lair.server.audit;

import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.RegistryStore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The audit log a page at a time, newest first. Who may read which part is asked at the doors. */
@Service
public final class AuditLog {

    private static final int PAGE = 100;

    private final RegistryStore store;

    AuditLog(RegistryStore store) {
        this.store = store;
    }

    /**
     * A page.
     *
     * @param namespace of which the acts are told; null for all of the registry
     * @param before the number that {@link #next} told of the page before; null for the newest
     */
    public List<AuditRows.Row> page(@Nullable String namespace, @Nullable String before) {
        long beforeId = before == null ? Long.MAX_VALUE : number(before);
        return store.read(tables -> namespace == null
                ? tables.audit().all(beforeId, PAGE)
                : tables.audit().ofNamespace(namespace, beforeId, PAGE));
    }

    /** What leads from this page to the next; null when there is none. */
    public static @Nullable Long next(List<AuditRows.Row> page) {
        return page.size() < PAGE ? null : page.getLast().id();
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ProblemException(Problem.Kind.BAD_REQUEST, "`before` is the number that the last page told");
        }
    }
}

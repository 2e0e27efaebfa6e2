package dev.lair.server.access;

import dev.lair.server.account.Caller;
import dev.lair.server.account.CallerResolver;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.RegistryStore;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;

/** The credential of a request that needs none, as of a record that carries its own signature. */
@Component
public final class VoluntaryCredential {

    private final CallerResolver callers;
    private final Rights rights;
    private final RegistryStore store;

    VoluntaryCredential(CallerResolver callers, Rights rights, RegistryStore store) {
        this.callers = callers;
        this.rights = rights;
        this.store = store;
    }

    /** Whether the request has one that allows this; one that is not good allows nothing. */
    public boolean allows(HttpServletRequest request, Act act, Target target) {
        if (request.getHeader("Authorization") == null) {
            return false;
        }
        try {
            Caller caller = callers.resolve(request);
            if (caller instanceof Caller.Trusted) {
                // It releases, for minutes. What its bearer's own key begins would be that key's for ever.
                return false;
            }
            store.read(rows -> {
                rights.require(rows, caller, act, target);
                return act;
            });
            return true;
        } catch (ProblemException notAllowed) {
            return false;
        }
    }
}

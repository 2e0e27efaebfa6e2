package dev.lair.server.account;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AuditRows;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who asks, and in which request: what every act is written down with.
 *
 * @param requestId as its problem and its lines in the log have it
 */
public record Requester(Caller caller, String requestId) {

    /** What the registry does by itself. */
    public static AuditRows.Act ownAct(
            Instant at, String act, String namespace, String subject, Map<String, ?> detail) {
        return new AuditRows.Act(at, "registry", act, namespace, subject, json(detail), "");
    }

    /** The person, where the door lets nobody else in. */
    public Caller.Person person() {
        if (caller instanceof Caller.Person person) {
            return person;
        }
        throw new ProblemException(Problem.Kind.FORBIDDEN, "this is for people with an account");
    }

    /**
     * A row of the audit log; of what an API token does, with the account that it belongs to.
     *
     * @param namespace whose owners may read it; empty for administrators only
     * @param detail without secrets
     */
    public AuditRows.Act act(Instant at, String act, String namespace, String subject, Map<String, ?> detail) {
        Map<String, Object> told = new LinkedHashMap<>(detail);
        if (caller instanceof Caller.Person person && person.means() instanceof Caller.ApiToken) {
            told.put("account", person.accountId());
        }
        return new AuditRows.Act(at, caller.actor(), act, namespace, subject, json(told), requestId);
    }

    private static String json(Map<String, ?> detail) {
        return new String(ApiJson.write(detail), StandardCharsets.UTF_8);
    }
}

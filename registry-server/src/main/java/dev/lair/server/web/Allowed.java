package dev.lair.server.web;

import dev.lair.registry.Namespace;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Act;
import dev.lair.server.access.Rights;
import dev.lair.server.access.Target;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import org.springframework.stereotype.Component;

/** Whether a page offers something: what would be refused is not shown. The doors ask again, whatever was shown. */
@Component
final class Allowed {

    private final Rights rights;

    Allowed(Rights rights) {
        this.rights = rights;
    }

    /** Whether the one who asks may, perhaps after saying the password once more. */
    boolean to(Act act, Requester requester, Namespace namespace) {
        try {
            rights.require(requester.caller(), act, Target.of(namespace));
            return true;
        } catch (ProblemException e) {
            return e.kind() == Problem.Kind.STEP_UP_REQUIRED;
        }
    }
}

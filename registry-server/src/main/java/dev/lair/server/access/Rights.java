package dev.lair.server.access;

import dev.lair.registry.PackageName;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.WhoMay.Circle;
import dev.lair.server.access.WhoMay.Rule;
import dev.lair.server.account.Caller;
import dev.lair.server.account.CallerResolver;
import dev.lair.server.account.Scope;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.AccessMode;
import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.Role;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Service;

/**
 * Whether a caller may, by {@link WhoMay} and by the roles as they are at that moment. A service that changes something asks
 * again inside its transaction: who lost a role between the door and there is refused.
 */
@Service
public final class Rights {

    /** What adds a record to a log: nothing of that is done in a frozen namespace. */
    private static final Set<Act> WRITES = EnumSet.of(Act.PUBLISH_NEW, Act.PUBLISH_UPDATE, Act.YANK, Act.TAKEOVER_KEY);

    private final RegistryStore store;
    private final Clock clock;
    private final boolean publicReads;

    Rights(RegistryStore store, Clock clock, LairSettings settings) {
        this.store = store;
        this.clock = clock;
        this.publicReads = settings.access() == AccessMode.PUBLIC;
    }

    /** Whether who reads is asked for a credential. */
    public boolean areReadsPublic() {
        return publicReads;
    }

    /** Asks in a look of its own, where nothing is changed in these tables. */
    public void require(Caller caller, Act act, Target target) {
        store.read(rows -> {
            require(rows, caller, act, target);
            return act;
        });
    }

    /**
     * Asks inside a transaction, of which it is a part.
     *
     * @throws ProblemException {@code unauthorized}, {@code step-up-required} or {@code forbidden}, with the act and what it
     *     needs; {@code no-such-namespace} when nobody owns it
     */
    public void require(RegistryRows rows, Caller caller, Act act, Target target) {
        requireSoFar(rows, caller, act, target);
        if (caller instanceof Caller.Trusted trusted && isPublish(act)) {
            // The bytes may have taken minutes to come: an owner may have stopped the publisher since.
            if (!rows.trustedTokens().isUnrevoked(trusted.tokenId())) {
                throw CallerResolver.refused("the token was revoked");
            }
            if (trusted.contents().isEmpty()) {
                return;
            }
            if (target.content() == null || !trusted.contents().contains(target.content())) {
                throw forbidden(act, target, "this token is for other contents: it releases only what its job named");
            }
        }
    }

    /** {@link #require} at the door, where no content is known yet. */
    public void requireSoFar(RegistryRows rows, Caller caller, Act act, Target target) {
        Rule rule = WhoMay.of(act);
        if (rule.circle() == Circle.ANYBODY || (rule.circle() == Circle.READERS && publicReads)) {
            return;
        }
        switch (caller) {
            case Caller.Anonymous nobody -> throw CallerResolver.refused(act.label() + " needs a credential");
            case Caller.Trusted trusted -> requireTrusted(rows, trusted, rule, act, target);
            case Caller.Person person -> requirePerson(rows, person, rule, act, target);
        }
    }

    private static boolean isPublish(Act act) {
        return act == Act.PUBLISH_NEW || act == Act.PUBLISH_UPDATE;
    }

    private static void requireTrusted(RegistryRows rows, Caller.Trusted trusted, Rule rule, Act act, Target target) {
        if (!rule.trusted()) {
            throw forbidden(act, target, "no token of a trusted publisher may: it releases, and nothing else");
        }
        if (!isPublish(act)) {
            return;
        }
        PackageName name = target.name();
        if (name == null || trusted.packages().stream().noneMatch(pattern -> pattern.covers(name))) {
            throw forbidden(act, target, "this token is for " + trusted.packages());
        }
        if (!trusted.action().equals("publish")) {
            throw forbidden(act, target, "this token is for " + trusted.action());
        }
        requireLive(rows, act, target);
    }

    private void requirePerson(RegistryRows rows, Caller.Person person, Rule rule, Act act, Target target) {
        if (rule.circle() == Circle.TRUSTED) {
            throw forbidden(act, target, "it is for tokens of trusted publishers");
        }
        if (rule.circle() == Circle.KNOWN) {
            return;
        }
        requireStanding(rows, person, rule, act, target);
        requireMeans(person.means(), rule, act, target);
        if (isPublish(act) && requireLive(rows, act, target).trustedOnly()) {
            throw forbidden(act, target, "only trusted publishers release here (trustedOnly)");
        }
    }

    /** The account's own right, whatever it came with. */
    private static void requireStanding(RegistryRows rows, Caller.Person person, Rule rule, Act act, Target target) {
        switch (rule.circle()) {
            case ANYBODY, READERS, KNOWN, TRUSTED, PEOPLE -> {
                // An account is enough.
            }
            case ADMINISTRATORS -> {
                if (!isAdministrator(rows, person)) {
                    throw forbidden(act, target, "it needs an administrator");
                }
            }
            case AUDITORS -> {
                if (!isAdministrator(rows, person)) {
                    requireRole(rows, person, rule, act, target);
                }
            }
            case MEMBERS -> {
                requireLive(rows, act, target);
                requireRole(rows, person, rule, act, target);
            }
        }
    }

    private static boolean isAdministrator(RegistryRows rows, Caller.Person person) {
        return rows.accounts()
                .find(person.accountId())
                .filter(account -> account.state() == AccountRows.State.ACTIVE && account.administrator())
                .isPresent();
    }

    private static void requireRole(RegistryRows rows, Caller.Person person, Rule rule, Act act, Target target) {
        Role needed = rule.role() == null ? Role.OWNER : rule.role();
        Optional<Role> held = target.namespace() == null
                ? Optional.empty()
                : rows.namespaces().role(target.namespace().value(), person.accountId());
        if (held.filter(role -> role.covers(needed)).isEmpty()) {
            throw forbidden(
                    act,
                    target,
                    "it needs the role " + label(needed) + "; you have "
                            + held.map(Rights::label).orElse("none"));
        }
    }

    private static String label(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** A namespace that somebody owns, and that no administrator has to decide on. */
    private static NamespaceRows.Namespace requireLive(RegistryRows rows, Act act, Target target) {
        if (target.namespace() == null) {
            throw new IllegalStateException(act + " is done in a namespace, and none was named");
        }
        NamespaceRows.Namespace namespace = rows.namespaces()
                .find(target.namespace().value())
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NO_SUCH_NAMESPACE,
                        "no account owns a namespace `" + target.namespace() + "` here"));
        if (WRITES.contains(act)) {
            rows.namespaces().frozen(namespace.name()).ifPresent(frozen -> {
                throw new ProblemException(
                        Problem.Kind.DISABLED,
                        "the namespace `" + namespace.name() + "` is frozen since " + frozen.at()
                                + ", its audit log says why; an owner or an administrator lets it go on");
            });
        }
        return switch (namespace.state()) {
            case ACTIVE, DEFINING -> namespace;
            case PENDING ->
                throw new ProblemException(
                        Problem.Kind.CONFLICT,
                        "the namespace `" + namespace.name() + "` waits for an administrator: " + namespace.note());
            case REJECTED ->
                throw new ProblemException(
                        Problem.Kind.NO_SUCH_NAMESPACE,
                        "the namespace `" + namespace.name() + "` was rejected: " + namespace.note());
        };
    }

    /** What the person came with. */
    private void requireMeans(Caller.Means means, Rule rule, Act act, Target target) {
        switch (means) {
            case Caller.Session session -> {
                if (rule.steppedUp() && !clock.instant().isBefore(session.steppedUpUntil())) {
                    throw new ProblemException(
                            Problem.Kind.STEP_UP_REQUIRED,
                            act.label() + " needs a login within the last 15 minutes, and this session's is older");
                }
            }
            case Caller.ApiToken token -> {
                Scope scope = rule.scope();
                if (scope == null) {
                    throw forbidden(act, target, "no API token may; log in");
                }
                if (!token.scopes().contains(scope)) {
                    throw forbidden(act, target, "this token lacks the scope " + scope.label());
                }
                if (scope != Scope.READ && !covers(token, target)) {
                    throw forbidden(act, target, "this token is for " + token.packages());
                }
            }
        }
    }

    /** What is done to a whole namespace needs a pattern for all of it; a token for nothing in particular covers all. */
    private static boolean covers(Caller.ApiToken token, Target target) {
        PackageName name = target.name();
        return token.packages().isEmpty()
                || token.packages().stream()
                        .anyMatch(pattern -> name != null
                                ? pattern.covers(name)
                                : pattern.isWholeNamespace()
                                        && pattern.namespace().equals(target.namespace()));
    }

    private static ProblemException forbidden(Act act, Target target, String why) {
        return new ProblemException(Problem.Kind.FORBIDDEN, act.label() + " on " + target + " is not allowed: " + why);
    }
}

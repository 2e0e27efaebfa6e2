package dev.lair.server.namespace;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.api.Problem;
import dev.lair.registry.log.OperatorLog.NamespaceState;
import dev.lair.server.access.Act;
import dev.lair.server.access.Rights;
import dev.lair.server.access.Target;
import dev.lair.server.account.ApiTokens;
import dev.lair.server.account.Caller;
import dev.lair.server.account.Departures;
import dev.lair.server.account.Requester;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.NamespacesPolicy;
import dev.lair.storage.StorageException;
import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.NamespaceRows.State;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * Who owns which namespace: creation by policy, roles, and handing a namespace on.
 *
 * <p><b>Two stores.</b> That a namespace exists is said by the operator log, who owns it by the tables, and no transaction spans
 * both. A namespace that is decided on is {@link State#DEFINING} in the tables first, with its owner and its audit row; then the
 * operator log defines it; then it is {@link State#ACTIVE}. A crash in between leaves it defining: the next start goes on, and so
 * does who asks for it or about it before. The other order would leave a namespace that nobody owns.
 */
@Service
public final class NamespaceOwners {

    private static final Logger LOG = LoggerFactory.getLogger(NamespaceOwners.class);

    private final RegistryStore store;
    private final Namespaces namespaces;
    private final ReservedNames reserved;
    private final Rights rights;
    private final Clock clock;
    private final NamespacesPolicy policy;
    private final int perAccount;

    NamespaceOwners(
            RegistryStore store,
            Namespaces namespaces,
            ReservedNames reserved,
            Rights rights,
            Clock clock,
            LairSettings settings) {
        this.store = store;
        this.namespaces = namespaces;
        this.reserved = reserved;
        this.rights = rights;
        // As the tables keep it: what is answered at once is what is read later.
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
        this.policy = settings.namespacesPolicy();
        this.perAccount = settings.namespacesPerAccount();
    }

    /** What is known of a namespace that somebody owns or asked for. */
    public record Known(
            NamespaceRows.Namespace namespace,
            List<NamespaceRows.Member> members,
            Optional<NamespaceRows.Frozen> frozen) {}

    /** Goes on with what a crash left. */
    @EventListener(ApplicationReadyEvent.class)
    public void resume() {
        try {
            for (NamespaceRows.Namespace left :
                    store.read(rows -> rows.namespaces().in(State.DEFINING))) {
                finish(new Namespace(left.name()));
            }
        } catch (StorageException | LedgerException | ProblemException e) {
            LOG.warn("a namespace is left half defined until it is asked for: {}", e.getMessage());
        }
    }

    /**
     * Creates a namespace, which the person who asks owns; by policy, or because its name looks like another, it waits for an
     * administrator first. A name that the operator log has, and nobody owns, is for administrators to take.
     */
    public Known create(Requester requester, String name) {
        Caller.Person person = requester.person();
        Namespace namespace = parse(name);
        if (reserved.contains(namespace)) {
            throw new ProblemException(
                    Problem.Kind.INVALID,
                    "the namespace `" + namespace + "` is reserved: the server uses it as a path or its configuration"
                            + " reserves it");
        }
        Optional<NamespaceState> logged = namespaces.operatorLog().namespace(namespace);
        TreeSet<String> others = new TreeSet<>(reserved.all());
        others.addAll(namespaces.operatorLog().namespaces().keySet());
        Instant now = clock.instant();
        State state = store.write(rows -> {
            rights.require(rows, person, Act.CREATE_NAMESPACE, Target.NONE);
            Optional<NamespaceRows.Namespace> before =
                    rows.namespaces().find(name).filter(found -> found.state() != State.REJECTED);
            if (before.isPresent()) {
                return again(before.get(), person);
            }
            boolean administrator = person.administrator();
            if (logged.isPresent() && !administrator) {
                throw taken(name);
            }
            String note = administrator ? "" : note(rows, person, name, others);
            State begun = note.isEmpty() ? State.DEFINING : State.PENDING;
            if (!rows.namespaces()
                    .add(new NamespaceRows.Namespace(name, begun, note, false, person.accountId(), now))) {
                throw taken(name);
            }
            rows.namespaces().setRole(name, person.accountId(), Role.OWNER, now);
            rows.audit()
                    .add(requester.act(
                            now,
                            begun == State.PENDING ? "namespace-asked-for" : "namespace-created",
                            name,
                            name,
                            Map.of("note", note)));
            return begun;
        });
        if (state == State.DEFINING) {
            finish(namespace);
        }
        return find(namespace);
    }

    /** Who asked before is told the same again: the answer may have been lost on its way. */
    private static State again(NamespaceRows.Namespace before, Caller.Person person) {
        if (!before.createdBy().equals(person.accountId())) {
            throw taken(before.name());
        }
        if (before.state() == State.ACTIVE) {
            throw new ProblemException(
                    Problem.Kind.CONFLICT, "the namespace `" + before.name() + "` is there, and you created it");
        }
        return before.state();
    }

    private static ProblemException taken(String name) {
        return new ProblemException(Problem.Kind.CONFLICT, "the namespace `" + name + "` belongs to somebody else");
    }

    /** Why it has to wait; empty when it has not. */
    private String note(RegistryRows rows, Caller.Person person, String name, TreeSet<String> others) {
        if (policy == NamespacesPolicy.OPERATOR) {
            throw new ProblemException(
                    Problem.Kind.FORBIDDEN,
                    "create-namespace is for administrators of this registry (lair.namespaces-policy=operator)");
        }
        if (rows.namespaces().createdBy(person.accountId()) >= perAccount) {
            throw new ProblemException(
                    Problem.Kind.FORBIDDEN,
                    "an account creates at most " + perAccount + " namespaces here (lair.namespaces-per-account)");
        }
        TreeSet<String> strangers = new TreeSet<>(others);
        strangers.addAll(rows.namespaces().names());
        // One's own may be called as one likes.
        rows.namespaces().ofAccount(person.accountId()).stream()
                .map(NamespaceRows.Namespace::name)
                .filter(own -> rows.namespaces()
                        .role(own, person.accountId())
                        .filter(role -> role == Role.OWNER)
                        .isPresent())
                .forEach(strangers::remove);
        Optional<String> alike = LookAlikes.of(name, strangers);
        if (alike.isPresent()) {
            return "it looks like `" + alike.get() + "`";
        }
        return policy == NamespacesPolicy.APPROVAL ? "an administrator approves every namespace here" : "";
    }

    private static Namespace parse(String name) {
        try {
            return new Namespace(name);
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    /** From defining to active. Whoever comes second finds it done. */
    private void finish(Namespace namespace) {
        String name = namespace.value();
        try {
            namespaces.define(namespace, clock);
        } catch (OperatorRecordRefused e) {
            String why = String.valueOf(e.getMessage());
            Instant now = clock.instant();
            store.write(rows -> {
                if (rows.namespaces().move(name, State.DEFINING, State.REJECTED, why)) {
                    rows.namespaces().removeRoles(name);
                    rows.audit().add(Requester.ownAct(now, "namespace-rejected", name, name, Map.of("note", why)));
                }
                return name;
            });
            throw new ProblemException(Problem.Kind.CONFLICT, why);
        }
        Instant now = clock.instant();
        store.write(rows -> {
            if (rows.namespaces().move(name, State.DEFINING, State.ACTIVE, "")) {
                rows.audit().add(Requester.ownAct(now, "namespace-defined", name, name, Map.of()));
            }
            return name;
        });
    }

    /** What is known of a namespace; one that a crash left half defined is whole behind this. */
    public Known find(Namespace namespace) {
        Known known = look(namespace);
        if (known.namespace().state() == State.DEFINING) {
            finish(namespace);
            return look(namespace);
        }
        return known;
    }

    private Known look(Namespace namespace) {
        return store.read(rows -> rows.namespaces().find(namespace.value()).map(found -> known(rows, found)))
                .orElseThrow(() -> new ProblemException(
                        Problem.Kind.NO_SUCH_NAMESPACE, "no account owns a namespace `" + namespace + "` here"));
    }

    private static Known known(RegistryRows rows, NamespaceRows.Namespace namespace) {
        return new Known(
                namespace,
                rows.namespaces().members(namespace.name()),
                rows.namespaces().frozen(namespace.name()));
    }

    /** A namespace of an account, and what the account is in it. */
    public record Mine(NamespaceRows.Namespace namespace, Role role) {}

    /** Those of which the account is something, by name. */
    public List<Mine> of(String accountId) {
        return store.read(rows -> rows.namespaces().ofAccount(accountId).stream()
                .flatMap(namespace -> rows.namespaces().role(namespace.name(), accountId).stream()
                        .map(role -> new Mine(namespace, role)))
                .toList());
    }

    /** Those that wait for a decision, by name. */
    public List<Known> waiting() {
        return store.read(rows -> rows.namespaces().in(State.PENDING).stream()
                .map(namespace -> known(rows, namespace))
                .toList());
    }

    /** Gives an account a role, in place of the one that it has. The last owner stays one. */
    public void setRole(Requester requester, Namespace namespace, String login, Role role) {
        String name = namespace.value();
        Instant now = clock.instant();
        store.write(rows -> {
            rights.require(rows, requester.caller(), Act.MANAGE_ROLES, Target.of(namespace));
            Account account = account(rows, login);
            if (role != Role.OWNER) {
                requireAnotherOwner(rows, name, account);
            }
            Optional<Role> before = rows.namespaces().ownRole(name, account.id());
            rows.namespaces().setRole(name, account.id(), role, now);
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("role", label(role));
            before.ifPresent(was -> detail.put("before", label(was)));
            rows.audit().add(requester.act(now, "role-given", name, login, detail));
            return role;
        });
    }

    private static String label(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Takes an account's role. The last owner stays one.
     *
     * @return publishers of the namespace that the account created, if it manages it no more
     */
    public List<PublisherRows.Publisher> removeRole(Requester requester, Namespace namespace, String login) {
        String name = namespace.value();
        Instant now = clock.instant();
        return store.write(rows -> {
            rights.require(rows, requester.caller(), Act.MANAGE_ROLES, Target.of(namespace));
            // Somebody frozen must be shown out too.
            Account account = rows.accounts()
                    .byLogin(login)
                    .orElseThrow(() ->
                            new ProblemException(Problem.Kind.NO_SUCH_ACCOUNT, "there is no account `" + login + "`"));
            requireAnotherOwner(rows, name, account);
            if (!rows.namespaces().removeRole(name, account.id())) {
                throw new ProblemException(
                        Problem.Kind.NO_SUCH_ACCOUNT, "`" + login + "` has no role in the namespace `" + name + "`");
            }
            rows.audit().add(requester.act(now, "role-taken", name, login, Map.of()));
            return Departures.toReview(rows, account.id(), name);
        });
    }

    /** An organisation that owns counts as one owner: somebody is always behind it. */
    private static void requireAnotherOwner(RegistryRows rows, String name, Account account) {
        boolean owns = rows.namespaces()
                .ownRole(name, account.id())
                .filter(role -> role == Role.OWNER)
                .isPresent();
        if (owns && rows.namespaces().owners(name) == 1) {
            throw new ProblemException(
                    Problem.Kind.CONFLICT,
                    "`" + account.login() + "` is the last owner of `" + name
                            + "`; make somebody else an owner first, or transfer the namespace");
        }
    }

    private static Account account(RegistryRows rows, String login) {
        return rows.accounts()
                .byLogin(login)
                .filter(found -> found.state() == AccountRows.State.ACTIVE)
                .orElseThrow(() ->
                        new ProblemException(Problem.Kind.NO_SUCH_ACCOUNT, "there is no account `" + login + "`"));
    }

    /**
     * Hands a namespace to another account, alone. What the owners of before arranged ends with it: every role, every trusted
     * publisher and its tokens, every API token that is for packages of the namespace.
     */
    public Known transfer(Requester requester, Namespace namespace, String login) {
        String name = namespace.value();
        Instant now = clock.instant();
        return store.write(rows -> {
            rights.require(rows, requester.caller(), Act.TRANSFER, Target.of(namespace));
            Account to = account(rows, login);
            int roles = rows.namespaces().removeRoles(name);
            rows.namespaces().setRole(name, to.id(), Role.OWNER, now);
            int publishers = rows.namespaces().dropPublishers(name, now);
            List<String> tokens = ApiTokens.revokeBoundTo(rows, name, now);
            rows.audit()
                    .add(requester.act(
                            now,
                            "namespace-transferred",
                            name,
                            name,
                            Map.of("to", login, "roles", roles, "publishers", publishers, "tokens", tokens)));
            return known(rows, rows.namespaces().find(name).orElseThrow());
        });
    }

    /** Says whether only trusted publishers release. */
    public Known setTrustedOnly(Requester requester, Namespace namespace, boolean trustedOnly) {
        String name = namespace.value();
        Instant now = clock.instant();
        return store.write(rows -> {
            rights.require(rows, requester.caller(), Act.TRUSTED_ONLY, Target.of(namespace));
            rows.namespaces().setTrustedOnly(name, trustedOnly);
            rows.audit().add(requester.act(now, "trusted-only-set", name, name, Map.of("trustedOnly", trustedOnly)));
            return known(rows, rows.namespaces().find(name).orElseThrow());
        });
    }

    /** An administrator lets a namespace be. */
    public Known approve(Requester requester, Namespace namespace) {
        decide(requester, namespace, State.DEFINING, "", "namespace-approved");
        return find(namespace);
    }

    /** An administrator does not; the name is free for others. */
    public Known reject(Requester requester, Namespace namespace, String reason) {
        if (reason.isBlank() || reason.length() > 1000) {
            throw new ProblemException(Problem.Kind.INVALID, "`reason` has 1 to 1000 characters: who asked reads it");
        }
        decide(requester, namespace, State.REJECTED, reason, "namespace-rejected");
        return look(namespace);
    }

    private void decide(Requester requester, Namespace namespace, State to, String note, String act) {
        String name = namespace.value();
        Instant now = clock.instant();
        store.write(rows -> {
            rights.require(rows, requester.caller(), Act.APPROVE, Target.NONE);
            if (!rows.namespaces().move(name, State.PENDING, to, note)) {
                throw new ProblemException(Problem.Kind.CONFLICT, "no namespace `" + name + "` waits for a decision");
            }
            if (to == State.REJECTED) {
                rows.namespaces().removeRoles(name);
            }
            rows.audit().add(requester.act(now, act, name, name, Map.of("note", note)));
            return name;
        });
    }
}

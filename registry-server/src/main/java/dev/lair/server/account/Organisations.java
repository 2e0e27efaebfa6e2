package dev.lair.server.account;

import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.Belonging;
import dev.lair.storage.registry.AccountRows.Kind;
import dev.lair.storage.registry.AccountRows.Member;
import dev.lair.storage.registry.AccountRows.Membership;
import dev.lair.storage.registry.AccountRows.State;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Service;

/**
 * Who is in which organisation. What an organisation is in a namespace, its owners are there too, and its other members
 * publish; that is looked at anew for each request, so who leaves loses it at once. Organisations have people in them, and at
 * least one owner.
 */
@Service
public final class Organisations {

    private static final int MAX_OWNED = 20;

    private final RegistryStore store;
    private final Accounts accounts;
    private final Clock clock;

    Organisations(RegistryStore store, Accounts accounts, Clock clock) {
        this.store = store;
        this.accounts = accounts;
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    /** An organisation and who is in it. */
    public record Known(Account organisation, List<Member> members) {

        public Known {
            members = List.copyOf(members);
        }
    }

    /** Makes an organisation, which the person who asks owns. */
    public Known create(Requester requester, String login, String displayName) {
        String asking = requester.person().accountId();
        long owned = store.read(rows -> rows.accounts().organisationsOf(asking)).stream()
                .filter(each -> each.role() == Membership.OWNER)
                .count();
        if (owned >= MAX_OWNED && !requester.person().administrator()) {
            throw new ProblemException(
                    Problem.Kind.FORBIDDEN, "an account owns at most " + MAX_OWNED + " organisations here");
        }
        return store.read(rows -> known(
                rows, accounts.createOrganisation(requester, login, displayName).login()));
    }

    /** Those that the person is in, by login. */
    public List<Belonging> of(String accountId) {
        return store.read(rows -> rows.accounts().organisationsOf(accountId));
    }

    /** One, for who is in it and for administrators; to others it is not there. */
    public Known find(Requester requester, String login) {
        return store.read(rows -> {
            Known known = known(rows, login);
            boolean member = rows.accounts()
                    .membership(known.organisation().id(), requester.person().accountId())
                    .isPresent();
            if (!member && !requester.person().administrator()) {
                throw none(login);
            }
            return known;
        });
    }

    /** Puts a person in, or changes what they are; owners may. The last owner stays one. */
    public Known setMember(Requester requester, String login, String memberLogin, Membership role) {
        Instant now = clock.instant();
        return store.write(rows -> {
            Account organisation = owned(rows, requester, login);
            Account member = rows.accounts()
                    .byLogin(memberLogin)
                    .filter(found -> found.state() == State.ACTIVE)
                    .orElseThrow(() -> new ProblemException(
                            Problem.Kind.NO_SUCH_ACCOUNT, "there is no account `" + memberLogin + "`"));
            if (member.kind() != Kind.PERSON) {
                throw new ProblemException(
                        Problem.Kind.INVALID,
                        "`" + memberLogin + "` is an organisation; organisations have people in them");
            }
            if (role != Membership.OWNER) {
                requireAnotherOwner(rows, organisation, member);
            }
            rows.accounts().setMember(organisation.id(), member.id(), role, now);
            rows.audit()
                    .add(requester.act(
                            now,
                            "organisation-member-set",
                            "",
                            login,
                            Map.of("member", memberLogin, "role", label(role))));
            return known(rows, login);
        });
    }

    /**
     * Takes somebody out: owners anybody, everybody themselves. The last owner stays.
     *
     * @return publishers that they created where they manage nothing any more
     */
    public List<PublisherRows.Publisher> removeMember(Requester requester, String login, String memberLogin) {
        Instant now = clock.instant();
        return store.write(rows -> {
            boolean self = memberLogin.equals(requester.person().login());
            Account organisation = self ? organisation(rows, login) : owned(rows, requester, login);
            Account member = rows.accounts()
                    .byLogin(memberLogin)
                    .filter(found -> rows.accounts()
                            .membership(organisation.id(), found.id())
                            .isPresent())
                    .orElseThrow(() -> self
                            ? none(login)
                            : new ProblemException(
                                    Problem.Kind.NO_SUCH_ACCOUNT, "`" + memberLogin + "` is not in `" + login + "`"));
            requireAnotherOwner(rows, organisation, member);
            rows.accounts().removeMember(organisation.id(), member.id());
            rows.audit()
                    .add(requester.act(
                            now,
                            self ? "organisation-left" : "organisation-member-removed",
                            "",
                            login,
                            Map.of("member", memberLogin)));
            return Departures.toReview(rows, member.id());
        });
    }

    private static void requireAnotherOwner(RegistryRows rows, Account organisation, Account member) {
        List<Member> owners = rows.accounts().membersOf(organisation.id()).stream()
                .filter(each -> each.role() == Membership.OWNER)
                .toList();
        if (owners.size() == 1 && owners.getFirst().accountId().equals(member.id())) {
            throw new ProblemException(
                    Problem.Kind.CONFLICT,
                    "`" + member.login() + "` is the last owner of `" + organisation.login()
                            + "`; make somebody else an owner first");
        }
    }

    private static Account owned(RegistryRows rows, Requester requester, String login) {
        Account organisation = organisation(rows, login);
        Membership asking = rows.accounts()
                .membership(organisation.id(), requester.person().accountId())
                .orElseThrow(() -> none(login));
        if (asking != Membership.OWNER) {
            throw new ProblemException(
                    Problem.Kind.FORBIDDEN, "owners of `" + login + "` say who is in it; you are a member");
        }
        return organisation;
    }

    private static Account organisation(RegistryRows rows, String login) {
        return rows.accounts()
                .byLogin(login)
                .filter(found -> found.kind() == Kind.ORGANISATION && found.state() == State.ACTIVE)
                .orElseThrow(() -> none(login));
    }

    private static Known known(RegistryRows rows, String login) {
        Account organisation = organisation(rows, login);
        return new Known(organisation, rows.accounts().membersOf(organisation.id()));
    }

    /** As it stands in bodies. */
    public static String label(Membership role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static ProblemException none(String login) {
        return new ProblemException(
                Problem.Kind.NO_SUCH_ACCOUNT, "you are in no organisation `" + login + "`, or there is none");
    }
}

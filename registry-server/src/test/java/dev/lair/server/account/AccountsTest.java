package dev.lair.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.api.Problem;
import dev.lair.server.TestClock;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.Membership;
import dev.lair.storage.registry.RegistryStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {

    private static final String ISSUER = "https://issuer.example";

    private final TestClock clock = new TestClock();
    private final SecureRandom random = new SecureRandom();
    private final RegistryStore store =
            RegistryStore.over(MemoryStorage.open(clock).registry());
    private final Accounts accounts = new Accounts(store, new Passwords(random), new RandomIds(random), clock);

    private Account login(String subject, String wanted) {
        return accounts.ofIdentity(ISSUER, subject, wanted, wanted, "r");
    }

    private Requester session(Account account) {
        return new Requester(
                new Caller.Person(
                        account.id(),
                        account.login(),
                        false,
                        new Caller.Session(
                                new Sessions(store, random, clock).newSecret().digest(),
                                clock.instant().plus(Duration.ofHours(1)),
                                clock.instant())),
                "r");
    }

    @Test
    void identityLogsInToOneAccountHoweverItIsCalled() {
        Account first = login("17", "ann");
        assertThat(login("17", "ann-renamed")).isEqualTo(first);
        assertThat(first.login()).isEqualTo("ann");
        assertThat(first.administrator()).isFalse();
    }

    /** Who takes the login of somebody else at the provider gets another account here. */
    @Test
    void loginOfAnotherIdentityIsNotTakenOver() {
        Account first = login("17", "ann");
        Account second = login("18", "ann");
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.login()).isEqualTo("ann-2");
        Account elsewhere = accounts.ofIdentity("https://other.example", "17", "ann", "ann", "r");
        assertThat(elsewhere.login()).isEqualTo("ann-3");
    }

    @Test
    void firstLoginsOfOneIdentityThatRaceMakeOneAccount() throws Exception {
        List<Callable<Account>> racers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            racers.add(() -> login("17", "ann"));
        }
        Set<Account> seen = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            for (Future<Account> each : threads.invokeAll(racers)) {
                seen.add(each.get());
            }
        }
        assertThat(seen).hasSize(1);
        assertThat(store.read(rows -> rows.audit().all(Long.MAX_VALUE, 100)).stream()
                        .map(row -> row.act().act()))
                .containsExactly("account-created");
    }

    @Test
    void whoMakesAnOrganisationOwnsIt() {
        Account ann = login("17", "ann");
        Account organisation = accounts.createOrganisation(session(ann), "acme-inc", "Acme");
        assertThat(organisation.kind()).isEqualTo(AccountRows.Kind.ORGANISATION);
        List<AccountRows.Member> members = store.read(rows -> rows.accounts().membersOf(organisation.id()));
        assertThat(members).hasSize(1);
        assertThat(members.getFirst().accountId()).isEqualTo(ann.id());
        assertThat(members.getFirst().role()).isEqualTo(Membership.OWNER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Ann",
                "1ann",
                "-ann",
                "ann-",
                "ann--x",
                "ann_x",
                "\u00e4nn",
                "annnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
            })
    void loginThatIsNoneIsRefused(String login) {
        assertThatThrownBy(() -> login("17", login))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Problem.Kind.INVALID));
    }
}

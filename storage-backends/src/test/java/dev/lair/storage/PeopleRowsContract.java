package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.Identity;
import dev.lair.storage.registry.AccountRows.Kind;
import dev.lair.storage.registry.AccountRows.Membership;
import dev.lair.storage.registry.AccountRows.State;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.ProviderLoginRows.Intent;
import dev.lair.storage.registry.ProviderLoginRows.ProviderLogin;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.Role;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The tables of logins through providers, and of what stands still. */
public abstract class PeopleRowsContract extends StorageContract {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Instant LATER = NOW.plus(Duration.ofMinutes(10));

    private <T> T write(Function<RegistryRows, T> change) {
        return RegistryStore.over(storage.registry()).write(change);
    }

    private boolean did(Function<RegistryRows, Boolean> change) {
        return write(change);
    }

    private int changed(Function<RegistryRows, Integer> change) {
        return write(change);
    }

    private <T> Optional<T> one(Function<RegistryRows, Optional<T>> look) {
        return write(look);
    }

    private <T> List<T> all(Function<RegistryRows, List<T>> look) {
        return write(look);
    }

    private static Digest hash(String secret) {
        return Digest.of(secret.getBytes(StandardCharsets.US_ASCII));
    }

    private static ProviderLogin login(String state) {
        return new ProviderLogin(
                hash(state), hash("browser"), "honest", "n", "v", "/next", Intent.STEP_UP, "acc_ann", NOW, LATER);
    }

    private Optional<ProviderLogin> take(String state, String browser, String provider, Instant now) {
        return write(rows -> rows.providerLogins().take(hash(state), hash(browser), provider, now));
    }

    private String person(String login) {
        write(rows ->
                rows.accounts().add(new Account("acc_" + login, login, login, Kind.PERSON, false, State.ACTIVE, NOW)));
        return "acc_" + login;
    }

    private void namespace(String name) {
        String owner = person("owner-of-" + name);
        write(rows -> rows.namespaces()
                .add(new NamespaceRows.Namespace(name, NamespaceRows.State.ACTIVE, "", false, owner, NOW)));
    }

    @Test
    void loginIsTakenByItsBrowserForItsProviderInTime() {
        write(rows -> {
            rows.providerLogins().add(login("state"));
            return rows;
        });
        assertThat(take("state", "another", "honest", NOW)).isEmpty();
        assertThat(take("state", "browser", "other", NOW)).isEmpty();
        assertThat(take("another", "browser", "honest", NOW)).isEmpty();
        assertThat(take("state", "browser", "honest", LATER)).isEmpty();
        assertThat(take("state", "browser", "honest", LATER.minusMillis(1))).contains(login("state"));
        assertThat(take("state", "browser", "honest", NOW)).isEmpty();
    }

    @Test
    void ofTwentyWhoTakeALoginAtOnceOneGetsIt() throws Exception {
        write(rows -> {
            rows.providerLogins().add(login("state"));
            return rows;
        });
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            racers.add(() -> take("state", "browser", "honest", NOW).isPresent());
        }
        int won = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            for (Future<Boolean> each : threads.invokeAll(racers)) {
                won += each.get() ? 1 : 0;
            }
        }
        assertThat(won).isOne();
    }

    @Test
    void loginThatIsOverIsDropped() {
        write(rows -> {
            rows.providerLogins().add(login("state"));
            return rows;
        });
        assertThat(changed(rows -> rows.providerLogins().removeExpired(LATER.minusMillis(1))))
                .isZero();
        assertThat(changed(rows -> rows.providerLogins().removeExpired(LATER))).isOne();
    }

    @Test
    void identityIsUnlinkedByItsAccountAlone() {
        String ann = person("ann");
        String bob = person("bob");
        write(rows -> rows.accounts().link(new Identity("https://a.example", "1", ann, "ann", NOW)));
        assertThat(did(rows -> rows.accounts().unlink(bob, "https://a.example", "1")))
                .isFalse();
        assertThat(did(rows -> rows.accounts().unlink(ann, "https://a.example", "1")))
                .isTrue();
        assertThat(did(rows -> rows.accounts().unlink(ann, "https://a.example", "1")))
                .isFalse();
    }

    @Test
    void accountsAreListedByLoginInPages() {
        person("bob");
        person("ann");
        person("cy");
        assertThat(all(rows -> rows.accounts().list("", 2)))
                .extracting(Account::login)
                .containsExactly("ann", "bob");
        assertThat(all(rows -> rows.accounts().list("bob", 2)))
                .extracting(Account::login)
                .containsExactly("cy");
    }

    @Test
    void frozenOrganisationGivesNobodyAnything() {
        String ann = person("ann");
        namespace("acme");
        write(rows -> {
            rows.accounts().add(new Account("acc_org", "org", "Org", Kind.ORGANISATION, false, State.ACTIVE, NOW));
            rows.accounts().setMember("acc_org", ann, Membership.OWNER, NOW);
            rows.namespaces().setRole("acme", "acc_org", Role.OWNER, NOW);
            return rows;
        });
        assertThat(one(rows -> rows.namespaces().role("acme", ann))).contains(Role.OWNER);
        assertThat(one(rows -> rows.accounts().membership("acc_org", ann))).contains(Membership.OWNER);
        assertThat(all(rows -> rows.accounts().organisationsOf(ann))).hasSize(1);
        write(rows -> rows.accounts().setState("acc_org", State.FROZEN));
        assertThat(one(rows -> rows.namespaces().role("acme", ann))).isEmpty();
    }

    @Test
    void namespaceStandsStillOnceUntilItGoesOn() {
        namespace("acme");
        namespace("other");
        assertThat(one(rows -> rows.namespaces().frozen("acme"))).isEmpty();
        assertThat(did(rows -> rows.namespaces().freeze("acme", "odd", NOW))).isTrue();
        assertThat(did(rows -> rows.namespaces().freeze("acme", "again", LATER)))
                .isFalse();
        assertThat(one(rows -> rows.namespaces().frozen("acme"))).contains(new NamespaceRows.Frozen(NOW, "odd"));
        assertThat(all(rows -> rows.namespaces().frozen())).containsExactly("acme");
        assertThat(did(rows -> rows.namespaces().unfreeze("acme"))).isTrue();
        assertThat(did(rows -> rows.namespaces().unfreeze("acme"))).isFalse();
        assertThat(all(rows -> rows.namespaces().frozen())).isEmpty();
    }
}

package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.Identity;
import dev.lair.storage.registry.AccountRows.Kind;
import dev.lair.storage.registry.AccountRows.Member;
import dev.lair.storage.registry.AccountRows.Membership;
import dev.lair.storage.registry.DeviceRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.SessionRows.Session;
import dev.lair.storage.registry.TokenRows.Token;
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
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The tables of accounts, and of what they log in with. */
public abstract class AccountRowsContract extends StorageContract {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int RACERS = 50;

    private <T> T read(Function<RegistryRows, T> look) {
        return RegistryStore.over(storage.registry()).read(look);
    }

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
        return read(look);
    }

    private <T> List<T> all(Function<RegistryRows, List<T>> look) {
        return read(look);
    }

    private void change(Consumer<RegistryRows> change) {
        write(rows -> {
            change.accept(rows);
            return rows;
        });
    }

    private static Account person(String login) {
        return new Account("acc_" + login, login, "The " + login, Kind.PERSON, false, AccountRows.State.ACTIVE, NOW);
    }

    private static Digest hash(String secret) {
        return Digest.of(secret.getBytes(StandardCharsets.US_ASCII));
    }

    /** What fifty at once are answered. */
    private List<Boolean> race(Function<RegistryRows, Boolean> change) throws Exception {
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            racers.add(() -> write(change));
        }
        List<Boolean> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
            for (Future<Boolean> each : threads.invokeAll(racers)) {
                answers.add(each.get());
            }
        }
        return answers;
    }

    @Test
    void accountComesBackWholeByIdAndByLogin() {
        Account organisation =
                new Account("acc_org", "org", "Org", Kind.ORGANISATION, true, AccountRows.State.FROZEN, NOW);
        assertThat(did(rows -> rows.accounts().add(person("ann")))).isTrue();
        assertThat(did(rows -> rows.accounts().add(organisation))).isTrue();

        assertThat(one(rows -> rows.accounts().find("acc_ann"))).contains(person("ann"));
        assertThat(one(rows -> rows.accounts().byLogin("org"))).contains(organisation);
        assertThat(one(rows -> rows.accounts().byLogin("bob"))).isEmpty();
    }

    @Test
    void administratorIsFoundOnceThereIsOne() {
        change(rows -> rows.accounts().add(person("ann")));
        assertThat(did(rows -> rows.accounts().hasAdministrator())).isFalse();
        change(rows ->
                rows.accounts().add(new Account("acc_x", "x", "X", Kind.PERSON, true, AccountRows.State.ACTIVE, NOW)));
        assertThat(did(rows -> rows.accounts().hasAdministrator())).isTrue();
    }

    @Test
    void ofFiftyWhoWantALoginOneGetsIt() throws Exception {
        List<Boolean> answers = race(rows -> rows.accounts()
                .add(new Account(
                        "acc_" + Thread.currentThread().threadId(),
                        "ann",
                        "Ann",
                        Kind.PERSON,
                        false,
                        AccountRows.State.ACTIVE,
                        NOW)));
        assertThat(answers.stream().filter(won -> won)).hasSize(1);
    }

    @Test
    void frozenAccountIsToldAsFrozen() {
        change(rows -> rows.accounts().add(person("ann")));
        assertThat(did(rows -> rows.accounts().setState("acc_ann", AccountRows.State.FROZEN)))
                .isTrue();
        assertThat(read(rows -> rows.accounts().find("acc_ann")).orElseThrow().state())
                .isEqualTo(AccountRows.State.FROZEN);
        assertThat(did(rows -> rows.accounts().setState("acc_bob", AccountRows.State.FROZEN)))
                .isFalse();
    }

    @Test
    void identityBelongsToOneAccountOfOneIssuer() {
        Identity identity = new Identity("https://issuer.example", "17", "acc_ann", "Ann", NOW);
        change(rows -> {
            rows.accounts().add(person("ann"));
            rows.accounts().add(person("bob"));
        });
        assertThat(did(rows -> rows.accounts().link(identity))).isTrue();
        assertThat(did(rows ->
                        rows.accounts().link(new Identity("https://issuer.example", "17", "acc_bob", "Bob", NOW))))
                .isFalse();

        assertThat(one(rows -> rows.accounts().byIdentity("https://issuer.example", "17")))
                .contains(person("ann"));
        assertThat(one(rows -> rows.accounts().byIdentity("https://other.example", "17")))
                .isEmpty();
        assertThat(all(rows -> rows.accounts().identitiesOf("acc_ann"))).containsExactly(identity);
    }

    @Test
    void newPasswordForgetsTheFailuresOfTheOld() {
        change(rows -> {
            rows.accounts().add(person("ann"));
            rows.accounts().setPassword("acc_ann", "$one", NOW);
            rows.accounts().setFailures("acc_ann", 7, Optional.of(NOW.plus(HOUR)));
        });
        assertThat(one(rows -> rows.accounts().password("acc_ann")))
                .contains(new AccountRows.Password("acc_ann", "$one", 7, Optional.of(NOW.plus(HOUR)), NOW));

        change(rows -> rows.accounts().setPassword("acc_ann", "$two", NOW.plus(HOUR)));
        assertThat(one(rows -> rows.accounts().password("acc_ann")))
                .contains(new AccountRows.Password("acc_ann", "$two", 0, Optional.empty(), NOW.plus(HOUR)));
        assertThat(one(rows -> rows.accounts().password("acc_bob"))).isEmpty();
    }

    @Test
    void membersOfAnOrganisationComeByLogin() {
        change(rows -> {
            rows.accounts().add(person("bob"));
            rows.accounts().add(person("ann"));
            rows.accounts().add(person("org"));
            rows.accounts().setMember("acc_org", "acc_bob", Membership.OWNER, NOW);
            rows.accounts().setMember("acc_org", "acc_ann", Membership.OWNER, NOW);
            rows.accounts().setMember("acc_org", "acc_ann", Membership.MEMBER, NOW.plus(HOUR));
        });
        assertThat(all(rows -> rows.accounts().membersOf("acc_org")))
                .containsExactly(
                        new Member("acc_org", "acc_ann", "ann", Membership.MEMBER, NOW),
                        new Member("acc_org", "acc_bob", "bob", Membership.OWNER, NOW));

        assertThat(did(rows -> rows.accounts().removeMember("acc_org", "acc_ann")))
                .isTrue();
        assertThat(did(rows -> rows.accounts().removeMember("acc_org", "acc_ann")))
                .isFalse();
        assertThat(all(rows -> rows.accounts().membersOf("acc_org"))).hasSize(1);
    }

    private static Session session(String secret, Instant expires) {
        return new Session(hash(secret), "acc_ann", NOW, expires, NOW.plus(Duration.ofMinutes(15)));
    }

    @Test
    void sessionIsFoundByItsHashUntilItIsEnded() {
        change(rows -> {
            rows.accounts().add(person("ann"));
            rows.sessions().add(session("one", NOW.plus(HOUR)));
            rows.sessions().add(session("two", NOW));
            rows.sessions().add(session("three", NOW.plus(HOUR)));
        });
        assertThat(one(rows -> rows.sessions().find(hash("one")))).contains(session("one", NOW.plus(HOUR)));
        assertThat(changed(rows -> rows.sessions().removeExpired(NOW))).isEqualTo(1);
        assertThat(one(rows -> rows.sessions().find(hash("two")))).isEmpty();
        assertThat(did(rows -> rows.sessions().remove(hash("one")))).isTrue();
        assertThat(did(rows -> rows.sessions().remove(hash("one")))).isFalse();
        assertThat(changed(rows -> rows.sessions().removeOf("acc_ann"))).isEqualTo(1);
        assertThat(one(rows -> rows.sessions().find(hash("three")))).isEmpty();
    }

    @Test
    void sessionIsExtendedSteppedUpAndListedWhileItIsAlive() {
        Instant later = NOW.plus(HOUR).plus(HOUR);
        change(rows -> {
            rows.accounts().add(person("ann"));
            rows.sessions().add(session("one", NOW.plus(HOUR)));
            rows.sessions().add(session("over", NOW));
        });
        assertThat(did(rows -> rows.sessions().extend(hash("one"), later))).isTrue();
        assertThat(did(rows -> rows.sessions().stepUp(hash("one"), later))).isTrue();
        assertThat(did(rows -> rows.sessions().extend(hash("none"), later))).isFalse();
        assertThat(did(rows -> rows.sessions().stepUp(hash("none"), later))).isFalse();
        assertThat(all(rows -> rows.sessions().ofAccount("acc_ann", NOW)))
                .containsExactly(new Session(hash("one"), "acc_ann", NOW, later, later));
    }

    @Test
    void deviceIsDecidedOnceAndUsedOnce() throws Exception {
        change(rows -> rows.accounts().add(person("ann")));
        assertThat(did(rows -> rows.devices().add(hash("d"), "BCDF-GHJK", NOW, NOW.plus(HOUR))))
                .isTrue();
        assertThat(did(rows -> rows.devices().add(hash("e"), "BCDF-GHJK", NOW, NOW.plus(HOUR))))
                .isFalse();
        assertThat(did(rows -> rows.devices().use(hash("d")))).isFalse();
        change(rows -> rows.devices().polled(hash("d"), NOW.plusSeconds(2)));

        List<Boolean> decisions = race(rows -> rows.devices()
                .decide("BCDF-GHJK", DeviceRows.State.APPROVED, "acc_ann", NOW.plusSeconds(60), NOW.plusSeconds(3)));
        assertThat(decisions.stream().filter(won -> won)).hasSize(1);
        assertThat(one(rows -> rows.devices().byUserCode("BCDF-GHJK")))
                .contains(new DeviceRows.Device(
                        hash("d"),
                        "BCDF-GHJK",
                        NOW,
                        NOW.plus(HOUR),
                        NOW.plusSeconds(2),
                        DeviceRows.State.APPROVED,
                        Optional.of("acc_ann"),
                        NOW.plusSeconds(60)));
        assertThat(race(rows -> rows.devices().use(hash("d"))).stream().filter(won -> won))
                .hasSize(1);
        assertThat(read(rows -> rows.devices().find(hash("d"))).orElseThrow().state())
                .isEqualTo(DeviceRows.State.USED);
    }

    @Test
    void deviceThatIsOverIsNotDecided() {
        change(rows -> {
            rows.accounts().add(person("ann"));
            rows.devices().add(hash("d"), "BCDF-GHJK", NOW, NOW.plus(HOUR));
        });
        assertThat(did(rows ->
                        rows.devices().decide("BCDF-GHJK", DeviceRows.State.DENIED, "acc_ann", NOW, NOW.plus(HOUR))))
                .isFalse();
        assertThat(changed(rows -> rows.devices().removeExpired(NOW.plus(HOUR))))
                .isEqualTo(1);
        assertThat(one(rows -> rows.devices().find(hash("d")))).isEmpty();
    }

    private static Token token(String id, List<String> packages) {
        return new Token(
                id,
                hash(id),
                "acc_ann",
                "label of " + id,
                List.of("read", "yank"),
                packages,
                NOW,
                NOW.plus(HOUR),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void tokenIsRevokedOnceAndStaysKnown() throws Exception {
        change(rows -> {
            rows.accounts().add(person("ann"));
            rows.tokens().add(token("tok_one", List.of("acme:*")));
        });
        assertThat(one(rows -> rows.tokens().byHash(hash("tok_one")))).contains(token("tok_one", List.of("acme:*")));
        assertThat(all(rows -> rows.tokens().ofAccount("acc_ann"))).hasSize(1);

        assertThat(race(rows -> rows.tokens().revoke("tok_one", NOW.plusSeconds(1))).stream()
                        .filter(won -> won))
                .hasSize(1);
        assertThat(read(rows -> rows.tokens().find("tok_one")).orElseThrow().revokedAt())
                .contains(NOW.plusSeconds(1));
        assertThat(all(rows -> rows.tokens().ofAccount("acc_ann"))).isEmpty();
    }

    @Test
    void useOfATokenNeverGoesBack() {
        change(rows -> {
            rows.accounts().add(person("ann"));
            rows.tokens().add(token("tok_one", List.of()));
            rows.tokens().used("tok_one", NOW.plus(HOUR));
            rows.tokens().used("tok_one", NOW);
        });
        assertThat(read(rows -> rows.tokens().find("tok_one")).orElseThrow().lastUsedAt())
                .contains(NOW.plus(HOUR));
    }

    @Test
    void tokensOfANamespaceAreThoseThatNameIt() {
        change(rows -> {
            rows.accounts().add(person("ann"));
            rows.tokens().add(token("tok_all", List.of()));
            rows.tokens().add(token("tok_one", List.of("acme:http")));
            rows.tokens().add(token("tok_two", List.of("other:x", "acme:*")));
            rows.tokens().add(token("tok_near", List.of("the-acme:*", "acme-too:*")));
            rows.tokens().add(token("tok_gone", List.of("acme:*")));
            rows.tokens().revoke("tok_gone", NOW);
        });
        assertThat(all(rows -> rows.tokens().boundTo("acme")))
                .extracting(Token::id)
                .containsExactly("tok_one", "tok_two");
    }
}

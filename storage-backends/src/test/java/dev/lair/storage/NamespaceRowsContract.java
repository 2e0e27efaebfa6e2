package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.Kind;
import dev.lair.storage.registry.AccountRows.Membership;
import dev.lair.storage.registry.NamespaceRows.Member;
import dev.lair.storage.registry.NamespaceRows.Namespace;
import dev.lair.storage.registry.NamespaceRows.State;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.Role;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tables of namespaces and roles. */
public abstract class NamespaceRowsContract extends StorageContract {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
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

    private long number(Function<RegistryRows, Long> look) {
        return read(look);
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

    private static Namespace namespace(String name, State state, String by) {
        return new Namespace(name, state, "", false, "acc_" + by, NOW);
    }

    @BeforeEach
    void accounts() {
        change(rows -> List.of("ann", "bob", "eve", "org")
                .forEach(login -> rows.accounts()
                        .add(new Account(
                                "acc_" + login,
                                login,
                                login,
                                login.equals("org") ? Kind.ORGANISATION : Kind.PERSON,
                                false,
                                AccountRows.State.ACTIVE,
                                NOW))));
    }

    @Test
    void ofFiftyWhoCreateANamespaceOneDoes() throws Exception {
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            String login = i % 2 == 0 ? "ann" : "bob";
            racers.add(() -> write(rows -> {
                boolean added = rows.namespaces().add(namespace("acme", State.DEFINING, login));
                if (added) {
                    rows.namespaces().setRole("acme", "acc_" + login, Role.OWNER, NOW);
                }
                return added;
            }));
        }
        int winners = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
            for (Future<Boolean> each : threads.invokeAll(racers)) {
                winners += each.get() ? 1 : 0;
            }
        }
        assertThat(winners).isOne();
        assertThat(all(rows -> rows.namespaces().members("acme"))).hasSize(1);
        assertThat(read(rows -> rows.namespaces().find("acme")).orElseThrow().createdBy())
                .isEqualTo(read(rows -> rows.namespaces().members("acme"))
                        .getFirst()
                        .accountId());
    }

    @Test
    void nameOfARejectedNamespaceIsFree() {
        change(rows -> rows.namespaces().add(namespace("acme", State.PENDING, "ann")));
        assertThat(did(rows -> rows.namespaces().add(namespace("acme", State.PENDING, "bob"))))
                .isFalse();
        assertThat(did(rows -> rows.namespaces().move("acme", State.PENDING, State.REJECTED, "no")))
                .isTrue();
        assertThat(all(rows -> rows.namespaces().names())).isEmpty();
        assertThat(number(rows -> rows.namespaces().createdBy("acc_ann"))).isZero();

        assertThat(did(rows -> rows.namespaces().add(namespace("acme", State.PENDING, "bob"))))
                .isTrue();
        assertThat(one(rows -> rows.namespaces().find("acme"))).contains(namespace("acme", State.PENDING, "bob"));
        assertThat(all(rows -> rows.namespaces().names())).containsExactly("acme");
        assertThat(number(rows -> rows.namespaces().createdBy("acc_bob"))).isOne();
    }

    @Test
    void stateMovesOnlyFromWhereItIs() {
        change(rows -> rows.namespaces().add(namespace("acme", State.PENDING, "ann")));
        assertThat(did(rows -> rows.namespaces().move("acme", State.DEFINING, State.ACTIVE, "")))
                .isFalse();
        assertThat(did(rows -> rows.namespaces().move("acme", State.PENDING, State.DEFINING, "")))
                .isTrue();
        assertThat(all(rows -> rows.namespaces().in(State.DEFINING)))
                .extracting(Namespace::name)
                .containsExactly("acme");
        assertThat(all(rows -> rows.namespaces().in(State.PENDING))).isEmpty();
    }

    @Test
    void lastRoleGivenIsTheOneHeld() {
        change(rows -> {
            rows.namespaces().add(namespace("acme", State.ACTIVE, "ann"));
            rows.namespaces().setRole("acme", "acc_bob", Role.OWNER, NOW);
            rows.namespaces().setRole("acme", "acc_bob", Role.PUBLISHER, NOW);
            rows.namespaces().setRole("acme", "acc_ann", Role.OWNER, NOW);
        });
        assertThat(all(rows -> rows.namespaces().members("acme")))
                .containsExactly(
                        new Member("acme", "acc_ann", "ann", Role.OWNER, NOW),
                        new Member("acme", "acc_bob", "bob", Role.PUBLISHER, NOW));
        assertThat(number(rows -> rows.namespaces().owners("acme"))).isOne();
        assertThat(one(rows -> rows.namespaces().role("acme", "acc_bob"))).contains(Role.PUBLISHER);
        assertThat(one(rows -> rows.namespaces().role("acme", "acc_eve"))).isEmpty();

        assertThat(did(rows -> rows.namespaces().removeRole("acme", "acc_bob"))).isTrue();
        assertThat(did(rows -> rows.namespaces().removeRole("acme", "acc_bob"))).isFalse();
        assertThat(changed(rows -> rows.namespaces().removeRoles("acme"))).isOne();
    }

    @Test
    void ownersOfAnOrganisationAreWhatItIsAndItsMembersPublish() {
        change(rows -> {
            rows.namespaces().add(namespace("acme", State.ACTIVE, "ann"));
            rows.namespaces().setRole("acme", "acc_org", Role.OWNER, NOW);
            rows.namespaces().setRole("acme", "acc_eve", Role.MAINTAINER, NOW);
            rows.accounts().setMember("acc_org", "acc_ann", Membership.OWNER, NOW);
            rows.accounts().setMember("acc_org", "acc_bob", Membership.MEMBER, NOW);
            rows.accounts().setMember("acc_org", "acc_eve", Membership.MEMBER, NOW);
        });
        assertThat(one(rows -> rows.namespaces().role("acme", "acc_ann"))).contains(Role.OWNER);
        assertThat(one(rows -> rows.namespaces().role("acme", "acc_bob"))).contains(Role.PUBLISHER);
        assertThat(one(rows -> rows.namespaces().role("acme", "acc_eve"))).contains(Role.MAINTAINER);
        assertThat(one(rows -> rows.namespaces().ownRole("acme", "acc_ann"))).isEmpty();
        assertThat(all(rows -> rows.namespaces().ofAccount("acc_bob")))
                .extracting(Namespace::name)
                .containsExactly("acme");
    }

    @Test
    void trustedOnlyIsKept() {
        change(rows -> rows.namespaces().add(namespace("acme", State.ACTIVE, "ann")));
        assertThat(did(rows -> rows.namespaces().setTrustedOnly("acme", true))).isTrue();
        assertThat(read(rows -> rows.namespaces().find("acme")).orElseThrow().trustedOnly())
                .isTrue();
        assertThat(did(rows -> rows.namespaces().setTrustedOnly("other", true))).isFalse();
    }

    private long count(String sql) {
        return storage.registry().read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    @Test
    void publishersOfOneNamespaceAreDroppedWithTheirTokens() {
        change(rows -> {
            rows.namespaces().add(namespace("acme", State.ACTIVE, "ann"));
            rows.namespaces().add(namespace("other", State.ACTIVE, "ann"));
        });
        storage.registry().write(connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String name : List.of("acme", "other")) {
                    statement.executeUpdate("INSERT INTO publisher (id, namespace, packages, issuer, kind, owner,"
                            + " owner_id, repository, repository_id, workflow, reusable_workflow, environment,"
                            + " ref_pattern, events, actions, status, created_by, created_at, expires_at, last_used_at)"
                            + " VALUES ('pub_" + name + "', '" + name + "', '', '', '', '', '', '', '', '', '', '', '',"
                            + " '', '', 'active', 'acc_ann', 0, 0, 0)");
                    try (PreparedStatement token = connection.prepareStatement(
                            "INSERT INTO trusted_token (id, hash, publisher_id, namespace, packages, action, contents,"
                                    + " issuer, claims, created_at, expires_at, revoked_at)"
                                    + " VALUES (?, ?, ?, ?, '', '', '', '', '{}', 0, 0, 0)")) {
                        token.setString(1, "tp_" + name);
                        token.setBytes(2, name.getBytes(StandardCharsets.US_ASCII));
                        token.setString(3, "pub_" + name);
                        token.setString(4, name);
                        token.executeUpdate();
                    }
                }
            }
            return connection;
        });

        assertThat(changed(rows -> rows.namespaces().dropPublishers("acme", NOW)))
                .isOne();
        assertThat(count("SELECT count(*) FROM publisher")).isOne();
        assertThat(count("SELECT count(*) FROM trusted_token WHERE revoked_at = " + NOW.toEpochMilli()))
                .isOne();
        assertThat(count("SELECT count(*) FROM trusted_token WHERE namespace = 'other' AND revoked_at = 0"))
                .isOne();
    }
}

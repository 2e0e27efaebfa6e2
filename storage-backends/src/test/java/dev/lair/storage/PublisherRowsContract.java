package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.PublisherRows.Publisher;
import dev.lair.storage.registry.PublisherRows.Status;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.TrustedTokenRows.Token;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tables of trusted publishing. */
public abstract class PublisherRowsContract extends StorageContract {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Instant LATER = NOW.plus(Duration.ofMinutes(15));
    private static final String ISSUER = "https://issuer.example";
    private static final int RACERS = 50;

    private <T> T read(Function<RegistryRows, T> look) {
        return RegistryStore.over(storage.registry()).read(look);
    }

    private boolean did(Function<RegistryRows, Boolean> change) {
        return RegistryStore.over(storage.registry()).write(change);
    }

    private void change(Consumer<RegistryRows> change) {
        RegistryStore.over(storage.registry()).write(rows -> {
            change.accept(rows);
            return rows;
        });
    }

    private List<String> idsOf(Function<RegistryRows, List<Publisher>> look) {
        return read(look).stream().map(Publisher::id).toList();
    }

    @BeforeEach
    void namespace() {
        change(rows -> {
            rows.accounts()
                    .add(new Account(
                            "acc_ann", "ann", "Ann", AccountRows.Kind.PERSON, false, AccountRows.State.ACTIVE, NOW));
            rows.namespaces()
                    .add(new NamespaceRows.Namespace("acme", NamespaceRows.State.ACTIVE, "", false, "acc_ann", NOW));
        });
    }

    private static Publisher publisher(
            String id, String owner, String ownerId, String repositoryId, Status status, Optional<Instant> expiresAt) {
        return new Publisher(
                id,
                "acme",
                List.of("acme:http", "acme:io"),
                ISSUER,
                "github",
                owner,
                ownerId,
                "Widgets",
                repositoryId,
                "release.yml",
                "",
                "release",
                "refs/tags/v*",
                List.of("schedule"),
                "{\"sub\":\"x\"}",
                List.of("publish"),
                status,
                "acc_ann",
                NOW,
                expiresAt,
                Optional.empty());
    }

    private static Publisher active(String id) {
        return publisher(id, "Acme", "65", "74", Status.ACTIVE, Optional.empty());
    }

    private static Digest hash(String word) {
        return Digest.of(word.getBytes(StandardCharsets.US_ASCII));
    }

    private static Token token(String id, String publisher, Optional<Instant> revokedAt) {
        return new Token(
                id,
                hash(id),
                publisher,
                "acme",
                List.of("acme:http"),
                "publish",
                List.of("sha256:00"),
                ISSUER,
                "{\"ref\":\"refs/heads/main\"}",
                NOW,
                LATER,
                revokedAt);
    }

    @Test
    void publisherComesBackAsItWasAdded() {
        Publisher pending = publisher("pub_1", "Acme", "", "", Status.PENDING, Optional.of(LATER));
        change(rows -> rows.publishers().add(pending));
        Optional<Publisher> found = read(rows -> rows.publishers().find("pub_1"));
        assertThat(found).contains(pending);
        List<Publisher> all = read(rows -> rows.publishers().ofNamespace("acme"));
        assertThat(all).containsExactly(pending);
        assertThat(idsOf(rows -> rows.publishers().ofNamespace("other"))).isEmpty();
    }

    @Test
    void publishersOfARepositoryHaveItsIdOrItsNameAndItsIssuer() {
        change(rows -> {
            rows.publishers().add(publisher("pub_id", "Other", "1", "74", Status.ACTIVE, Optional.empty()));
            rows.publishers().add(publisher("pub_name", "ACME", "", "", Status.ACTIVE, Optional.empty()));
            rows.publishers().add(publisher("pub_none", "Else", "", "", Status.ACTIVE, Optional.empty()));
        });
        assertThat(idsOf(rows -> rows.publishers().ofRepository(ISSUER, "74", "acme/widgets")))
                .containsExactly("pub_id", "pub_name");
        assertThat(idsOf(rows -> rows.publishers().ofRepository(ISSUER, "", "no/name")))
                .isEmpty();
        assertThat(idsOf(rows -> rows.publishers().ofRepository("https://forged.example", "74", "acme/widgets")))
                .isEmpty();
        assertThat(idsOf(rows -> rows.publishers().ofIssuer(ISSUER))).hasSize(3);
        assertThat(idsOf(rows -> rows.publishers().ofIssuer("https://forged.example")))
                .isEmpty();
    }

    @Test
    void firstUsePinsIdsAndLaterOnesDoNotChangeThem() {
        change(rows -> rows.publishers().add(publisher("pub_1", "Acme", "", "", Status.PENDING, Optional.of(LATER))));
        change(rows -> rows.publishers().used("pub_1", "65", "74", NOW));
        Publisher used = read(rows -> rows.publishers().find("pub_1")).orElseThrow();
        assertThat(used.ownerId()).isEqualTo("65");
        assertThat(used.repositoryId()).isEqualTo("74");
        assertThat(used.status()).isEqualTo(Status.ACTIVE);
        assertThat(used.expiresAt()).isEmpty();
        assertThat(used.lastUsedAt()).contains(NOW);

        change(rows -> rows.publishers().used("pub_1", "1", "2", LATER));
        Publisher again = read(rows -> rows.publishers().find("pub_1")).orElseThrow();
        assertThat(again.ownerId()).isEqualTo("65");
        assertThat(again.repositoryId()).isEqualTo("74");
        assertThat(again.lastUsedAt()).contains(LATER);
    }

    @Test
    void publisherMovesOnlyFromWhereItIsAndIsRemovedOnce() {
        change(rows -> rows.publishers().add(active("pub_1")));
        assertThat(did(rows -> rows.publishers().move("pub_1", Status.FROZEN, Status.ACTIVE)))
                .isFalse();
        assertThat(did(rows -> rows.publishers().move("pub_1", Status.ACTIVE, Status.FROZEN)))
                .isTrue();
        assertThat(did(rows -> rows.publishers().remove("pub_1"))).isTrue();
        assertThat(did(rows -> rows.publishers().remove("pub_1"))).isFalse();
    }

    @Test
    void pendingPublisherIsExpiredFromItsEndOn() {
        change(rows -> {
            rows.publishers().add(active("pub_1"));
            rows.publishers().add(publisher("pub_2", "Acme", "", "", Status.PENDING, Optional.of(LATER)));
        });
        assertThat(idsOf(rows -> rows.publishers().expired(LATER.minusMillis(1), 10)))
                .isEmpty();
        assertThat(idsOf(rows -> rows.publishers().expired(LATER, 10))).containsExactly("pub_2");
    }

    @Test
    void ofFiftyWhoUseOneIdentityOneDoes() throws Exception {
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            racers.add(() -> did(rows -> rows.usedIdentities().add(ISSUER, "jti-1", LATER)));
        }
        int winners = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
            for (Future<Boolean> each : threads.invokeAll(racers)) {
                winners += each.get() ? 1 : 0;
            }
        }
        assertThat(winners).isOne();
    }

    @Test
    void usedIdentityIsOfItsIssuerAndIsForgottenAtItsTimeAndNotBefore() {
        assertThat(did(rows -> rows.usedIdentities().add(ISSUER, "jti-1", LATER)))
                .isTrue();
        assertThat(did(rows -> rows.usedIdentities().add("https://other.example", "jti-1", LATER)))
                .isTrue();
        change(rows -> rows.usedIdentities().forget(LATER.minusMillis(1)));
        assertThat(did(rows -> rows.usedIdentities().add(ISSUER, "jti-1", LATER)))
                .isFalse();
        change(rows -> rows.usedIdentities().forget(LATER));
        assertThat(did(rows -> rows.usedIdentities().add(ISSUER, "jti-1", LATER)))
                .isTrue();
    }

    private Optional<Token> alive(String id, Instant now) {
        return read(rows -> rows.trustedTokens().alive(hash(id), now));
    }

    @Test
    void tokenIsAliveUntilItIsOverOrRevoked() {
        Token token = token("tpt_1", "pub_1", Optional.empty());
        change(rows -> {
            rows.publishers().add(active("pub_1"));
            rows.trustedTokens().add(token);
            rows.trustedTokens().add(token("tpt_2", "pub_1", Optional.empty()));
            rows.trustedTokens().add(token("tpt_3", "pub_gone", Optional.empty()));
        });
        assertThat(alive("tpt_1", NOW)).contains(token);
        assertThat(alive("tpt_1", LATER.minusMillis(1))).contains(token);
        assertThat(alive("tpt_1", LATER)).isEmpty();
        assertThat(alive("tpt_3", NOW)).isEmpty();
        assertThat(did(rows -> rows.trustedTokens().revoke("tpt_1", NOW))).isTrue();
        assertThat(did(rows -> rows.trustedTokens().revoke("tpt_1", NOW))).isFalse();
        assertThat(alive("tpt_1", NOW)).isEmpty();
        assertThat(did(rows -> rows.trustedTokens().isUnrevoked("tpt_1"))).isFalse();
        assertThat(did(rows -> rows.trustedTokens().isUnrevoked("tpt_2"))).isTrue();
        change(rows -> rows.trustedTokens().revokeOf("pub_1", NOW));
        assertThat(alive("tpt_2", NOW)).isEmpty();
        assertThat(read(rows -> rows.trustedTokens().find("tpt_2"))
                        .orElseThrow()
                        .revokedAt())
                .contains(NOW);
        change(rows -> rows.trustedTokens().forget(LATER));
        Optional<Token> forgotten = read(rows -> rows.trustedTokens().find("tpt_2"));
        assertThat(forgotten).isEmpty();
    }

    @Test
    void tokenIsAliveNoLongerThanItsPublisherAndItsNamespace() {
        change(rows -> {
            rows.publishers().add(active("pub_1"));
            rows.trustedTokens().add(token("tpt_1", "pub_1", Optional.empty()));
            rows.publishers().move("pub_1", Status.ACTIVE, Status.FROZEN);
        });
        assertThat(alive("tpt_1", NOW)).isEmpty();
        change(rows -> rows.publishers().move("pub_1", Status.FROZEN, Status.ACTIVE));
        assertThat(alive("tpt_1", NOW)).isPresent();
        change(rows ->
                rows.namespaces().move("acme", NamespaceRows.State.ACTIVE, NamespaceRows.State.REJECTED, "taken back"));
        assertThat(alive("tpt_1", NOW)).isEmpty();
    }
}

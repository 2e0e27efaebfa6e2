package dev.lair.server.trustedpublishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.PackagePattern;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.PublisherDocuments;
import dev.lair.registry.api.TokenText;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.account.Caller;
import dev.lair.server.account.RandomIds;
import dev.lair.server.account.Requester;
import dev.lair.server.issuer.IssuerDocuments;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import dev.lair.server.trustedpublishing.TrustedPublisher.Status;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.Role;
import dev.lair.transparency.Digest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From an identity to a token: the rows of the pitfall table (trusted publishing, section 3) that need the tables. */
class TokenExchangeTest {

    private static final Requester JOB = new Requester(Caller.ANONYMOUS, "request-1");
    private static final String FORGED = "https://token.forged.example";

    private final TestClock clock = new TestClock();
    private final RegistryStore store =
            RegistryStore.over(MemoryStorage.open(clock).registry());
    private final AtomicInteger jtis = new AtomicInteger();
    private final Forgetting forgetting = new Forgetting(store, clock);
    private boolean closed;
    private final TokenExchange exchange = exchange(
            "trusted-publishing.issuers[0].url", ForgedIssuer.URL,
            "trusted-publishing.issuers[0].kind", "github",
            "trusted-publishing.issuers[0].organisation", "*",
            "trusted-publishing.issuers[1].url", FORGED,
            "trusted-publishing.issuers[1].kind", "github",
            "trusted-publishing.issuers[1].organisation", "umbrella");

    private TokenExchange exchange(String... settings) {
        LairSettings read = TestSettings.of(settings);
        // Every issuer of these tests has the same keys: what tells them apart is not a key.
        IssuerDocuments documents = (issuer, url) -> url.equals(issuer.discovery())
                ? ForgedIssuer.discovery(issuer.url(), issuer.url() + "/keys")
                : ForgedIssuer.keySet(ForgedIssuer.RSA);
        SecureRandom random = new SecureRandom();
        return new TokenExchange(
                new IdentityTokenVerifier(
                        TrustedIssuers.of(read.trustedPublishing()),
                        new IssuerKeys(documents, clock),
                        () -> ForgedIssuer.AUDIENCE,
                        clock),
                new PackageState() {
                    @Override
                    public boolean isBegun(PackageName name) {
                        return closed;
                    }

                    @Override
                    public boolean isClosed(PackageName name) {
                        return closed;
                    }
                },
                store,
                new RandomIds(random),
                random,
                clock,
                read);
    }

    @BeforeEach
    void namespace() {
        store.write(rows -> {
            for (String login : List.of("ann", "bob", "umbrella")) {
                rows.accounts()
                        .add(new Account(
                                "acc_" + login,
                                login,
                                login,
                                login.equals("umbrella") ? AccountRows.Kind.ORGANISATION : AccountRows.Kind.PERSON,
                                false,
                                AccountRows.State.ACTIVE,
                                clock.instant()));
            }
            for (String name : List.of("octo", "other")) {
                rows.namespaces()
                        .add(new NamespaceRows.Namespace(
                                name, NamespaceRows.State.ACTIVE, "", false, "acc_ann", clock.instant()));
                rows.namespaces().setRole(name, "acc_ann", Role.OWNER, clock.instant());
            }
            return rows;
        });
    }

    private void add(PublisherOf of) {
        add(of, Optional.empty());
    }

    private void add(PublisherOf of, Optional<Instant> expiresAt) {
        TrustedPublisher publisher = of.make();
        String namespace = publisher.packages().getFirst().namespace().value();
        store.write(rows -> {
            rows.publishers().add(StoredPublishers.row(publisher, namespace, "acc_ann", clock.instant(), expiresAt));
            return rows;
        });
    }

    private PublisherRows.Publisher stored(String id) {
        return store.read(rows -> rows.publishers().find(id)).orElseThrow();
    }

    private Map<String, Object> fresh(Map<String, Object> claims) {
        return ForgedIssuer.with(claims, "jti", "jti-" + jtis.incrementAndGet());
    }

    private Map<String, Object> with(String claim, @Nullable Object value) {
        return ForgedIssuer.with(ForgedIssuer.githubClaims(), claim, value);
    }

    private PublisherDocuments.Granted granted(Map<String, Object> claims) {
        return shown(ForgedIssuer.rs256(claims));
    }

    private PublisherDocuments.Granted shown(String identity, String... packages) {
        return exchange.exchange(
                JOB,
                new PublisherDocuments.Exchange(identity, packages.length == 0 ? null : List.of(packages), null, null));
    }

    private ProblemException refused(Code code, Map<String, Object> claims, String... packages) {
        return refused(exchange, code, ForgedIssuer.rs256(claims), packages);
    }

    private static ProblemException refused(TokenExchange exchange, Code code, String identity, String... packages) {
        ProblemException problem = catchThrowableOfType(
                ProblemException.class,
                () -> exchange.exchange(
                        JOB,
                        new PublisherDocuments.Exchange(
                                identity, packages.length == 0 ? null : List.of(packages), null, null)));
        assertThat(problem).isNotNull();
        assertThat(problem.kind()).as(problem.getMessage()).isEqualTo(ExchangeProblems.kind(code));
        return problem;
    }

    private Optional<Caller.Trusted> caller(PublisherDocuments.Granted granted) {
        return exchange.find(TokenText.parse(granted.token()).orElseThrow());
    }

    private List<AuditRows.Act> acts() {
        return store.read(rows -> rows.audit().all(Long.MAX_VALUE, 100)).reversed().stream()
                .map(AuditRows.Row::act)
                .toList();
    }

    @Test
    void identityIsExchangedForATokenOfItsPublisherForMinutes() {
        add(PublisherOf.github());
        PublisherDocuments.Granted granted = granted(ForgedIssuer.githubClaims());
        Caller.Trusted caller = caller(granted).orElseThrow();
        assertThat(caller.publisherId()).isEqualTo("pub_1").isEqualTo(granted.publisher());
        assertThat(caller.packages()).extracting(Object::toString).containsExactly("octo:widgets");
        assertThat(caller.claims())
                .containsEntry("repository", "octo-org/widgets")
                .containsEntry("run_id", "9001")
                .doesNotContainKey("sub");
        assertThat(stored("pub_1").lastUsedAt()).isPresent();

        clock.set(Instant.parse(granted.expiresAt()).minusMillis(1));
        assertThat(caller(granted)).isPresent();
        clock.set(Instant.parse(granted.expiresAt()));
        assertThat(caller(granted)).isEmpty();
        assertThat(Duration.between(TestClock.START, clock.instant())).isLessThanOrEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void ofFiftyWhoShowOneIdentityAtOnceOneGetsAToken() throws Exception {
        add(PublisherOf.github());
        // The keys are there: of fifty who wait for them some would be told to come again.
        granted(fresh(ForgedIssuer.githubClaims()));
        String identity = ForgedIssuer.rs256(ForgedIssuer.githubClaims());
        List<Callable<String>> racers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            racers.add(() -> {
                try {
                    return shown(identity).token();
                } catch (ProblemException refused) {
                    assertThat(refused.kind()).isEqualTo(Problem.Kind.TOKEN_REUSED);
                    return "";
                }
            });
        }
        int winners = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            for (Future<String> each : threads.invokeAll(racers)) {
                winners += each.get().isEmpty() ? 0 : 1;
            }
        }
        assertThat(winners).isOne();
        assertThat(acts()).hasSize(2);
    }

    @Test
    void usedIdentityIsRememberedForAsLongAsItWouldBeAccepted() {
        add(PublisherOf.github());
        Map<String, Object> claims = ForgedIssuer.githubClaims();
        granted(claims);
        Instant over = ForgedIssuer.seconds(300).plus(Limits.LEEWAY);
        clock.set(over.minusSeconds(1));
        forgetting.forget();
        refused(Code.TOKEN_REUSED, claims);
        clock.set(over);
        forgetting.forget();
        refused(Code.TOKEN_EXPIRED, claims);
    }

    @Test
    void idsOfIdentitiesAreThoseOfTheirIssuer() {
        store.write(rows -> {
            rows.namespaces().setRole("octo", "acc_umbrella", Role.OWNER, clock.instant());
            return rows;
        });
        add(PublisherOf.github());
        PublisherOf other = PublisherOf.github();
        other.id = "pub_2";
        other.issuer = FORGED;
        add(other);
        assertThat(granted(ForgedIssuer.githubClaims()).publisher()).isEqualTo("pub_1");
        assertThat(granted(with("iss", FORGED)).publisher()).isEqualTo("pub_2");
    }

    @Test
    void sameRepositoryOfAnotherIssuerIsNoPublisher() {
        store.write(rows -> {
            rows.namespaces().setRole("octo", "acc_umbrella", Role.OWNER, clock.instant());
            return rows;
        });
        add(PublisherOf.github());
        refused(Code.NO_PUBLISHER, with("iss", FORGED));
    }

    @Test
    void boundIssuerPublishesOnlyWhereItsOrganisationOwns() {
        PublisherOf bound = PublisherOf.github();
        bound.issuer = FORGED;
        add(bound);
        refused(Code.NO_PUBLISHER, with("iss", FORGED));
        store.write(rows -> {
            rows.namespaces().setRole("octo", "acc_umbrella", Role.OWNER, clock.instant());
            return rows;
        });
        assertThat(granted(with("iss", FORGED)).publisher()).isEqualTo("pub_1");
    }

    @Test
    void firstUsePinsOwnerAndRepositorySoThatTheNameTakenAnewIsNobody() {
        PublisherOf byName = PublisherOf.github();
        byName.ownerId = null;
        byName.repositoryId = null;
        add(byName);
        granted(fresh(ForgedIssuer.githubClaims()));
        assertThat(stored("pub_1").ownerId()).isEqualTo("65");
        assertThat(stored("pub_1").repositoryId()).isEqualTo("74");

        refused(Code.REPOSITORY_ID_MISMATCH, fresh(with("repository_id", "75")));
        refused(Code.OWNER_ID_MISMATCH, fresh(with("repository_owner_id", "66")));
        // Renamed, it is the same.
        Map<String, Object> renamed = with("repository", "octo-org/gadgets");
        renamed.put("workflow_ref", "octo-org/gadgets/.github/workflows/release.yml@refs/tags/v1.2.0");
        assertThat(granted(fresh(renamed)).publisher()).isEqualTo("pub_1");
    }

    @Test
    void refusedIdentityIsNotUsedUpAndPinsNothing() {
        PublisherOf of = PublisherOf.github();
        of.ownerId = null;
        of.environment = "production";
        add(of);
        Map<String, Object> claims = ForgedIssuer.githubClaims();
        refused(Code.ENVIRONMENT_MISMATCH, claims);
        assertThat(stored("pub_1").ownerId()).isEmpty();
        assertThat(acts()).isEmpty();
        PublisherOf right = PublisherOf.github();
        right.id = "pub_2";
        add(right);
        assertThat(granted(claims).publisher()).isEqualTo("pub_2");
    }

    @Test
    void transferEndsPublishersAndTheirTokens() {
        add(PublisherOf.github());
        PublisherDocuments.Granted granted = granted(fresh(ForgedIssuer.githubClaims()));
        store.write(rows -> rows.namespaces().dropPublishers("octo", clock.instant()));
        assertThat(caller(granted)).isEmpty();
        refused(Code.NO_PUBLISHER, fresh(ForgedIssuer.githubClaims()));
    }

    @Test
    void namespaceThatIsNobodysIsNoPublishers() {
        add(PublisherOf.github());
        PublisherDocuments.Granted granted = granted(fresh(ForgedIssuer.githubClaims()));
        store.write(rows ->
                rows.namespaces().move("octo", NamespaceRows.State.ACTIVE, NamespaceRows.State.REJECTED, "taken back"));
        assertThat(caller(granted)).isEmpty();
        refused(Code.NO_PUBLISHER, fresh(ForgedIssuer.githubClaims()));
    }

    @Test
    void frozenPublisherGetsNoTokenAndItsTokensAreOver() {
        add(PublisherOf.github());
        PublisherDocuments.Granted granted = granted(fresh(ForgedIssuer.githubClaims()));
        store.write(rows -> rows.publishers().move("pub_1", PublisherRows.Status.ACTIVE, PublisherRows.Status.FROZEN));
        assertThat(caller(granted)).isEmpty();
        refused(Code.DISABLED, fresh(ForgedIssuer.githubClaims()));
    }

    @Test
    void tokenIsForWhatWasAskedAndThePublisherMay() {
        PublisherOf wide = PublisherOf.github();
        wide.packages = List.of(PackagePattern.parse("octo:*"));
        add(wide);
        PublisherDocuments.Granted one = shown(ForgedIssuer.rs256(fresh(ForgedIssuer.githubClaims())), "octo:widgets");
        assertThat(one.packages()).containsExactly("octo:widgets");
        ProblemException other = refused(Code.NO_PUBLISHER, fresh(ForgedIssuer.githubClaims()), "other:widgets");
        assertThat(other.getMessage()).contains("octo:*").contains("other:widgets");
    }

    @Test
    void tokenForAllOfANamespaceNeedsAPublisherForAllOfIt() {
        add(PublisherOf.github());
        refused(Code.NO_PUBLISHER, fresh(ForgedIssuer.githubClaims()), "octo:*");
        refused(Code.NO_PUBLISHER, fresh(ForgedIssuer.githubClaims()), "octo:widgets", "octo:gadgets");
    }

    @Test
    void tokenIsBoundToTheContentsThatWereSent() {
        add(PublisherOf.github());
        Digest content = Digest.of(new byte[] {1});
        PublisherDocuments.Granted granted = exchange.exchange(
                JOB,
                new PublisherDocuments.Exchange(
                        ForgedIssuer.rs256(fresh(ForgedIssuer.githubClaims())),
                        null,
                        "publish",
                        List.of(content.toString())));
        assertThat(granted.contents()).containsExactly(content.toString());
        assertThat(caller(granted).orElseThrow().contents()).containsExactly(content);
    }

    private PublisherDocuments.Granted bound(Digest toContent, String... asked) {
        Map<String, Object> claims = with("aud", ForgedIssuer.AUDIENCE + "#" + toContent);
        return exchange.exchange(
                JOB,
                new PublisherDocuments.Exchange(
                        ForgedIssuer.rs256(fresh(claims)), null, null, asked.length == 0 ? null : List.of(asked)));
    }

    /** Whoever got hold of the identity itself releases nothing else with it either. */
    @Test
    void identityForOneContentIsExchangedForATokenOfThatContentAlone() {
        add(PublisherOf.github());
        Digest content = Digest.of(new byte[] {1});
        Digest other = Digest.of(new byte[] {2});
        assertThat(bound(content).contents()).containsExactly(content.toString());
        assertThat(caller(bound(content)).orElseThrow().contents()).containsExactly(content);
        assertThat(bound(content, content.toString()).contents()).containsExactly(content.toString());
        assertThat(bound(content, other.toString(), content.toString()).contents())
                .as("what the forge signed is not widened")
                .containsExactly(content.toString());
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> bound(content, other.toString()));
        assertThat(refused.kind()).isEqualTo(Problem.Kind.WRONG_AUDIENCE);
        assertThat(refused).hasMessageContaining(content.toString());
    }

    @Test
    void pendingPublisherIsActiveFromItsFirstUseOn() {
        PublisherOf pending = PublisherOf.github();
        pending.status = Status.PENDING;
        add(pending, Optional.of(clock.instant().plus(Limits.PENDING_LASTS)));
        granted(fresh(ForgedIssuer.githubClaims()));
        assertThat(stored("pub_1").status()).isEqualTo(PublisherRows.Status.ACTIVE);
        clock.move(Limits.PENDING_LASTS);
        forgetting.forget();
        assertThat(stored("pub_1").expiresAt()).isEmpty();
    }

    @Test
    void pendingPublisherThatWasNotUsedInTimeIsNone() {
        PublisherOf pending = PublisherOf.github();
        pending.status = Status.PENDING;
        add(pending, Optional.of(clock.instant().plusSeconds(60)));
        clock.move(Duration.ofSeconds(60));
        refused(Code.NO_PUBLISHER, fresh(ForgedIssuer.githubClaims()));
        forgetting.forget();
        Optional<PublisherRows.Publisher> left =
                store.read(rows -> rows.publishers().find("pub_1"));
        assertThat(left).isEmpty();
        assertThat(acts()).extracting(AuditRows.Act::act).containsExactly("publisher-expired");
    }

    @Test
    void pendingPublisherDoesNotTakeOverWhatAnAuthorBegan() {
        PublisherOf pending = PublisherOf.github();
        pending.status = Status.PENDING;
        add(pending, Optional.of(clock.instant().plus(Limits.PENDING_LASTS)));
        closed = true;
        refused(Code.PENDING_NAME_TAKEN, fresh(ForgedIssuer.githubClaims()));
        assertThat(stored("pub_1").status()).isEqualTo(PublisherRows.Status.PENDING);
    }

    @Test
    void mintingAndGivingUpHaveOneRowEachInTheAuditLog() {
        add(PublisherOf.github());
        PublisherDocuments.Granted granted = granted(fresh(ForgedIssuer.githubClaims()));
        Requester job = new Requester(caller(granted).orElseThrow(), "request-2");
        exchange.giveUp(job);
        exchange.giveUp(job);
        assertThat(caller(granted)).isEmpty();
        assertThat(acts())
                .extracting(AuditRows.Act::act)
                .containsExactly("trusted-token-minted", "trusted-token-given-up");
        AuditRows.Act minted = acts().getFirst();
        assertThat(minted.actor()).isEqualTo("pub_1");
        assertThat(minted.namespace()).isEqualTo(new Namespace("octo").value());
        assertThat(minted.requestId()).isEqualTo("request-1");
        assertThat(minted.detail())
                .contains("octo-org/widgets", "\"run_id\":\"9001\"")
                .doesNotContain(granted.token());
    }

    @Test
    void identityThatNoAttestationCouldNameIsRefusedBeforeAnythingHappens() {
        add(PublisherOf.github());
        String secret =
                TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
        ProblemException problem = refused(Code.MALFORMED_TOKEN, with("ref", "refs/heads/" + secret));
        assertThat(problem.getMessage()).doesNotContain(secret);
        assertThat(acts()).isEmpty();
    }

    @Test
    void registryThatExchangesNothingSaysSoAndTakesNoTokens() {
        add(PublisherOf.github());
        PublisherDocuments.Granted granted = granted(fresh(ForgedIssuer.githubClaims()));
        TokenExchange off = exchange("trusted-publishing.enabled", "false");
        refused(off, Code.DISABLED, ForgedIssuer.rs256(fresh(ForgedIssuer.githubClaims())));
        assertThat(off.find(TokenText.parse(granted.token()).orElseThrow())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void everyRefusalIsAProblemOfItsNameAndStatus(Code code) {
        Problem.Kind kind = ExchangeProblems.kind(code);
        assertThat(kind.status()).isEqualTo(code.status());
        assertThat(kind.type()).isEqualTo("urn:lair:problem:" + code.text().replace('_', '-'));
    }
}

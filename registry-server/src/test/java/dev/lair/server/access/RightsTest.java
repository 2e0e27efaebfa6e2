package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.PackageName;
import dev.lair.registry.PackagePattern;
import dev.lair.registry.api.Problem;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.account.Caller;
import dev.lair.server.account.Scope;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.Role;
import dev.lair.storage.registry.TrustedTokenRows;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of who may, for every act, by caller; what a publish asks has no endpoint of its own here. */
class RightsTest {

    private static final Digest CONTENT = Digest.of("content".getBytes(StandardCharsets.US_ASCII));
    private static final Digest OTHER = Digest.of("other".getBytes(StandardCharsets.US_ASCII));
    private static final PackageName NAME = PackageName.parse("acme:http");
    private static final Target RELEASE = Target.of(NAME, CONTENT);

    /** Columns: anonymous, reader, publisher, maintainer, owner, administrator, token with all scopes of the owner, trusted. */
    private static final String TABLE = """
            ++++++++ OPEN
            ++++++++ LOG_IN
            ++++++++ EXCHANGE_TOKEN
            ++++++++ READ
            ++++++++ HAND_IN
            -+++++++ PUBLISH
            --+++-++ PUBLISH_UPDATE
            --+++-++ PUBLISH_NEW
            ---++-+- YANK
            --+++-+- SEE_PUBLISHERS
            ---++-+- MANAGE_PUBLISHERS
            ----+-+- MANAGE_ROLES
            ----+-+- TRANSFER
            ----+-+- TAKEOVER_KEY
            ----+-+- TRUSTED_ONLY
            ----+++- FREEZE_NAMESPACE
            ----++-- UNFREEZE_NAMESPACE
            -++++++- CREATE_NAMESPACE
            -++++++- SEE_NAMESPACES
            ----+++- READ_AUDIT
            ----+++- SEE_QUOTA
            -+++++++ WHO_AM_I
            -+++++-- END_SESSION
            -------+ END_TRUSTED
            -+++++-- APPROVE_DEVICE
            -+++++-- SEE_TOKENS
            -+++++-- SEE_IDENTITIES
            -+++++-- MANAGE_IDENTITIES
            -++++++- SEE_ORGANISATIONS
            -++++++- MANAGE_ORGANISATIONS
            -+++++-- CREATE_TOKEN
            -+++++-- SEE_ACCOUNT
            -+++++-- CONFIRM_LOGIN
            -+++++-- CHANGE_PASSWORD
            -----+-- SEE_APPROVALS
            -----+-- READ_WHOLE_AUDIT
            -----+-- APPROVE
            -----+-- FREEZE
            -----+-- RECOVER
            -----+-- ADMIN
            """;

    private final TestClock clock = new TestClock();
    private final RegistryStore store =
            RegistryStore.over(MemoryStorage.open(clock).registry());
    private final Rights rights = new Rights(store, clock, TestSettings.of());

    @BeforeEach
    void people() {
        store.write(rows -> {
            for (String login : List.of("reader", "publisher", "maintainer", "owner", "administrator")) {
                rows.accounts()
                        .add(new Account(
                                "acc_" + login,
                                login,
                                login,
                                AccountRows.Kind.PERSON,
                                login.equals("administrator"),
                                AccountRows.State.ACTIVE,
                                clock.instant()));
            }
            rows.namespaces()
                    .add(new NamespaceRows.Namespace(
                            "acme", NamespaceRows.State.ACTIVE, "", false, "acc_owner", clock.instant()));
            for (Role role : Role.values()) {
                rows.namespaces()
                        .setRole(
                                "acme", "acc_" + role.name().toLowerCase(java.util.Locale.ROOT), role, clock.instant());
            }
            rows.publishers()
                    .add(new PublisherRows.Publisher(
                            "pub_one",
                            "acme",
                            List.of("acme:*"),
                            "https://issuer.example",
                            "github",
                            "acme",
                            "65",
                            "http",
                            "74",
                            "release.yml",
                            "",
                            "",
                            "",
                            List.of(),
                            "{}",
                            List.of("publish"),
                            PublisherRows.Status.ACTIVE,
                            "acc_owner",
                            clock.instant(),
                            Optional.empty(),
                            Optional.empty()));
            rows.trustedTokens()
                    .add(new TrustedTokenRows.Token(
                            "tp_one",
                            CONTENT,
                            "pub_one",
                            "acme",
                            List.of("acme:*"),
                            "publish",
                            List.of(),
                            "https://issuer.example",
                            "{}",
                            clock.instant(),
                            clock.instant().plus(Duration.ofMinutes(15)),
                            Optional.empty()));
            return rows;
        });
    }

    private Caller session(String login) {
        return new Caller.Person(
                "acc_" + login,
                login,
                login.equals("administrator"),
                new Caller.Session(
                        CONTENT,
                        clock.instant().plus(Duration.ofHours(1)),
                        clock.instant().plus(Duration.ofMinutes(15))));
    }

    private Caller token(Set<Scope> scopes, String... patterns) {
        return new Caller.Person(
                "acc_owner",
                "owner",
                false,
                new Caller.ApiToken(
                        "tok_one", scopes, patterns(patterns), clock.instant().plus(Duration.ofDays(1))));
    }

    private static List<PackagePattern> patterns(String... patterns) {
        return List.of(patterns).stream().map(PackagePattern::parse).toList();
    }

    private Caller trusted(String action, List<Digest> contents, String... patterns) {
        return new Caller.Trusted(
                "tp_one",
                "pub_one",
                "https://issuer.example",
                patterns(patterns),
                action,
                contents,
                Map.of(),
                clock.instant().plus(Duration.ofMinutes(15)));
    }

    private void requireRefused(Caller caller, Act act, Target target, Problem.Kind kind, String... words) {
        assertThatThrownBy(() -> rights.require(caller, act, target))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.kind()).isEqualTo(kind);
                    for (String word : words) {
                        assertThat(refused).hasMessageContaining(word);
                    }
                });
    }

    private void requireAllowed(Caller caller, Act act, Target target) {
        assertThatCode(() -> rights.require(caller, act, target)).doesNotThrowAnyException();
    }

    @Test
    void everyActIsForWhomTheTableSays() {
        List<Caller> callers = List.of(
                Caller.ANONYMOUS,
                session("reader"),
                session("publisher"),
                session("maintainer"),
                session("owner"),
                session("administrator"),
                token(EnumSet.allOf(Scope.class)),
                trusted("publish", List.of(), "acme:*"));
        Map<Act, String> table = new LinkedHashMap<>();
        TABLE.lines().forEach(line -> table.put(Act.valueOf(line.substring(9)), line.substring(0, 8)));
        assertThat(table).containsOnlyKeys(Act.values());

        List<String> faults = new ArrayList<>();
        table.forEach((act, expected) -> {
            StringBuilder seen = new StringBuilder();
            for (Caller caller : callers) {
                try {
                    rights.require(caller, act, RELEASE);
                    seen.append('+');
                } catch (ProblemException refused) {
                    seen.append('-');
                }
            }
            if (!seen.toString().equals(expected)) {
                faults.add(act + " is for " + seen + ", not " + expected);
            }
        });
        assertThat(faults).isEmpty();
    }

    @Test
    void refusalNamesTheActAndTheRoleThatItNeeds() {
        requireRefused(
                session("publisher"),
                Act.MANAGE_ROLES,
                Target.of(NAME.namespace()),
                Problem.Kind.FORBIDDEN,
                "manage-roles",
                "acme",
                "owner",
                "publisher");
        requireRefused(Caller.ANONYMOUS, Act.YANK, RELEASE, Problem.Kind.UNAUTHORIZED, "yank");
    }

    @Test
    void trustedTokenReleasesNothingOutsideItsPatterns() {
        requireAllowed(trusted("publish", List.of(), "acme:http"), Act.PUBLISH_UPDATE, RELEASE);
        requireRefused(
                trusted("publish", List.of(), "acme:other"), Act.PUBLISH_UPDATE, RELEASE, Problem.Kind.FORBIDDEN);
        requireRefused(trusted("publish", List.of(), "else:*"), Act.PUBLISH_NEW, RELEASE, Problem.Kind.FORBIDDEN);
        requireRefused(trusted("stage", List.of(), "acme:*"), Act.PUBLISH_UPDATE, RELEASE, Problem.Kind.FORBIDDEN);
    }

    @Test
    void trustedTokenThatIsBoundToContentsReleasesNothingElse() {
        Caller bound = trusted("publish", List.of(CONTENT), "acme:*");
        requireAllowed(bound, Act.PUBLISH_UPDATE, RELEASE);
        requireRefused(bound, Act.PUBLISH_UPDATE, Target.of(NAME, OTHER), Problem.Kind.FORBIDDEN, "contents");
        // A service that forgot to say what is released lets nothing through.
        requireRefused(bound, Act.PUBLISH_UPDATE, Target.of(NAME), Problem.Kind.FORBIDDEN);
    }

    @Test
    void trustedTokenThatWasRevokedSinceTheDoorReleasesNothing() {
        Caller trusted = trusted("publish", List.of(), "acme:*");
        requireAllowed(trusted, Act.PUBLISH_UPDATE, RELEASE);
        store.write(
                rows -> rows.publishers().move("pub_one", PublisherRows.Status.ACTIVE, PublisherRows.Status.FROZEN));
        requireRefused(trusted, Act.PUBLISH_UPDATE, RELEASE, Problem.Kind.UNAUTHORIZED);
        store.write(
                rows -> rows.publishers().move("pub_one", PublisherRows.Status.FROZEN, PublisherRows.Status.ACTIVE));
        store.write(rows -> rows.trustedTokens().revoke("tp_one", clock.instant()));
        requireRefused(trusted, Act.PUBLISH_NEW, RELEASE, Problem.Kind.UNAUTHORIZED, "revoked");
    }

    @Test
    void apiTokenNeedsTheScopeOfTheActAndAPatternForThePackage() {
        requireAllowed(token(Set.of(Scope.PUBLISH_UPDATE), "acme:http"), Act.PUBLISH_UPDATE, RELEASE);
        requireRefused(
                token(Set.of(Scope.PUBLISH_UPDATE), "acme:http"),
                Act.PUBLISH_NEW,
                RELEASE,
                Problem.Kind.FORBIDDEN,
                "publish-new");
        requireRefused(
                token(Set.of(Scope.PUBLISH_UPDATE), "acme:other"), Act.PUBLISH_UPDATE, RELEASE, Problem.Kind.FORBIDDEN);
        requireRefused(
                token(Set.of(Scope.OWNERS), "acme:http"),
                Act.TRANSFER,
                Target.of(NAME.namespace()),
                Problem.Kind.FORBIDDEN);
    }

    @Test
    void onlyTrustedPublishersReleaseWhereThatIsSaid() {
        store.write(rows -> rows.namespaces().setTrustedOnly("acme", true));
        requireRefused(session("owner"), Act.PUBLISH_UPDATE, RELEASE, Problem.Kind.FORBIDDEN, "trusted");
        requireRefused(token(EnumSet.allOf(Scope.class)), Act.PUBLISH_NEW, RELEASE, Problem.Kind.FORBIDDEN, "trusted");
        requireAllowed(trusted("publish", List.of(), "acme:*"), Act.PUBLISH_UPDATE, RELEASE);
        requireAllowed(session("owner"), Act.YANK, RELEASE);
    }

    @Test
    void namespaceThatWaitsIsNobodysToUse() {
        store.write(rows -> rows.namespaces()
                .move("acme", NamespaceRows.State.ACTIVE, NamespaceRows.State.PENDING, "looks like `acne`"));
        requireRefused(session("owner"), Act.PUBLISH_NEW, RELEASE, Problem.Kind.CONFLICT, "acne");
        requireRefused(trusted("publish", List.of(), "acme:*"), Act.PUBLISH_NEW, RELEASE, Problem.Kind.CONFLICT);
    }

    @Test
    void frozenAdministratorIsNone() {
        store.write(rows -> rows.accounts().setState("acc_administrator", AccountRows.State.FROZEN));
        requireRefused(session("administrator"), Act.APPROVE, Target.NONE, Problem.Kind.FORBIDDEN);
    }

    @Test
    void privateRegistryLetsReadWhoHasACredentialThatReads() {
        Rights closed = new Rights(store, clock, TestSettings.of("access", "private"));
        assertThatThrownBy(() -> closed.require(Caller.ANONYMOUS, Act.READ, Target.NONE))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> closed.require(token(Set.of(Scope.YANK)), Act.READ, Target.NONE))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("read");
        assertThatCode(() -> {
                    closed.require(token(Set.of(Scope.READ), "acme:*"), Act.READ, Target.NONE);
                    closed.require(session("reader"), Act.READ, Target.NONE);
                    closed.require(trusted("publish", List.of(), "acme:*"), Act.READ, Target.NONE);
                })
                .doesNotThrowAnyException();
    }
}

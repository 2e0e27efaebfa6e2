package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.AccountDocuments;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import dev.lair.registry.log.OperatorEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins, tokens, namespaces and publishers, against a registry that records what it is asked. */
class AccountCommandsTest {

    private static final AccountDocuments.Account ANN =
            new AccountDocuments.Account("acc_1", "ann", "Ann", "person", false);
    private static final String UNTIL = "2023-11-15T00:00:00Z";

    private final String secret =
            TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
    private final String deviceSecret =
            TokenText.generate(TokenText.Kind.DEV, new SecureRandom()).secret();

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledger.founded(
                Vectors.ALICE, Instant.ofEpochSecond(1_700_000_000L), new OperatorEntry.DefineNamespace("test")));
        lair = new LairRun(folder).registry(registry);
        registry.on("GET api/v1/account", this::account);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private FakeRegistry.Answer account(FakeRegistry.Asked asked) {
        return asked.header("Authorization").equals("Bearer " + secret)
                ? FakeRegistry.Answer.api(
                        200,
                        new AccountDocuments.WhoAmI(
                                "session", ANN, UNTIL, null, List.of("read"), List.of("test:*"), List.of()))
                : FakeRegistry.Answer.problem(Problem.Kind.UNAUTHORIZED, "no such token " + secret);
    }

    private AccountDocuments.Session session() {
        return new AccountDocuments.Session(secret, UNTIL, UNTIL, ANN);
    }

    private LairRun.Outcome run(String... arguments) {
        LairRun.Outcome outcome = lair.run(arguments);
        assertThat(outcome.all()).doesNotContain(secret).doesNotContain(deviceSecret);
        return outcome;
    }

    private void login() {
        lair.input = secret + "\n";
        LairRun.Outcome outcome = run("login", "--token-stdin");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        registry.asked.clear();
    }

    private Path file() {
        return lair.home().resolve("credentials.json");
    }

    @Test
    void aDeviceLoginShowsUrlAndCodePollsAtTheIntervalAndKeepsTheToken() throws Exception {
        registry.on(
                "POST api/v1/login/device",
                asked -> FakeRegistry.Answer.api(
                        200,
                        new AccountDocuments.DeviceLogin(
                                deviceSecret, "ABCD-EFGH", "https://registry.example/device", 600, 2)));
        Deque<FakeRegistry.Answer> answers = new ArrayDeque<>(List.of(
                FakeRegistry.Answer.problem(Problem.Kind.AUTHORIZATION_PENDING, "wait"),
                FakeRegistry.Answer.problem(Problem.Kind.SLOW_DOWN, "slower"),
                FakeRegistry.Answer.api(200, session())));
        registry.on("POST api/v1/login/device/token", asked -> {
            assertThat(asked.text()).contains(deviceSecret);
            return answers.remove();
        });

        LairRun.Outcome outcome = run("login", "--quiet");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.err()).contains("open https://registry.example/device and type the code ABCD-EFGH");
        assertThat(outcome.out()).isEqualTo("logged in at " + registry.url() + " as ann until " + UNTIL + "\n");
        assertThat(lair.pauses.stream().map(java.time.Duration::toSeconds)).containsExactly(2L, 2L, 7L);
        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(file())).contains(secret);
    }

    @Test
    void aDeviceLoginThatIsDeniedOrForgottenEnds() {
        registry.on(
                "POST api/v1/login/device",
                asked -> FakeRegistry.Answer.api(
                        200,
                        new AccountDocuments.DeviceLogin(
                                deviceSecret, "ABCD-EFGH", "https://registry.example/device", 10, 3)));
        registry.on(
                "POST api/v1/login/device/token",
                asked -> FakeRegistry.Answer.problem(Problem.Kind.AUTHORIZATION_PENDING, "wait"));
        LairRun.Outcome late = run("login");
        assertThat(late.exitCode()).isEqualTo(4);
        assertThat(late.err()).contains("nobody approved the login in time");
        assertThat(lair.pauses.stream().mapToLong(java.time.Duration::toSeconds).sum())
                .isEqualTo(10);
        registry.on(
                "POST api/v1/login/device/token",
                asked -> FakeRegistry.Answer.problem(Problem.Kind.ACCESS_DENIED, "ann said no"));
        LairRun.Outcome denied = run("login");
        assertThat(denied.exitCode()).isEqualTo(4);
        assertThat(denied.err()).contains("ann said no");
        assertThat(file()).doesNotExist();
    }

    @Test
    void aPasswordComesFromStandardInputAlone() {
        registry.on("POST api/v1/login", asked -> {
            assertThat(asked.text()).isEqualTo("{\"login\":\"ann\",\"password\":\"swordfish\"}");
            return FakeRegistry.Answer.api(200, session());
        });
        lair.input = "swordfish\n";
        LairRun.Outcome outcome = run("login", "--user", "ann", "--password-stdin");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.all()).doesNotContain("swordfish");
        assertThat(run("login", "--user", "ann").exitCode()).isEqualTo(2);
        assertThat(run("login", "--password-stdin").exitCode()).isEqualTo(2);
        registry.on("POST api/v1/login", asked -> FakeRegistry.Answer.problem(Problem.Kind.WRONG_CREDENTIALS, "no"));
        LairRun.Outcome wrong = run("login", "--user", "ann", "--password-stdin");
        assertThat(wrong.exitCode()).isEqualTo(4);
        assertThat(wrong.err()).contains("hint: look at the spelling of both");
    }

    @Test
    void aTokenThatIsNoneIsRefusedBeforeItIsSent() {
        lair.input = secret.substring(0, secret.length() - 1) + "\n";
        assertThat(run("login", "--token-stdin").exitCode()).isEqualTo(7);
        lair.input = deviceSecret + "\n";
        assertThat(run("login", "--token-stdin").exitCode()).isEqualTo(7);
        assertThat(registry.asked).isEmpty();
    }

    @Test
    void aTokenThatTheRegistryRefusesIsNotKept() {
        lair.input = TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret() + "\n";
        LairRun.Outcome refused = run("login", "--token-stdin");
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err()).contains("(401): no such token lair_pat_***");
        assertThat(file()).doesNotExist();
    }

    @Test
    void whoamiNamesTheTokenThatDecides() {
        LairRun.Outcome nobody = run("whoami");
        assertThat(nobody.exitCode()).isEqualTo(7);
        assertThat(nobody.err()).contains("run `lair login --registry " + registry.url());
        login();
        LairRun.Outcome outcome = run("whoami");
        assertThat(outcome.out())
                .isEqualTo("account    ann\nby         the login of `ann` at " + registry.url()
                        + " (session)\nuntil      " + UNTIL + "\nscope      read\npackage    test:*\n");
        lair.variables.put(
                "LAIR_TOKEN",
                TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret());
        assertThat(run("whoami").exitCode()).isEqualTo(4);
        lair.variables.put("LAIR_TOKEN", "lair_pat_tooshort");
        assertThat(run("whoami").err()).contains("$LAIR_TOKEN is no token of a Lair registry");
    }

    @Test
    void aLoginIsOfOneRegistryAndEndsWithItsTime() {
        login();
        try (FakeRegistry other = new FakeRegistry(registry.ledger)) {
            assertThat(run("whoami", "--registry", other.url()).exitCode()).isEqualTo(7);
            assertThat(other.asked).isEmpty();
        }
        lair.clock = java.time.Clock.fixed(Instant.parse(UNTIL), java.time.ZoneOffset.UTC);
        LairRun.Outcome over = run("whoami");
        assertThat(over.exitCode()).isEqualTo(7);
        assertThat(over.err()).contains("ended at " + UNTIL);
        assertThat(registry.asked).isEmpty();
    }

    @Test
    void aRedirectGetsNoToken() {
        login();
        try (FakeRegistry other = new FakeRegistry(registry.ledger)) {
            registry.on(
                    "GET api/v1/account",
                    asked -> new FakeRegistry.Answer(307, new byte[0], Map.of())
                            .with("Location", other.url() + "/api/v1/account"));
            LairRun.Outcome outcome = run("whoami");
            assertThat(outcome.exitCode()).isEqualTo(4);
            assertThat(outcome.err()).contains("redirects to");
            assertThat(other.asked).isEmpty();
        }
    }

    @Test
    void noSecretGoesOverANetworkInTheClear() {
        lair.variables.put("LAIR_TOKEN", secret);
        lair.input = "swordfish\n";
        for (String[] command :
                new String[][] {{"whoami"}, {"login", "--user", "ann", "--password-stdin"}, {"namespace", "list"}}) {
            String[] all = java.util.Arrays.copyOf(command, command.length + 3);
            System.arraycopy(
                    new String[] {"--registry", "http://192.0.2.1", "--allow-http"}, 0, all, command.length, 3);
            LairRun.Outcome outcome = run(all);
            assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(2);
            assertThat(outcome.err()).contains("plain http shows it to everybody on the way");
        }
    }

    @Test
    void aFileOfLoginsThatOthersMayReadIsRefused() throws Exception {
        login();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        LairRun.Outcome outcome = run("whoami");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("can be read by others");
        assertThat(registry.asked).isEmpty();
    }

    @Test
    void logoutEndsTheSessionAndForgetsIt() throws Exception {
        login();
        registry.on("DELETE api/v1/session", asked -> FakeRegistry.Answer.done());
        assertThat(run("logout").exitCode()).isZero();
        assertThat(registry.asked.getLast().header("Authorization")).isEqualTo("Bearer " + secret);
        assertThat(Files.readString(file())).doesNotContain(secret);
        assertThat(run("logout").exitCode()).isEqualTo(6);
    }

    @Test
    void aPrivateRegistryIsReadWithTheLoginAndAPublicOneWithout() {
        login();
        lair.run("verify");
        assertThat(registry.asked)
                .allMatch(asked -> asked.header("Authorization").isEmpty());
        registry.asked.clear();
        registry.lie("v1/", answer -> answer);
        registry.on(
                "GET v1/fetch/checkpoint",
                asked -> asked.header("Authorization").equals("Bearer " + secret)
                        ? FakeRegistry.Answer.ok(dev.lair.registry.warg.WargBodies.CheckpointBody.of(
                                registry.ledger.signed(Vectors.ALICE, FakeRegistry.EPOCH_SECONDS)))
                        : FakeRegistry.Answer.problem(Problem.Kind.UNAUTHORIZED, "members only")
                                .with("WWW-Authenticate", "Bearer"));
        LairRun.Outcome outcome = run("verify");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    }

    @Test
    void aNewTokenGoesIntoANewFileAndNowhereElse() throws Exception {
        login();
        String made = TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
        registry.on("POST api/v1/tokens", asked -> {
            assertThat(asked.text())
                    .isEqualTo("{\"label\":\"laptop\",\"scopes\":[\"publish-new\",\"read\"],\"packages\":[\"test:*\"],"
                            + "\"expiresInDays\":30}");
            return FakeRegistry.Answer.api(
                    201,
                    new AccountDocuments.Token(
                            "tok_1", made, "laptop", List.of("read"), List.of("test:*"), UNTIL, UNTIL, null));
        });
        String[] create = {
            "token",
            "create",
            "--label",
            "laptop",
            "--scope",
            "publish-new,read",
            "--package",
            "test:*",
            "--expires",
            "30d",
            "-o",
            "token"
        };
        LairRun.Outcome outcome = run(create);
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.all()).doesNotContain(made);
        assertThat(folder.resolve("token")).hasContent(made + "\n");
        assertThat(Files.getPosixFilePermissions(folder.resolve("token")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(run(create).exitCode()).isEqualTo(7);
        create[create.length - 1] = "-";
        assertThat(new String(run(create).content(), StandardCharsets.US_ASCII)).isEqualTo(made + "\n");
        Files.delete(folder.resolve("token"));
        create[create.length - 1] = "token";
        String[] json = java.util.Arrays.copyOf(create, create.length + 1);
        json[create.length] = "--json";
        assertThat(run(json).json().has("token")).isFalse();
    }

    @Test
    void tokensAreListedAndRevokedById() {
        login();
        registry.on(
                "GET api/v1/tokens",
                asked -> FakeRegistry.Answer.api(
                        200,
                        new AccountDocuments.Tokens(List.of(new AccountDocuments.Token(
                                "tok_1", null, "laptop", List.of("read"), List.of(), UNTIL, UNTIL, null)))));
        registry.on("DELETE api/v1/tokens/tok_1", asked -> FakeRegistry.Answer.done());
        assertThat(run("token", "list").out()).isEqualTo("tok_1  laptop  read  until " + UNTIL + ", never used\n");
        assertThat(run("token", "revoke", "tok_1").out()).isEqualTo("revoked    tok_1\n");
        LairRun.Outcome byItself = lair.run("token", "revoke", secret);
        assertThat(byItself.exitCode()).isEqualTo(2);
        assertThat(byItself.all()).doesNotContain(secret);
    }
}

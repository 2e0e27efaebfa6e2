package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.AccountDocuments;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import dev.lair.registry.log.OperatorEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Acts that need a login of the last minutes: on a terminal, and where nobody is there. */
class FreshLoginTest {

    private static final AccountDocuments.Account ANN =
            new AccountDocuments.Account("acc_1", "ann", "Ann", "person", false);
    private static final String UNTIL = "2023-11-15T00:00:00Z";

    private final String old =
            TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
    private final String fresh =
            TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledger.founded(
                Vectors.ALICE, Instant.ofEpochSecond(1_700_000_000L), new OperatorEntry.DefineNamespace("test")));
        lair = new LairRun(folder).registry(registry);
        registry.on(
                "GET api/v1/account",
                asked -> FakeRegistry.Answer.api(
                        200,
                        new AccountDocuments.WhoAmI(
                                "session", ANN, UNTIL, null, List.of("read"), List.of("test:*"), List.of())));
        registry.on(
                "DELETE api/v1/tokens/tok_1",
                asked -> asked.header("Authorization").equals("Bearer " + fresh)
                        ? FakeRegistry.Answer.done()
                        : FakeRegistry.Answer.problem(Problem.Kind.STEP_UP_REQUIRED, "the login is 20 minutes old"));
        registry.on(
                "POST api/v1/login",
                asked -> asked.text().contains("\"correct horse\"")
                                && asked.text().contains("\"ann\"")
                        ? FakeRegistry.Answer.api(200, new AccountDocuments.Session(fresh, UNTIL, UNTIL, ANN))
                        : FakeRegistry.Answer.problem(Problem.Kind.WRONG_CREDENTIALS, "login or password is wrong"));
        lair.input = old + "\n";
        assertThat(lair.run("login", "--token-stdin").exitCode()).isZero();
        registry.requests.clear();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private String kept() throws Exception {
        return Files.readString(lair.home().resolve("credentials.json"));
    }

    private LairRun.Outcome revoke() {
        LairRun.Outcome outcome = lair.run("token", "revoke", "tok_1");
        assertThat(outcome.all()).doesNotContain(old, fresh, "correct horse", "wrong horse");
        return outcome;
    }

    @Test
    void onATerminalThePasswordIsAskedForAndTheActRepeated() throws Exception {
        lair.terminal = true;
        lair.input = "correct horse\n";
        LairRun.Outcome outcome = revoke();
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.err()).contains("the login is 20 minutes old").contains("Password of `ann` at");
        assertThat(outcome.out()).isEqualTo("revoked    tok_1\n");
        assertThat(registry.requests)
                .containsExactly("DELETE api/v1/tokens/tok_1", "POST api/v1/login", "DELETE api/v1/tokens/tok_1");
        // The next act needs no password.
        assertThat(kept()).contains(fresh).doesNotContain(old);
        lair.input = "";
        assertThat(revoke().exitCode()).isZero();
    }

    @Test
    void wrongPasswordChangesNothing() throws Exception {
        lair.terminal = true;
        lair.input = "wrong horse\n";
        LairRun.Outcome outcome = revoke();
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("refused to log in `ann` (401)");
        assertThat(registry.requests).containsExactly("DELETE api/v1/tokens/tok_1", "POST api/v1/login");
        assertThat(kept()).contains(old);
    }

    @Test
    void emptyPasswordGivesUpAndSaysWhatToRun() {
        lair.terminal = true;
        lair.input = "\n";
        LairRun.Outcome outcome = revoke();
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("hint: run `lair login --registry " + registry.url() + "`");
        assertThat(registry.requests).containsExactly("DELETE api/v1/tokens/tok_1");
    }

    @Test
    void whereNobodyIsThereTheCommandToRunIsTold() {
        lair.input = "correct horse\n";
        LairRun.Outcome outcome = revoke();
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err())
                .contains("(403): the login is 20 minutes old")
                .contains("hint: run `lair login --registry " + registry.url() + "`")
                .contains("For a script make an API token")
                .doesNotContain("Password");
        assertThat(registry.requests).containsExactly("DELETE api/v1/tokens/tok_1");
    }

    @Test
    void sessionOfTheEnvironmentIsNotRenewedBehindItsBack() {
        lair.terminal = true;
        lair.input = "correct horse\n";
        lair.variables.put("LAIR_TOKEN", old);
        LairRun.Outcome outcome = revoke();
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("the session in $LAIR_TOKEN is too old");
        assertThat(registry.requests).containsExactly("DELETE api/v1/tokens/tok_1");
    }
}

package dev.lair.cli;

import dev.lair.cli.account.Credentials;
import dev.lair.cli.account.TokensAtHand;
import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.ApiRefused;
import dev.lair.cli.client.Credential;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.time.Pace;
import dev.lair.registry.api.AccountDocuments.DeviceLogin;
import dev.lair.registry.api.AccountDocuments.DevicePoll;
import dev.lair.registry.api.AccountDocuments.Login;
import dev.lair.registry.api.AccountDocuments.Session;
import dev.lair.registry.api.AccountDocuments.WhoAmI;
import dev.lair.registry.api.ApiPaths;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lair login}: a token of a registry is kept for the commands to come. */
@Command(
        name = "login",
        description = {
            "Log in at a registry.",
            "A code is shown, which you type on the registry's page from any browser; this command waits for it. The"
                    + " token is kept in $$LAIR_HOME/credentials.json, readable by you only, and is sent to this registry"
                    + " alone. $$LAIR_TOKEN wins over it."
        })
@SuppressWarnings("NullAway.Init")
final class LoginCommand implements Callable<Integer> {

    /** What a registry may ask to wait between two questions. */
    private static final int LONGEST_INTERVAL_SECONDS = 60;

    /** Nobody types a code for longer. */
    private static final int LONGEST_WAIT_SECONDS = 1800;

    private static final int SLOW_DOWN_SECONDS = 5;

    @ParentCommand
    private Lair lair;

    @Option(names = "--user", paramLabel = "NAME", description = "The login of a local account; with --password-stdin.")
    private @Nullable String user;

    @Option(
            names = "--password-stdin",
            description = "Log in by a password: the first line of standard input. Needs --user.")
    private boolean password;

    @Option(names = "--token-stdin", description = "Keep a token that you have: the first line of standard input.")
    private boolean token;

    @Override
    public Integer call() throws Fault, IOException {
        if (password && token) {
            throw ExitCode.USAGE.fault("--password-stdin and --token-stdin both want standard input; choose one");
        }
        if (password != (user != null)) {
            throw ExitCode.USAGE.fault(
                    "--user and --password-stdin go together: lair login --user NAME --password-stdin");
        }
        try (RegistryClient client = lair.client()) {
            ApiClient nobody = new ApiClient(client, Optional.empty());
            nobody.requireSecrecy();
            keep(client, token ? ofToken(client) : ofSession(password ? byPassword(nobody) : byDevice(nobody)));
        } catch (ApiRefused e) {
            throw e.fault();
        }
        return 0;
    }

    private String secretLine(String what) throws Fault, IOException {
        String line = lair.environment().readLine().strip();
        if (line.isEmpty()) {
            throw ExitCode.USAGE.fault("standard input has no " + what + " in its first line");
        }
        return line;
    }

    private Credentials.Login ofToken(RegistryClient client) throws Fault, ApiRefused, IOException {
        Credential given = TokensAtHand.credential(secretLine("token"), "what came on standard input");
        WhoAmI who = new ApiClient(client, Optional.of(given))
                .get(ApiPaths.ACCOUNT, "tell whose token this is", WhoAmI.class);
        String login = who.account() == null ? null : who.account().login();
        return new Credentials.Login(given.token().secret(), who.kind(), login, who.expiresAt());
    }

    private Session byPassword(ApiClient nobody) throws Fault, ApiRefused, IOException {
        Login login = new Login(String.valueOf(user), secretLine("password"));
        return nobody.send("POST", ApiPaths.LOGIN, "log in `" + user + "`", login, Session.class);
    }

    private Session byDevice(ApiClient nobody) throws Fault, ApiRefused {
        DeviceLogin device = nobody.send("POST", ApiPaths.DEVICE_LOGIN, "begin a login", Map.of(), DeviceLogin.class);
        lair.console().tell("open " + device.verificationUri() + " and type the code " + device.userCode());
        Pace pace = lair.environment().pace();
        int interval = Math.clamp(device.interval(), 1, LONGEST_INTERVAL_SECONDS);
        int left = Math.clamp(device.expiresIn(), 1, LONGEST_WAIT_SECONDS);
        DevicePoll poll = new DevicePoll(device.deviceCode());
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            int pause = Math.min(interval, left);
            pace.pause(Duration.ofSeconds(pause));
            left -= pause;
            try {
                return nobody.send("POST", ApiPaths.DEVICE_TOKEN, "log in this device", poll, Session.class);
            } catch (ApiRefused refused) {
                if (refused.is("slow-down")) {
                    interval = Math.min(interval + SLOW_DOWN_SECONDS, LONGEST_INTERVAL_SECONDS);
                } else if (!refused.is("authorization-pending")) {
                    throw refused;
                }
            }
        }
        throw ExitCode.REFUSED.fault("nobody approved the login in time; run `lair login` again for a new code");
    }

    static Credentials.Login ofSession(Session session) {
        return new Credentials.Login(
                session.token(), "session", session.account().login(), session.expiresAt());
    }

    private void keep(RegistryClient client, Credentials.Login login) throws Fault {
        TokensAtHand.credential(login.token(), "what the registry gave as a token");
        lair.credentials().keep(client.registry(), login);
        Console console = lair.console();
        console.result("logged in at " + client.registry() + (login.login() == null ? "" : " as " + login.login())
                + (login.expiresAt() == null ? "" : " until " + login.expiresAt()));
        if (!lair.environment()
                .variables()
                .getOrDefault(TokensAtHand.TOKEN_VARIABLE, "")
                .isEmpty()) {
            console.warn("$" + TokensAtHand.TOKEN_VARIABLE + " is set and wins over this login");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("registry", client.registry().toString());
        members.put("kind", login.kind());
        if (login.login() != null) {
            members.put("login", login.login());
        }
        if (login.expiresAt() != null) {
            members.put("expiresAt", login.expiresAt());
        }
        console.json(members);
    }
}

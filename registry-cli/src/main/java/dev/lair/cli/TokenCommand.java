package dev.lair.cli;

import dev.lair.cli.client.ApiClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.DurableFile;
import dev.lair.registry.api.AccountDocuments.NewToken;
import dev.lair.registry.api.AccountDocuments.Token;
import dev.lair.registry.api.AccountDocuments.Tokens;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.TokenText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair token}: API tokens of an account. */
@Command(
        name = "token",
        description = "Make, list and revoke API tokens.",
        subcommands = {TokenCommand.Create.class, TokenCommand.Listing.class, TokenCommand.Revoke.class})
@SuppressWarnings("NullAway.Init")
final class TokenCommand {

    @ParentCommand
    private Lair lair;

    /** {@code lair token create}. */
    @Command(
            name = "create",
            description = {
                "Make an API token.",
                "The registry tells it once: it goes into a new file that you alone may read, or to standard output with"
                        + " `-o -`. CI needs none: see `lair publisher`."
            })
    static final class Create implements Callable<Integer> {

        @ParentCommand
        private TokenCommand parent;

        @Option(names = "--label", paramLabel = "TEXT", required = true, description = "What it is for.")
        private String label;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                required = true,
                split = ",",
                description = "What it may do: publish-new, publish-update, yank, owners, publishers, read. May be"
                        + " repeated.")
        private List<String> scopes;

        @Option(
                names = "--package",
                paramLabel = "PATTERN",
                split = ",",
                description = "What it may touch: NS:NAME or NS:*. May be repeated. Default: all that you may.")
        private @Nullable List<String> packages;

        @Option(
                names = "--expires",
                paramLabel = "SPAN",
                defaultValue = "90d",
                description = "When it ends: 1d to 90d from now. Default: 90d")
        private Duration expires;

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                required = true,
                description = "Where the token goes: a new file, or - for standard output.")
        private Path output;

        @Override
        public Integer call() throws Fault, IOException {
            Console console = parent.lair.console();
            boolean toStandardOutput = output.toString().equals("-");
            if (toStandardOutput && console.isJson()) {
                throw ExitCode.USAGE.fault("`-o -` and --json both want standard output; choose one");
            }
            Path file = parent.lair.path(output);
            if (!toStandardOutput && Files.exists(file)) {
                throw ExitCode.LOCAL.fault(
                        "`" + file + "` exists, and no file is overwritten with a token; name a new one");
            }
            if (!expires.minusDays(expires.toDays()).isZero()) {
                throw ExitCode.USAGE.fault("--expires is in whole days, like 30d");
            }
            NewToken wanted = new NewToken(label, scopes, packages, Math.toIntExact(expires.toDays()));
            return AccountCall.run(parent.lair, api -> {
                Token made = api.send("POST", ApiPaths.TOKENS, "make a token", wanted, Token.class);
                if (made.token() == null) {
                    throw ExitCode.UNVERIFIED.fault("the registry made token " + made.id()
                            + " and did not tell it; revoke it with: lair token revoke " + made.id());
                }
                byte[] line = (made.token() + "\n").getBytes(StandardCharsets.US_ASCII);
                if (toStandardOutput) {
                    console.content().write(line);
                    console.content().flush();
                } else {
                    DurableFile.replace(file, line);
                    console.result("token      " + made.id() + " in " + output + ", until " + made.expiresAt());
                }
                console.json(members(made));
            });
        }
    }

    /** {@code lair token list}. */
    @Command(name = "list", description = "List your API tokens; what they are is told once, when they are made.")
    static final class Listing implements Callable<Integer> {

        @ParentCommand
        private TokenCommand parent;

        @Override
        public Integer call() throws Fault, IOException {
            Console console = parent.lair.console();
            return AccountCall.run(parent.lair, api -> {
                List<Token> tokens = ApiLists.of(api.get(ApiPaths.TOKENS, "list your tokens", Tokens.class)
                        .tokens());
                for (Token token : tokens) {
                    console.result(token.id() + "  " + token.label() + "  " + String.join(",", token.scopes())
                            + (ApiLists.of(token.packages()).isEmpty() ? "" : "  " + String.join(",", token.packages()))
                            + "  until " + token.expiresAt()
                            + (token.lastUsedAt() == null ? ", never used" : ", last used " + token.lastUsedAt()));
                }
                if (tokens.isEmpty()) {
                    console.result("no tokens");
                }
                console.json(Map.of(
                        "tokens", tokens.stream().map(TokenCommand::members).toList()));
            });
        }
    }

    /** {@code lair token revoke}. */
    @Command(name = "revoke", description = "End an API token, now and for ever.")
    static final class Revoke implements Callable<Integer> {

        @ParentCommand
        private TokenCommand parent;

        @Parameters(index = "0", paramLabel = "ID", description = "Its id, as `lair token list` shows it.")
        private String id;

        @Override
        public Integer call() throws Fault, IOException {
            if (TokenText.isBegunBy(id)) {
                throw ExitCode.USAGE.fault("a token is revoked by its id, which `lair token list` shows; a token itself"
                        + " does not belong on a command line");
            }
            return AccountCall.run(parent.lair, api -> {
                api.act("DELETE", ApiPaths.TOKENS + "/" + ApiClient.segment(id), "revoke token " + id);
                parent.lair.console().result("revoked    " + id);
                parent.lair.console().json(Map.of("revoked", id));
            });
        }
    }

    /** A token as JSON output shows it: all but the token. */
    private static Map<String, Object> members(Token token) {
        Map<String, Object> members = new LinkedHashMap<>(ApiJson.members(token));
        members.remove("token");
        return members;
    }
}

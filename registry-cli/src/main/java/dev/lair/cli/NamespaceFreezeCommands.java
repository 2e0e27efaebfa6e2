package dev.lair.cli;

import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.NamespaceDocuments.Namespace;
import dev.lair.registry.api.PeopleDocuments.FrozenNamespace;
import dev.lair.registry.api.PeopleDocuments.NamespaceFreeze;
import dev.lair.registry.api.PeopleDocuments.Recovery;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair namespace freeze}, {@code unfreeze} and {@code recover}: what is done when something is wrong. */
@SuppressWarnings("NullAway.Init")
final class NamespaceFreezeCommands {

    private NamespaceFreezeCommands() {}

    /** {@code lair namespace freeze}. */
    @Command(
            name = "freeze",
            description = {
                "Stop all writes, tokens and publishers of a namespace at once.",
                "Lists what the registry released in it since a date; what was released stays readable."
            })
    static final class Freeze implements Callable<Integer> {

        @ParentCommand
        private NamespaceCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
        private String name;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Its owners read it.")
        private String reason;

        @Option(
                names = "--since",
                paramLabel = "DATE",
                description = "List releases since this day, as 2026-01-31 (UTC); 30 days without this.")
        private @Nullable String since;

        @Override
        public Integer call() throws Fault, IOException {
            String from = since == null ? null : day(since);
            Console console = parent.lair().console();
            return AccountCall.run(parent.lair(), api -> {
                FrozenNamespace frozen = api.send(
                        "POST",
                        NamespaceCommand.path(name) + "/freeze",
                        "freeze namespace `" + name + "`",
                        new NamespaceFreeze(reason, from),
                        FrozenNamespace.class);
                console.result(
                        name + " is frozen since " + frozen.frozenAt() + "; revoked: " + frozen.tokens() + " tokens");
                PublishersToReview.print(console, frozen.publishers());
                ApiLists.of(frozen.releases())
                        .forEach(one -> console.result(
                                "released " + one.packageName() + "@" + one.version() + "  " + one.releasedAt()));
                console.json(ApiJson.members(frozen));
            });
        }

        private static String day(String text) throws Fault {
            try {
                return LocalDate.parse(text)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toString();
            } catch (DateTimeParseException e) {
                throw ExitCode.USAGE.fault("`" + text + "` is refused: --since is a day like 2026-01-31");
            }
        }
    }

    /** {@code lair namespace unfreeze}. */
    @Command(
            name = "unfreeze",
            description = {
                "Let writes go on in a namespace.",
                "Tokens that were revoked stay revoked; publishers that are active release again."
            })
    static final class Unfreeze implements Callable<Integer> {

        @ParentCommand
        private NamespaceCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
        private String name;

        @Override
        public Integer call() throws Fault, IOException {
            return AccountCall.run(
                    parent.lair(),
                    api -> parent.print(api.ask(
                            "POST",
                            NamespaceCommand.path(name) + "/unfreeze",
                            "unfreeze namespace `" + name + "`",
                            Namespace.class)));
        }
    }

    /** {@code lair namespace recover}. */
    @Command(
            name = "recover",
            description = {
                "Give a namespace an owner whose owners are lost, as an administrator.",
                "Its publishers and the tokens for it end."
            })
    static final class Recover implements Callable<Integer> {

        @ParentCommand
        private NamespaceCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
        private String name;

        @Option(names = "--to", paramLabel = "LOGIN", required = true, description = "Who becomes an owner.")
        private String to;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "The audit log keeps it.")
        private String reason;

        @Override
        public Integer call() throws Fault, IOException {
            return AccountCall.run(
                    parent.lair(),
                    api -> parent.print(api.send(
                            "POST",
                            NamespaceCommand.path(name) + "/recover",
                            "recover namespace `" + name + "`",
                            new Recovery(to, reason),
                            Namespace.class)));
        }
    }
}

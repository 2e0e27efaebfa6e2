package dev.lair.cli;

import dev.lair.cli.client.ApiClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.NamespaceDocuments.Change;
import dev.lair.registry.api.NamespaceDocuments.Mine;
import dev.lair.registry.api.NamespaceDocuments.Namespace;
import dev.lair.registry.api.NamespaceDocuments.Namespaces;
import dev.lair.registry.api.NamespaceDocuments.NewNamespace;
import dev.lair.registry.api.NamespaceDocuments.NewRole;
import dev.lair.registry.api.NamespaceDocuments.Transfer;
import dev.lair.registry.api.PeopleDocuments.Departure;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair namespace}: whose names are whose. */
@Command(
        name = "namespace",
        description = "Create namespaces, and say who may do what in them.",
        subcommands = {
            NamespaceCommand.Create.class,
            NamespaceCommand.Listing.class,
            NamespaceCommand.Show.class,
            NamespaceCommand.MemberCommand.class,
            NamespaceCommand.TransferCommand.class,
            NamespaceCommand.TrustedOnly.class,
            NamespaceFreezeCommands.Freeze.class,
            NamespaceFreezeCommands.Unfreeze.class,
            NamespaceFreezeCommands.Recover.class
        })
@SuppressWarnings("NullAway.Init")
final class NamespaceCommand {

    @ParentCommand
    private Lair lair;

    static String path(String namespace) {
        return ApiPaths.NAMESPACES + "/" + ApiClient.segment(namespace);
    }

    Lair lair() {
        return lair;
    }

    void print(Namespace namespace) {
        Console console = lair.console();
        console.result("namespace  " + namespace.name() + ", " + namespace.state()
                + (namespace.note() == null ? "" : ": " + namespace.note()));
        if (namespace.trustedOnly()) {
            console.result("releases   by trusted publishers only");
        }
        ApiLists.of(namespace.members())
                .forEach(member ->
                        console.result(String.format(Locale.ROOT, "%-10s %s", member.role(), member.login())));
        console.json(ApiJson.members(namespace));
    }

    /** {@code lair namespace create}. */
    @Command(
            name = "create",
            description = {
                "Create a namespace, which you then own.",
                "The registry's policy says who may; some names wait for an administrator."
            })
    static final class Create implements Callable<Integer> {

        @ParentCommand
        private NamespaceCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "Its name.")
        private String name;

        @Override
        public Integer call() throws Fault, IOException {
            return AccountCall.run(
                    parent.lair,
                    api -> parent.print(api.send(
                            "POST",
                            ApiPaths.NAMESPACES,
                            "create namespace `" + name + "`",
                            new NewNamespace(name),
                            Namespace.class)));
        }
    }

    /** {@code lair namespace list}. */
    @Command(name = "list", description = "List the namespaces of which you are something.")
    static final class Listing implements Callable<Integer> {

        @ParentCommand
        private NamespaceCommand parent;

        @Override
        public Integer call() throws Fault, IOException {
            Console console = parent.lair.console();
            return AccountCall.run(parent.lair, api -> {
                Namespaces found = api.get(ApiPaths.NAMESPACES, "list your namespaces", Namespaces.class);
                List<Mine> mine = ApiLists.of(found.namespaces());
                mine.forEach(one -> console.result(one.name() + "  " + one.role() + "  " + one.state()));
                if (mine.isEmpty()) {
                    console.result("none yet; make one with: lair namespace create NS");
                }
                ApiLists.of(found.waiting())
                        .forEach(one -> console.result(one.name() + "  waits for an administrator"
                                + (one.note() == null ? "" : ": " + one.note())));
                console.json(ApiJson.members(found));
            });
        }
    }

    /** {@code lair namespace show}. */
    @Command(name = "show", description = "Show a namespace and who is what in it.")
    static final class Show implements Callable<Integer> {

        @ParentCommand
        private NamespaceCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
        private String name;

        @Override
        public Integer call() throws Fault, IOException {
            return AccountCall.run(
                    parent.lair,
                    api -> parent.print(api.get(path(name), "show namespace `" + name + "`", Namespace.class)));
        }
    }

    /** {@code lair namespace member}. */
    @Command(
            name = "member",
            description = "Give and take roles in a namespace.",
            subcommands = {MemberCommand.Add.class, MemberCommand.Remove.class})
    static final class MemberCommand {

        @ParentCommand
        private NamespaceCommand parent;

        static String path(String namespace, String login) {
            return NamespaceCommand.path(namespace) + "/members/" + ApiClient.segment(login);
        }

        /** {@code lair namespace member add}. */
        @Command(name = "add", description = "Give somebody a role, in place of the one that they have.")
        static final class Add implements Callable<Integer> {

            @ParentCommand
            private MemberCommand member;

            @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
            private String name;

            @Parameters(index = "1", paramLabel = "LOGIN", description = "Who.")
            private String login;

            @Option(
                    names = "--role",
                    paramLabel = "ROLE",
                    required = true,
                    description = "owner, maintainer or publisher.")
            private String role;

            @Override
            public Integer call() throws Fault, IOException {
                Lair lair = member.parent.lair;
                return AccountCall.run(lair, api -> {
                    api.send("PUT", path(name, login), "make `" + login + "` " + role, new NewRole(role));
                    lair.console().result(login + " is " + role + " of " + name);
                    lair.console().json(Map.of("namespace", name, "login", login, "role", role));
                });
            }
        }

        /** {@code lair namespace member remove}. */
        @Command(name = "remove", description = "Take somebody's role.")
        static final class Remove implements Callable<Integer> {

            @ParentCommand
            private MemberCommand member;

            @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
            private String name;

            @Parameters(index = "1", paramLabel = "LOGIN", description = "Who.")
            private String login;

            @Override
            public Integer call() throws Fault, IOException {
                Lair lair = member.parent.lair;
                return AccountCall.run(lair, api -> {
                    Departure departure =
                            api.ask("DELETE", path(name, login), "take the role of `" + login + "`", Departure.class);
                    lair.console().result(login + " is nothing in " + name + " any more");
                    PublishersToReview.print(lair.console(), departure.publishers());
                    lair.console()
                            .json(Map.of(
                                    "namespace",
                                    name,
                                    "removed",
                                    login,
                                    "publishers",
                                    ApiLists.of(departure.publishers()).stream()
                                            .map(ApiJson::members)
                                            .toList()));
                });
            }
        }
    }

    /** {@code lair namespace transfer}. */
    @Command(
            name = "transfer",
            description = {
                "Give a namespace to somebody else.",
                "All roles, publishers and tokens for it end with that, yours too."
            })
    static final class TransferCommand implements Callable<Integer> {

        @ParentCommand
        private NamespaceCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
        private String name;

        @Parameters(index = "1", paramLabel = "LOGIN", description = "Its new owner.")
        private String login;

        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Override
        public Integer call() throws Fault, IOException {
            Lair lair = parent.lair;
            confirm(lair);
            return AccountCall.run(lair, api -> {
                api.send("POST", path(name) + "/transfer", "transfer namespace `" + name + "`", new Transfer(login));
                lair.console().result(name + " belongs to " + login);
                lair.console().json(Map.of("namespace", name, "owner", login));
            });
        }

        private void confirm(Lair lair) throws Fault, IOException {
            if (yes) {
                return;
            }
            if (!lair.environment().terminal()) {
                throw ExitCode.USAGE.fault(
                        "nobody is there to confirm that " + name + " is given to " + login + "; add --yes");
            }
            lair.console().ask("Give " + name + " to " + login + "? You cannot take it back. [y/N]");
            String answer = lair.environment().readLine().strip().toLowerCase(Locale.ROOT);
            if (!answer.equals("y") && !answer.equals("yes")) {
                throw ExitCode.USAGE.fault("not confirmed; nothing was sent");
            }
        }
    }

    /** {@code lair namespace trusted-only}. */
    @Command(
            name = "trusted-only",
            description = {
                "Let trusted publishers alone release in a namespace, or others too.",
                "While it is on, a stolen API token releases nothing."
            })
    static final class TrustedOnly implements Callable<Integer> {

        @ParentCommand
        private NamespaceCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
        private String name;

        @Parameters(index = "1", paramLabel = "on|off", description = "on or off.")
        private String state;

        @Override
        public Integer call() throws Fault, IOException {
            if (!state.equals("on") && !state.equals("off")) {
                throw ExitCode.USAGE.fault("`" + state + "` is refused: trusted-only is on or off");
            }
            Lair lair = parent.lair;
            return AccountCall.run(lair, api -> {
                api.send("PATCH", path(name), "change namespace `" + name + "`", new Change(state.equals("on")));
                lair.console().result("trusted-only is " + state + " in " + name);
                lair.console().json(Map.of("namespace", name, "trustedOnly", state.equals("on")));
            });
        }
    }
}

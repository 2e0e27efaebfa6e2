package dev.lair.cli;

import dev.lair.cli.client.ApiClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Fault;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.NamespaceDocuments.NewRole;
import dev.lair.registry.api.PeopleDocuments.Belonging;
import dev.lair.registry.api.PeopleDocuments.Departure;
import dev.lair.registry.api.PeopleDocuments.NewOrganisation;
import dev.lair.registry.api.PeopleDocuments.Organisation;
import dev.lair.registry.api.PeopleDocuments.Organisations;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair org}: people who are something in namespaces together. */
@Command(
        name = "org",
        description = {
            "Make organisations, and say who is in them.",
            "Give one a role like a person: lair namespace member add NS ORG --role owner."
        },
        subcommands = {
            OrgCommand.Create.class,
            OrgCommand.Listing.class,
            OrgCommand.Members.class,
            OrgCommand.Add.class,
            OrgCommand.Remove.class
        })
@SuppressWarnings("NullAway.Init")
final class OrgCommand {

    @ParentCommand
    private Lair lair;

    private static String path(String organisation) {
        return ApiPaths.ORGANISATIONS + "/" + ApiClient.segment(organisation);
    }

    private static String path(String organisation, String login) {
        return path(organisation) + "/members/" + ApiClient.segment(login);
    }

    private void print(Organisation organisation) {
        Console console = lair.console();
        console.result("organisation  " + organisation.login() + "  " + organisation.displayName());
        ApiLists.of(organisation.members())
                .forEach(member ->
                        console.result(String.format(Locale.ROOT, "%-13s %s", member.role(), member.login())));
        console.json(ApiJson.members(organisation));
    }

    /** {@code lair org create}. */
    @Command(name = "create", description = "Make an organisation, which you then own.")
    static final class Create implements Callable<Integer> {

        @ParentCommand
        private OrgCommand parent;

        @Parameters(index = "0", paramLabel = "ORG", description = "Its login, which nobody else has.")
        private String login;

        @Option(names = "--name", paramLabel = "TEXT", description = "How it is shown; its login without this.")
        private @Nullable String name;

        @Override
        public Integer call() throws Fault, IOException {
            return AccountCall.run(
                    parent.lair,
                    api -> parent.print(api.send(
                            "POST",
                            ApiPaths.ORGANISATIONS,
                            "make the organisation `" + login + "`",
                            new NewOrganisation(login, name),
                            Organisation.class)));
        }
    }

    /** {@code lair org list}. */
    @Command(name = "list", description = "List the organisations that you are in.")
    static final class Listing implements Callable<Integer> {

        @ParentCommand
        private OrgCommand parent;

        @Override
        public Integer call() throws Fault, IOException {
            Console console = parent.lair.console();
            return AccountCall.run(parent.lair, api -> {
                Organisations found = api.get(ApiPaths.ORGANISATIONS, "list your organisations", Organisations.class);
                List<Belonging> mine = ApiLists.of(found.organisations());
                mine.forEach(one -> console.result(one.login() + "  " + one.role() + "  " + one.displayName()));
                if (mine.isEmpty()) {
                    console.result("none yet; make one with: lair org create ORG");
                }
                console.json(ApiJson.members(found));
            });
        }
    }

    /** {@code lair org members}. */
    @Command(name = "members", description = "Show who is in an organisation.")
    static final class Members implements Callable<Integer> {

        @ParentCommand
        private OrgCommand parent;

        @Parameters(index = "0", paramLabel = "ORG", description = "The organisation.")
        private String login;

        @Override
        public Integer call() throws Fault, IOException {
            return AccountCall.run(
                    parent.lair,
                    api -> parent.print(
                            api.get(path(login), "show the organisation `" + login + "`", Organisation.class)));
        }
    }

    /** {@code lair org add}. */
    @Command(
            name = "add",
            description = {
                "Put somebody into an organisation, or change what they are.",
                "Owners are in a namespace what the organisation is; members publish."
            })
    static final class Add implements Callable<Integer> {

        @ParentCommand
        private OrgCommand parent;

        @Parameters(index = "0", paramLabel = "ORG", description = "The organisation.")
        private String organisation;

        @Parameters(index = "1", paramLabel = "LOGIN", description = "Who.")
        private String login;

        @Option(names = "--role", paramLabel = "ROLE", defaultValue = "member", description = "owner or member.")
        private String role;

        @Override
        public Integer call() throws Fault, IOException {
            return AccountCall.run(
                    parent.lair,
                    api -> parent.print(api.send(
                            "PUT",
                            path(organisation, login),
                            "make `" + login + "` " + role,
                            new NewRole(role),
                            Organisation.class)));
        }
    }

    /** {@code lair org remove}. */
    @Command(name = "remove", description = "Take somebody out of an organisation; yourself, to leave it.")
    static final class Remove implements Callable<Integer> {

        @ParentCommand
        private OrgCommand parent;

        @Parameters(index = "0", paramLabel = "ORG", description = "The organisation.")
        private String organisation;

        @Parameters(index = "1", paramLabel = "LOGIN", description = "Who.")
        private String login;

        @Override
        public Integer call() throws Fault, IOException {
            Lair lair = parent.lair;
            return AccountCall.run(lair, api -> {
                Departure departure =
                        api.ask("DELETE", path(organisation, login), "take `" + login + "` out", Departure.class);
                lair.console().result(login + " is not in " + organisation + " any more");
                PublishersToReview.print(lair.console(), departure.publishers());
                lair.console().json(ApiJson.members(departure));
            });
        }
    }
}

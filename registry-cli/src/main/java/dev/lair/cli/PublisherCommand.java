package dev.lair.cli;

import dev.lair.cli.account.TokensAtHand;
import dev.lair.cli.client.ApiClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.api.ApiJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/**
 * {@code lair publisher}: which CI jobs may release without a stored secret. Documents are read as they come: members that
 * are not known here are passed over, and stay in JSON output.
 */
@Command(
        name = "publisher",
        description = "Say which CI jobs may release packages of a namespace.",
        subcommands = {
            PublisherCommand.Add.class,
            PublisherCommand.Listing.class,
            PublisherCommand.Test.class,
            PublisherCommand.Remove.class
        })
@SuppressWarnings("NullAway.Init")
final class PublisherCommand {

    private static final String GITHUB = "https://token.actions.githubusercontent.com";
    private static final long CLAIMS_BYTES = 64 << 10;
    private static final List<String> SHOWN =
            List.of("repository", "workflow", "reusableWorkflow", "environment", "refPattern");

    @ParentCommand
    private Lair lair;

    private static String path(String namespace) {
        return NamespaceCommand.path(namespace) + "/publishers";
    }

    /** The members of the list that a document is, or holds. */
    private static List<JsonNode> listed(JsonNode document) {
        JsonNode list = document;
        if (document.isObject()) {
            for (JsonNode member : document) {
                if (member.isArray()) {
                    list = member;
                    break;
                }
            }
        }
        List<JsonNode> found = new ArrayList<>();
        if (list.isArray()) {
            list.forEach(found::add);
        }
        return found;
    }

    private static String text(JsonNode object, String member) {
        JsonNode value = object.get(member);
        if (value == null || value.isNull()) {
            return "";
        }
        if (!value.isArray()) {
            return value.isString() ? value.stringValue() : value.toString();
        }
        List<String> parts = new ArrayList<>();
        value.forEach(part -> parts.add(part.isString() ? part.stringValue() : part.toString()));
        return String.join(",", parts);
    }

    private static void print(Console console, JsonNode publisher) {
        StringBuilder line = new StringBuilder(text(publisher, "id") + "  " + text(publisher, "packages"));
        String owner = text(publisher, "owner");
        for (String member : SHOWN) {
            String value = text(publisher, member);
            if (!value.isEmpty()) {
                boolean named = !member.equals("repository");
                line.append("  ")
                        .append(named ? member + "=" : owner.isEmpty() ? "" : owner + "/")
                        .append(value);
            }
        }
        String status = text(publisher, "status");
        console.result(line + (status.isEmpty() ? "" : "  " + status));
    }

    /** {@code lair publisher add}. */
    @Command(
            name = "add",
            description = {
                "Let the jobs of a workflow release packages.",
                "They need no secret: they show the identity that their forge gives them. Demand an environment with"
                        + " reviewers: whoever can push a workflow can ask for an identity."
            })
    static final class Add implements Callable<Integer> {

        @ParentCommand
        private PublisherCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
        private String namespace;

        @Option(
                names = "--package",
                paramLabel = "PATTERN",
                required = true,
                split = ",",
                description = "What it may release: NS:NAME or NS:*. May be repeated.")
        private List<String> packages;

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                defaultValue = "github",
                description = "github, gitlab or generic. Default: github")
        private String kind;

        @Option(
                names = "--issuer",
                paramLabel = "URL",
                description = {"Who vouches for the jobs. Default for github:", GITHUB})
        private @Nullable String issuer;

        @Option(names = "--owner", paramLabel = "NAME", description = "Who owns the repository; a GitLab group.")
        private @Nullable String owner;

        @Option(names = "--owner-id", paramLabel = "ID", description = "Its number. Default: as first seen.")
        private @Nullable String ownerId;

        @Option(names = "--repository", paramLabel = "NAME", description = "The repository; a GitLab project.")
        private @Nullable String repository;

        @Option(names = "--repository-id", paramLabel = "ID", description = "Its number. Default: as first seen.")
        private @Nullable String repositoryId;

        @Option(names = "--workflow", paramLabel = "FILE", description = "The workflow's file, like release.yml.")
        private @Nullable String workflow;

        @Option(
                names = "--reusable-workflow",
                paramLabel = "REF",
                description = "The reusable workflow that must do it.")
        private @Nullable String reusableWorkflow;

        @Option(names = "--environment", paramLabel = "NAME", description = "The environment that jobs must have.")
        private @Nullable String environment;

        @Option(names = "--ref-pattern", paramLabel = "PATTERN", description = "Which refs, like refs/tags/v*.")
        private @Nullable String refPattern;

        @Option(names = "--schedule", description = "Take scheduled runs too.")
        private boolean schedule;

        @Option(
                names = "--claim",
                paramLabel = "NAME=VALUE",
                description = "What a token of a generic issuer must say. May be repeated.")
        private @Nullable Map<String, String> claims;

        @Override
        public Integer call() throws Fault, IOException {
            String from = issuer == null && kind.equals("github") ? GITHUB : issuer;
            if (from == null) {
                throw ExitCode.USAGE.fault(
                        "--issuer is missing: of kind `" + kind + "` there are many, like" + " https://gitlab.example");
            }
            Map<String, Object> wanted = new LinkedHashMap<>();
            wanted.put("packages", packages);
            wanted.put("issuer", from);
            wanted.put("kind", kind);
            put(wanted, "owner", owner);
            put(wanted, "ownerId", ownerId);
            put(wanted, "repository", repository);
            put(wanted, "repositoryId", repositoryId);
            put(wanted, "workflow", workflow);
            put(wanted, "reusableWorkflow", reusableWorkflow);
            put(wanted, "environment", environment);
            put(wanted, "refPattern", refPattern);
            if (schedule) {
                wanted.put("schedule", true);
            }
            put(wanted, "claims", claims);
            Console console = parent.lair.console();
            return AccountCall.run(parent.lair, api -> {
                JsonNode added = api.send("POST", path(namespace), "add the publisher", wanted, JsonNode.class);
                print(console, added);
                if (environment == null && kind.equals("github")) {
                    console.warn("it demands no environment, so whoever can push a workflow to " + repository
                            + " can release; see docs/PUBLISHING-FROM-CI.md");
                }
                console.json(Map.of("publisher", added));
            });
        }

        private static void put(Map<String, Object> wanted, String member, @Nullable Object value) {
            if (value != null) {
                wanted.put(member, value);
            }
        }
    }

    /** {@code lair publisher list}. */
    @Command(name = "list", description = "List the publishers of a namespace.")
    static final class Listing implements Callable<Integer> {

        @ParentCommand
        private PublisherCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
        private String namespace;

        @Override
        public Integer call() throws Fault, IOException {
            Console console = parent.lair.console();
            return AccountCall.run(parent.lair, api -> {
                List<JsonNode> publishers = listed(api.get(path(namespace), "list the publishers", JsonNode.class));
                publishers.forEach(publisher -> print(console, publisher));
                if (publishers.isEmpty()) {
                    console.result("no publishers");
                }
                console.json(Map.of("publishers", publishers));
            });
        }
    }

    /** {@code lair publisher test}. */
    @Command(
            name = "test",
            description = {
                "Say which publishers a job would match, and what differs.",
                "By claims in a file (a JSON object), or by an identity token: $$" + TokensAtHand.IDENTITY_VARIABLE
                        + ", or standard input. Nothing is used up. Ends with 4 when none matches."
            })
    static final class Test implements Callable<Integer> {

        @ParentCommand
        private PublisherCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
        private String namespace;

        @Option(names = "--claims", paramLabel = "FILE", description = "Claims, as a run shows them.")
        private @Nullable Path claims;

        @Option(names = "--token-stdin", description = "An identity token: the first line of standard input.")
        private boolean token;

        private boolean matched;

        @Override
        public Integer call() throws Fault, IOException {
            Map<String, Object> shown = shown();
            Console console = parent.lair.console();
            AccountCall.run(parent.lair, api -> {
                List<JsonNode> results = listed(
                        api.send("POST", path(namespace) + "/test", "test the publishers", shown, JsonNode.class));
                for (JsonNode result : results) {
                    boolean matches = result.path("matches").booleanValue(false);
                    matched |= matches;
                    console.result(text(result, "id")
                            + (matches
                                    ? "  matches"
                                    : "  " + text(result, "field") + " is `" + text(result, "actual")
                                            + "`, and the publisher has `" + text(result, "expected") + "`"));
                }
                if (results.isEmpty()) {
                    console.result("no publishers");
                }
                console.json(Map.of("matched", matched, "results", results));
            });
            return matched ? 0 : ExitCode.REFUSED.number();
        }

        private Map<String, Object> shown() throws Fault, IOException {
            if (claims != null && token) {
                throw ExitCode.USAGE.fault("--claims and --token-stdin say the same in two ways; choose one");
            }
            if (claims != null) {
                return Map.of("claims", object(parent.lair.path(claims)));
            }
            String identity = token
                    ? parent.lair.environment().readLine().strip()
                    : parent.lair.tokens().identity().orElse("");
            if (identity.isEmpty()) {
                throw ExitCode.USAGE.fault("there is nothing to test: name --claims FILE, give an identity token with"
                        + " --token-stdin, or set $" + TokensAtHand.IDENTITY_VARIABLE);
            }
            return Map.of("token", identity);
        }

        private static JsonNode object(Path file) throws Fault, IOException {
            if (Files.size(file) > CLAIMS_BYTES) {
                throw ExitCode.LOCAL.fault(
                        "`" + file + "` is no file of claims: it has more than " + CLAIMS_BYTES + " bytes");
            }
            try {
                JsonNode read = ApiJson.read(Files.readAllBytes(file), JsonNode.class);
                if (read.isObject()) {
                    return read;
                }
            } catch (IllegalArgumentException notJson) {
                // Said below.
            }
            throw ExitCode.LOCAL.fault("`" + file + "` is no JSON object of claims, like"
                    + " {\"repository\": \"acme/greeter\", \"ref\": \"refs/tags/v1.2.3\"}");
        }
    }

    /** {@code lair publisher remove}. */
    @Command(name = "remove", description = "Take a publisher's right to release, at once.")
    static final class Remove implements Callable<Integer> {

        @ParentCommand
        private PublisherCommand parent;

        @Parameters(index = "0", paramLabel = "NS", description = "The namespace.")
        private String namespace;

        @Parameters(index = "1", paramLabel = "ID", description = "Its id, as `lair publisher list` shows it.")
        private String id;

        @Override
        public Integer call() throws Fault, IOException {
            return AccountCall.run(parent.lair, api -> {
                api.act("DELETE", path(namespace) + "/" + ApiClient.segment(id), "remove publisher " + id);
                parent.lair.console().result("removed    " + id);
                parent.lair.console().json(Map.of("removed", id));
            });
        }
    }
}

package dev.lair.cli;

import dev.lair.cli.account.TokensAtHand;
import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.ApiRefused;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.Fault;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.SearchDocuments.Facet;
import dev.lair.registry.api.SearchDocuments.Hit;
import dev.lair.registry.api.SearchDocuments.Results;
import dev.lair.registry.api.SearchDocuments.Segment;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair search}: what the registry's search says, which proves nothing; {@code lair pull} does. */
@Command(
        name = "search",
        description = {
            "Find packages.",
            "Words are looked for in names, interfaces, types, functions, descriptions and READMEs. Filters narrow:"
                    + " exports: imports: interface: world: kind: capability: provenance: license: toolchain:"
                    + " namespace: yanked:. Put \"quotes\" around words that stand together, and - before what must"
                    + " not be there, behind -- where it comes first."
        })
@SuppressWarnings("NullAway.Init")
final class SearchCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(
            arity = "0..*",
            paramLabel = "WORDS",
            description = "What to find, like: http exports:wasi:http/incoming-handler@0.2")
    private List<String> words = List.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Show so many at most, 1 to 100. Default: 20")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on behind a page that was shown.")
    private @Nullable String cursor;

    @Option(names = "--facets", description = "Show what the packages found have in common.")
    private boolean facets;

    @Override
    public Integer call() throws Fault {
        String query = String.join(" ", words);
        String path = ApiPaths.SEARCH + "?q=" + ApiClient.segment(query) + "&limit=" + limit
                + (cursor == null ? "" : "&cursor=" + ApiClient.segment(cursor));
        try (RegistryClient client = lair.client()) {
            ApiClient api =
                    new ApiClient(client, lair.tokens().find(client.registry()).map(TokensAtHand.AtHand::credential));
            print(api.get(path, "search for `" + query + "`", Results.class));
        } catch (ApiRefused e) {
            throw e.fault();
        }
        return 0;
    }

    private void print(Results results) {
        Console console = lair.console();
        if (results.approximate()) {
            console.result("nothing has these words; near spellings:");
        }
        for (Hit hit : ApiLists.of(results.hits())) {
            console.result(hit.name() + "@" + hit.version() + (hit.kind() == null ? "" : "  " + hit.kind())
                    + (hit.yanked() ? "  yanked" : ""));
            String description = text(ApiLists.of(hit.description()));
            if (!description.isEmpty()) {
                console.result("    " + description);
            }
            ApiLists.of(hit.matches())
                    .forEach(match -> console.result("    " + match.where() + ": " + text(ApiLists.of(match.text()))));
        }
        if (facets) {
            ApiLists.of(results.facets()).forEach(facet -> print(console, facet));
        }
        console.result(Counted.of(results.total(), "package") + " found"
                + (results.next() == null ? "" : "; the next page: --cursor " + results.next()));
        console.json(ApiJson.members(results));
    }

    private static void print(Console console, Facet facet) {
        console.result(facet.name());
        ApiLists.of(facet.values())
                .forEach(value -> console.result("    " + facet.name() + ":" + value.value() + "  " + value.count()));
    }

    private static String text(List<Segment> segments) {
        return segments.stream().map(Segment::text).collect(Collectors.joining());
    }
}

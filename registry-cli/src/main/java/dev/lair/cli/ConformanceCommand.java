package dev.lair.cli;

import dev.lair.cli.conformance.Corpus;
import dev.lair.cli.conformance.Part;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.Fault;
import dev.lair.registry.warg.WargJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lair conformance}: our verdicts against those of a corpus. */
@Command(
        name = "conformance",
        description = {
            "Judge the cases of a test corpus and count where we agree.",
            "Prints one JSON line for each part. A case is judged before the corpus's own verdict is read. Cases on"
                    + " which no verdict is given here count as notChecked, and neither as agreeing nor as differing."
        })
@SuppressWarnings("NullAway.Init")
final class ConformanceCommand implements Callable<Integer> {

    @ParentCommand
    private Lair lair;

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "The corpus: wast, wit-parser-ui, wit-interfaces, wit-components, wit-misc, real.")
    private Path corpus;

    @Option(
            names = {"-v", "--verbose"},
            description = "Name each case that differs or is not checked below its part.")
    private boolean verbose;

    @Override
    public Integer call() throws Fault {
        Console console = lair.console();
        List<Map<String, Object>> parts = new ArrayList<>();
        List<String> absent = Corpus.judge(lair.path(corpus), part -> {
            console.result(new String(WargJson.write(counts(part)), StandardCharsets.UTF_8));
            if (verbose) {
                part.differ().forEach(each -> console.result("  " + each.name() + ": " + each.how()));
                part.notChecked().forEach(each -> console.result("  " + each.name() + ": not checked: " + each.how()));
            }
            Map<String, Object> members = counts(part);
            members.put("differing", named(part.differ()));
            members.put("unchecked", named(part.notChecked()));
            parts.add(members);
        });
        if (!absent.isEmpty()) {
            console.warn("the corpus has no " + String.join(", ", absent));
        }
        console.json(Map.of("parts", parts));
        return 0;
    }

    private static Map<String, Object> counts(Part part) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("part", part.name());
        members.put("cases", part.cases());
        members.put("agree", part.agree());
        members.put("differ", part.differ().size());
        if (!part.notChecked().isEmpty()) {
            members.put("notChecked", part.notChecked().size());
        }
        return members;
    }

    private static Map<String, String> named(List<Part.Case> cases) {
        Map<String, String> named = new LinkedHashMap<>();
        cases.forEach(each -> named.put(each.name(), each.how()));
        return named;
    }
}

package dev.lair.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code ./lair bench NAME}: prints progress, and as its last line one JSON object. Ends with another code than 0 only when it
 * could not run at all.
 */
@Command(
        name = "lair bench",
        description = "Measures the registry on this machine, with durability on.",
        subcommands = {
            Bench.OfLedger.class,
            Bench.OfProofs.class,
            Bench.OfStart.class,
            Bench.OfValidate.class,
            Bench.OfSearch.class,
            Bench.MeasuredProofs.class,
            Bench.MeasuredValidate.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "NAME")
public final class Bench implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--root", hidden = true, description = "the checked-out repository")
    private Path root = Path.of("").toAbsolutePath();

    @Option(
            names = "--work",
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "folder for generated data, on the disk to be measured (default: bench/target/work)")
    private @Nullable Path work;

    @Option(
            names = "--quick",
            scope = CommandLine.ScopeType.INHERIT,
            description = "the same code on small sizes, in less than a minute; keeps no result")
    private boolean quick;

    @Option(
            names = "--leaves",
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "N",
            description = "leaves of the ledger under proofs and start, instead of the goal's; keeps no result")
    private @Nullable Long leaves;

    @Option(
            names = "--packages",
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "N",
            description = "packages of that ledger; its leaves are at least so many and 200,000 more")
    private @Nullable Integer packages;

    @Option(
            names = "--server-flag",
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "FLAG",
            description = "one more flag for the JVM of the server under publishes; may be given again")
    private List<String> serverFlags = List.of();

    @Option(
            names = "--server-run",
            scope = CommandLine.ScopeType.INHERIT,
            hidden = true,
            description = "one argument of the JVM that runs the server, as ./lair serve gives them")
    private List<String> serverRun = List.of();

    private Bench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    e.printStackTrace(line.getErr());
                    return line.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(args));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say what to measure: ledger, proofs, start, validate or search");
    }

    private Scale scale() {
        Scale scale = quick ? Scale.QUICK : Scale.FULL;
        return scale.withLedger(
                leaves == null ? scale.leaves() : leaves, packages == null ? scale.packages() : packages);
    }

    private Workplace workplace() throws IOException {
        Path folder = work == null ? root.resolve("bench/target/work") : work.toAbsolutePath();
        Path serverJar = root.resolve("registry-server/target/lair-server.jar");
        if (!Files.exists(serverJar)) {
            throw new IOException(serverJar + " is not built; ./lair build makes it");
        }
        String program = Path.of(root.toString(), "bench/target/lair-bench.jar").toString();
        return new Workplace(
                Files.createDirectories(folder),
                serverRun.isEmpty() ? ServerProcess.Program.jar(serverJar) : new ServerProcess.Program(serverRun),
                serverFlags,
                List.of("-jar", program),
                new Console(new PrintStream(System.out, true, StandardCharsets.UTF_8)));
    }

    /** Prints the findings as the last line; a default run is kept, with the machine and what the figures mean. */
    private void report(Workplace place, String name, String meaning, Findings machine, Findings findings)
            throws IOException {
        if (!quick && leaves == null && packages == null) {
            Path results = Files.createDirectories(root.resolve("bench/results"));
            Path file = results.resolve(LocalDate.now(ZoneOffset.UTC) + "-" + name + ".json");
            Findings kept = new Findings()
                    .put("bench", name)
                    .put("meaning", meaning)
                    .put("machine", machine)
                    .putAll(findings);
            Files.writeString(file, kept.page(), StandardCharsets.UTF_8);
            place.console().say("kept in " + root.relativize(file));
        }
        place.console().say(findings.line());
    }

    @Command(
            name = "ledger",
            description = "Records and publishes per second, and how long a proof takes, on SQLite and PostgreSQL.",
            mixinStandardHelpOptions = true)
    static final class OfLedger implements Callable<Integer> {

        @ParentCommand
        private Bench bench;

        @Option(
                names = "--store",
                paramLabel = "STORE",
                description = "only this one: sqlite or postgres; keeps no result")
        private LedgerBench.@Nullable Store only;

        @Override
        public Integer call() throws Exception {
            Workplace place = bench.workplace();
            Findings machine = Machine.describe(place.folder());
            List<LedgerBench.Store> stores = only == null ? List.of(LedgerBench.Store.values()) : List.of(only);
            Findings findings = new LedgerBench(place, bench.scale()).run(stores);
            bench.quick |= only != null;
            bench.report(
                    place,
                    "ledger",
                    "records_per_second: signed records through the ledger service, durable, log and map, sustained;"
                            + " http_publishes_per_second: record and content through the warg door until published;"
                            + " publish_to_proof: from sending the record to an inclusion proof against a published"
                            + " checkpoint that the client verified; witnessed: the same with three witnesses",
                    machine,
                    findings);
            return 0;
        }
    }

    @Command(
            name = "proofs",
            description = "How long proofs over a large ledger take inside the server, and its heap.",
            mixinStandardHelpOptions = true)
    static final class OfProofs implements Callable<Integer> {

        @ParentCommand
        private Bench bench;

        @Override
        public Integer call() throws Exception {
            Workplace place = bench.workplace();
            Findings machine = Machine.describe(place.folder());
            Findings findings = Findings.ofLine(new ProofsBench(place, bench.scale()).run());
            bench.report(
                    place,
                    "proofs",
                    "time inside the server to make one proof as the warg door does, over random leaves and random"
                            + " retained checkpoints of an embedded registry; the ledger is generated (bench/README.md)",
                    machine,
                    findings);
            return 0;
        }
    }

    @Command(
            name = "start",
            description = "How long a server with a large ledger takes to its first answer and first proof.",
            mixinStandardHelpOptions = true)
    static final class OfStart implements Callable<Integer> {

        @ParentCommand
        private Bench bench;

        @Override
        public Integer call() throws Exception {
            Workplace place = bench.workplace();
            Findings machine = Machine.describe(place.folder());
            Findings findings = new StartBench(place, bench.scale()).run();
            bench.report(
                    place,
                    "start",
                    "seconds from the start of the process to the first checkpoint that it shows and to the first"
                            + " inclusion and map proof that a client verified; medians",
                    machine,
                    findings);
            return 0;
        }
    }

    @Command(
            name = "validate",
            description = "How long components take to validate, next to wasm-tools in node.",
            mixinStandardHelpOptions = true)
    static final class OfValidate implements Callable<Integer> {

        @ParentCommand
        private Bench bench;

        @Override
        public Integer call() throws Exception {
            Workplace place = bench.workplace();
            Findings machine = Machine.describe(place.folder());
            Findings findings = new ValidateBench(
                            place, bench.root, bench.quick ? ValidateBench.Times.QUICK : ValidateBench.Times.FULL)
                    .run();
            bench.report(
                    place,
                    "validate",
                    "ours_ms: from mapped bytes to a verdict, core modules with their function bodies; oracle_node_ms:"
                            + " component-wit of wasm-tools in node, which prints the WIT too but does not look at function"
                            + " bodies; node_with_bodies_ms: the same and the engine's own validation of the core modules;"
                            + " medians, ours and theirs in turns; peak_heap_factor: heap that the largest file takes while"
                            + " it is validated, over its bytes",
                    machine,
                    findings);
            return 0;
        }
    }

    @Command(
            name = "search",
            description = "How long searches take over HTTP, and how fast the index is made.",
            mixinStandardHelpOptions = true)
    static final class OfSearch implements Callable<Integer> {

        @ParentCommand
        private Bench bench;

        @Override
        public Integer call() throws Exception {
            Workplace place = bench.workplace();
            Findings machine = Machine.describe(place.folder());
            Findings findings =
                    new SearchBench(place, bench.quick ? SearchBench.Size.QUICK : SearchBench.Size.FULL).run();
            bench.report(
                    place,
                    "search",
                    "p50_ms, p95_ms: from a search's request to its whole answer with facets and twenty hits, 16 clients"
                            + " on the server's own cores without a pause, each search another one; rebuild_per_second:"
                            + " released versions over the time in which the index was made from the ledger",
                    machine,
                    findings);
            return 0;
        }
    }

    @Command(name = ValidateBench.MEASURED, hidden = true)
    static final class MeasuredValidate implements Callable<Integer> {

        @CommandLine.Parameters
        private Path file;

        @Override
        public Integer call() throws Exception {
            System.out.println(ValidateBench.measured(file));
            return 0;
        }
    }

    @Command(name = ProofsBench.MEASURED, hidden = true)
    static final class MeasuredProofs implements Callable<Integer> {

        @Option(names = "--proofs", required = true)
        private int proofs;

        @Option(names = "--set")
        private Map<String, String> settings = Map.of();

        @Override
        public Integer call() throws Exception {
            System.out.println(ProofsBench.measured(settings, proofs).line());
            return 0;
        }
    }
}

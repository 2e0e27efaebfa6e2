package dev.lair.cli;

import dev.lair.cli.account.Credentials;
import dev.lair.cli.account.TokensAtHand;
import dev.lair.cli.author.AuthorKeys;
import dev.lair.cli.client.Authorities;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryUrl;
import dev.lair.cli.monitor.Owner;
import dev.lair.cli.report.Console;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.time.Budget;
import dev.lair.cli.time.Span;
import dev.lair.cli.trust.AttestationMemory;
import dev.lair.cli.trust.CheckpointCover;
import dev.lair.cli.trust.CheckpointMemory;
import dev.lair.cli.trust.NoteDemand;
import dev.lair.cli.trust.PolicyMemory;
import dev.lair.cli.trust.TrustSession;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.signing.KeyLabel;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The command itself: global options, what every subcommand works with, and how each ending becomes an exit code. */
@Command(
        name = "lair",
        description = "Build, publish and pull WebAssembly packages; check everything the registry says.",
        versionProvider = Lair.Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = false,
        subcommands = {
            KeyCommand.class,
            PublishCommand.class,
            YankCommand.class,
            SearchCommand.class,
            PullCommand.class,
            VerifyCommand.class,
            LogCommand.class,
            MonitorCommand.class,
            RegistryCommand.class,
            LoginCommand.class,
            LogoutCommand.class,
            WhoamiCommand.class,
            TokenCommand.class,
            OrgCommand.class,
            NamespaceCommand.class,
            PublisherCommand.class,
            AccountCommand.class,
            WitCommand.class,
            ValidateCommand.class,
            InspectCommand.class,
            CompatCommand.class,
            ConformanceCommand.class
        },
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0 done                   5 registry unreachable or too slow",
            "  1 unexpected fault       6 no such package, version or content",
            "  2 wrong usage            7 local file, key or limit unfit",
            "  3 verification failed    8 no proof that it is recent enough",
            "  4 refused or rejected by the registry",
            "  9 a binary or WIT text is invalid, or breaks those who rely on it"
        })
public final class Lair {

    private static final String DEFAULT_REGISTRY = "http://127.0.0.1:8090";

    private final Environment environment;
    private @Nullable Console console;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = {"The registry. Default: $$LAIR_REGISTRY, else", DEFAULT_REGISTRY})
    private @Nullable String registry;

    @Option(
            names = "--allow-http",
            scope = ScopeType.INHERIT,
            description = "Allow plain http to other machines than this one.")
    private boolean allowHttp;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Certificates (PEM) of authorities to trust besides those that Java knows. Default:"
                    + " $$LAIR_CA_FILE, else $$SSL_CERT_FILE")
    private @Nullable Path caFile;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print the result as one JSON object; everything else goes to standard error.")
    private boolean json;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "Print results, warnings and errors only.")
    private boolean quiet;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print stack traces of errors.")
    private boolean debug;

    Lair(Environment environment) {
        this.environment = environment;
    }

    public static void main(String[] arguments) {
        System.exit(new Lair(Environment.ofProcess()).run(arguments));
    }

    /** Runs one command line and returns the exit code. */
    int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    CommandLine commandLine() {
        CommandLine line = new CommandLine(this)
                .setOut(writer(environment.out()))
                .setErr(writer(environment.err()))
                .setParameterExceptionHandler(this::wrongUsage)
                .setExecutionExceptionHandler((exception, command, result) -> failed(exception));
        converter(line, PackageName.class, PackageName::parse);
        converter(line, PackageReference.class, PackageReference::parse);
        converter(line, SemVer.class, SemVer::parse);
        converter(line, KeyLabel.class, KeyLabel::new);
        converter(line, ByteSize.class, ByteSize::parse);
        converter(line, MaxAge.class, MaxAge::parse);
        converter(line, Duration.class, Span::parse);
        converter(line, Owner.class, Owner::parse);
        addStandardOptions(line);
        return line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** Help and version on every command; {@code publish} has only {@code -V}, its {@code --version} is the release's. */
    private static void addStandardOptions(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        spec.addOption(OptionSpec.builder(
                        spec.findOption("--version") == null ? new String[] {"-V", "--version"} : new String[] {"-V"})
                .versionHelp(true)
                .description("Show the version of lair.")
                .build());
        line.getSubcommands().values().forEach(Lair::addStandardOptions);
    }

    private static <T> void converter(CommandLine line, Class<T> type, Function<String, T> parse) {
        ITypeConverter<T> converter = text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
        line.registerConverter(type, converter);
    }

    private int wrongUsage(ParameterException exception, String[] arguments) {
        json |= List.of(arguments).contains("--json");
        console()
                .fault(ExitCode.USAGE
                        .fault(String.valueOf(exception.getMessage()), exception)
                        .withHint("see `"
                                + exception.getCommandLine().getCommandSpec().qualifiedName() + " --help`"));
        return ExitCode.USAGE.number();
    }

    private int failed(Exception exception) {
        Fault fault =
                switch (exception) {
                    case Fault expected -> expected;
                    case FileSystemException file ->
                        ExitCode.LOCAL.fault(
                                "`" + file.getFile() + "` cannot be used: "
                                        + (file.getReason() == null
                                                ? file.getClass().getSimpleName()
                                                : file.getReason()),
                                file);
                    // Trouble with a connection is a fault already where it happens: what is left is local.
                    case IOException local -> ExitCode.LOCAL.fault("local file trouble: " + local.getMessage(), local);
                    default ->
                        ExitCode.UNEXPECTED.fault(
                                "unexpected fault: " + exception + "; run again with --debug and report what it prints",
                                exception);
                };
        console().fault(fault);
        return fault.code().number();
    }

    Environment environment() {
        return environment;
    }

    Console console() {
        if (console == null) {
            console = new Console(
                    environment.out(),
                    environment.err(),
                    new Console.Mode(json, quiet, debug, environment.terminal(), environment.columns()));
        }
        return console;
    }

    /** The registry that was named, by option, variable or default. */
    RegistryUrl registry() throws Fault {
        String named = registry != null ? registry : environment.variables().getOrDefault("LAIR_REGISTRY", "");
        return RegistryUrl.parse(named.isEmpty() ? DEFAULT_REGISTRY : named, allowHttp);
    }

    RegistryClient client() throws Fault {
        return client(Budget.unlimited());
    }

    /** @param budget time for all that is asked */
    RegistryClient client(Budget budget) throws Fault {
        RegistryUrl registry = registry();
        return new RegistryClient(
                registry, budget, () -> tokens().find(registry).map(TokensAtHand.AtHand::credential), authorities());
    }

    /** The authorities of a file, by option or variable; empty for those that Java knows. */
    private Optional<SSLContext> authorities() throws Fault {
        if (caFile != null) {
            return Optional.of(Authorities.with(path(caFile), "--ca-file"));
        }
        for (String variable : List.of("LAIR_CA_FILE", "SSL_CERT_FILE")) {
            String named = environment.variables().getOrDefault(variable, "");
            if (!named.isEmpty()) {
                return Optional.of(Authorities.with(path(Path.of(named)), "$" + variable));
            }
        }
        return Optional.empty();
    }

    /** Where everything lies that is remembered about registries. */
    Path registries() {
        return environment.home().resolve("registries");
    }

    CheckpointMemory memory(RegistryUrl of) {
        return new CheckpointMemory(registries(), of.toString());
    }

    PolicyMemory policies(RegistryUrl of) {
        return new PolicyMemory(registries(), of.toString());
    }

    AttestationMemory attestations(RegistryUrl of) {
        return new AttestationMemory(registries(), of.toString());
    }

    /** A session that demands what is remembered, if anything. */
    TrustSession trust(RegistryClient client) throws Fault {
        return trust(client, policies(client.registry()).read());
    }

    TrustSession trust(RegistryClient client, Optional<NoteDemand> demand) {
        Optional<CheckpointCover> cover =
                demand.map(asked -> new CheckpointCover(asked, environment.clock(), environment.pace()));
        return new TrustSession(client, memory(client.registry()), cover, console());
    }

    /** The logins of this person. */
    Credentials credentials() {
        return new Credentials(environment.home());
    }

    /** Which token speaks for this person or job. */
    TokensAtHand tokens() {
        return new TokensAtHand(environment.variables(), credentials(), environment.clock());
    }

    AuthorKeys keys() {
        return new AuthorKeys(environment.home(), environment.random(), environment.clock());
    }

    /** A path that the person wrote. */
    Path path(Path written) {
        return environment.workingDirectory().resolve(written);
    }

    /** Parses {@code --timeout}. */
    static Duration seconds(int seconds) throws Fault {
        if (seconds < 1) {
            throw ExitCode.USAGE.fault("`--timeout " + seconds + "` is refused: at least 1 second");
        }
        return Duration.ofSeconds(seconds);
    }

    /** What {@code --version} prints: the version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"lair " + ofBuild()};
        }

        /** The number alone. */
        static String ofBuild() {
            String version = Lair.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }
}

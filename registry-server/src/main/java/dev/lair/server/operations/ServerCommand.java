package dev.lair.server.operations;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the server jar: {@code serve} and the operator's commands. */
@Command(
        name = "lair",
        description = "Runs a Lair registry, changes what its operator log says, and is a witness for other logs.",
        subcommands = {
            ServeCommand.class,
            OperatorCommand.class,
            WitnessCommand.class,
            FsckCommand.class,
            RestoreCommand.class,
            RekeyCommand.class,
            RebuildCommand.class,
            RecheckCommand.class,
            BackupCommand.class,
            ExportCommand.class,
            MigrateCommand.class,
            HealthCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        synopsisSubcommandLabel = "COMMAND")
public final class ServerCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private final Class<?> application;

    private ServerCommand(Class<?> application) {
        this.application = application;
    }

    /** Runs what the arguments say; {@code application} is what {@code serve} starts and goes on running after a 0. */
    public static int run(Class<?> application, String... args) {
        return new CommandLine(new ServerCommand(application))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println("error: " + Faults.describe(e));
                    return line.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(args);
    }

    Class<?> application() {
        return application;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "say what to do: "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}

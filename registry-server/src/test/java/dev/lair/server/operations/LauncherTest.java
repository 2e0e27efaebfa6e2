package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.LairServer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Every command of the server jar is one of {@code ./lair}, explains itself, and stands in docs/OPERATIONS.md. */
class LauncherTest {

    private static final Pattern ROUTED = Pattern.compile("(?m)^ {2}(serve(?: \\| [a-z]+)+)\\) serve \"\\$@\" ;;$");

    private static List<Command> commands() {
        List<Command> commands = new ArrayList<>();
        Command all = Objects.requireNonNull(ServerCommand.class.getAnnotation(Command.class));
        for (Class<?> command : all.subcommands()) {
            if (command != CommandLine.HelpCommand.class) {
                commands.add(Objects.requireNonNull(command.getAnnotation(Command.class), command.getName()));
            }
        }
        return commands;
    }

    @Test
    void everyCommandIsRoutedByTheLauncherToldByItsHelpAndDocumented() throws IOException {
        String launcher = Files.readString(Path.of("../lair"));
        String docs = Files.readString(Path.of("../docs/OPERATIONS.md"));
        Matcher routed = ROUTED.matcher(launcher);
        assertThat(routed.find()).as("the launcher's line for the server jar").isTrue();
        List<String> names = commands().stream().map(Command::name).toList();

        assertThat(routed.group(1).split(" \\| ")).containsExactlyInAnyOrderElementsOf(names);
        for (String name : names) {
            assertThat(launcher).as("./lair help").containsPattern("(?m)^ {2}" + name + " {2,}\\S");
            assertThat(docs).containsPattern("lair " + name + "\\b");
        }
    }

    @Test
    void everyCommandExplainsItself() {
        for (Command command : commands()) {
            assertThat(command.description()).as(command.name()).isNotEmpty();
            assertThat(command.mixinStandardHelpOptions()).as(command.name()).isTrue();
            assertThat(ServerCommand.run(LairServer.class, command.name(), "--help"))
                    .as(command.name() + " --help")
                    .isZero();
        }
        assertThat(ServerCommand.run(LairServer.class, "help")).isZero();
        assertThat(ServerCommand.run(LairServer.class)).as("no command").isEqualTo(2);
    }

    @Test
    void commandsOnAStorageTakeTheSettingsOfTheServer() {
        for (Class<?> command : List.of(
                FsckCommand.class,
                RebuildCommand.class,
                RecheckCommand.class,
                RestoreCommand.class,
                RekeyCommand.class,
                BackupCommand.class,
                ExportCommand.class,
                OperatorCommand.class)) {
            assertThat(Arrays.stream(command.getDeclaredFields())
                            .filter(field -> field.isAnnotationPresent(CommandLine.Mixin.class))
                            .map(Field::getType))
                    .as(command.getSimpleName())
                    .contains(RegistryOptions.class);
        }
    }

    @Test
    void registryOfAnOperatorCommandMayBeNamedBeforeAndBehindIt() {
        for (String[] line : new String[][] {
            {"--data", "there", "--set", "lair.ledger.origin=a", "show"},
            {"show", "--data", "there", "--set", "lair.ledger.origin=a"},
            {"--data", "there", "show", "--set", "lair.ledger.origin=a"}
        }) {
            OperatorCommand operator = new OperatorCommand();
            new CommandLine(operator).parseArgs(line);
            assertThat(operator.settings())
                    .as(String.join(" ", line))
                    .containsOnlyKeys("lair.data", "lair.ledger.origin")
                    .containsEntry("lair.ledger.origin", "a");
        }
    }
}

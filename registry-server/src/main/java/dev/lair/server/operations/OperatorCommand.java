package dev.lair.server.operations;

import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.server.namespace.OperatorDesk;
import dev.lair.signing.KeyId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Changes and shows what the operator log says. Works beside a running server and without one. */
@Command(
        name = "operator",
        description = {
            "Defines and imports namespaces and rotates the operator's key, beside a running server or without one.",
            "For a registry in a database name the settings that its nodes have; this is one more node for a moment."
        },
        subcommands = {
            OperatorCommand.Define.class,
            OperatorCommand.Import.class,
            OperatorCommand.Rotate.class,
            OperatorCommand.Show.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class OperatorCommand implements Runnable {

    @CommandLine.Mixin
    private RegistryOptions registry;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    OperatorCommand() {}

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say what to do: define, import, rotate-key, show");
    }

    Map<String, String> settings() {
        return registry.settings();
    }

    private OperatorDesk desk() throws Exception {
        return OperatorAccess.open(settings());
    }

    @Command(
            name = "define",
            description = "Opens namespaces for packages of this registry.",
            mixinStandardHelpOptions = true)
    static final class Define implements Callable<Integer> {

        @ParentCommand
        private OperatorCommand operator;

        @Parameters(arity = "1..*", paramLabel = "NAMESPACE")
        private List<String> namespaces = List.of();

        @Override
        public Integer call() throws Exception {
            List<OperatorEntry> entries = new ArrayList<>();
            namespaces.forEach(name -> entries.add(new OperatorEntry.DefineNamespace(name)));
            try (OperatorDesk desk = operator.desk()) {
                long leaf = desk.append(entries);
                System.out.println("defined " + String.join(", ", namespaces) + " in the record at leaf " + leaf);
            }
            return 0;
        }
    }

    @Command(
            name = "import",
            description = "Says that a namespace lives on another registry.",
            mixinStandardHelpOptions = true)
    static final class Import implements Callable<Integer> {

        @ParentCommand
        private OperatorCommand operator;

        @Parameters(paramLabel = "NAMESPACE")
        private String namespace = "";

        @Option(names = "--from", required = true, paramLabel = "DOMAIN", description = "the other registry's domain")
        private String registry = "";

        @Override
        public Integer call() throws Exception {
            try (OperatorDesk desk = operator.desk()) {
                long leaf = desk.append(List.of(new OperatorEntry.ImportNamespace(namespace, registry)));
                System.out.println("imported " + namespace + " from " + registry + " in the record at leaf " + leaf);
            }
            return 0;
        }
    }

    @Command(
            name = "rotate-key",
            description = {
                "Makes a new operator key, grants it everything, and takes everything from the others.",
                "Checkpoints are signed by the new key from then on; old ones stay valid."
            },
            mixinStandardHelpOptions = true)
    static final class Rotate implements Callable<Integer> {

        @ParentCommand
        private OperatorCommand operator;

        @Override
        public Integer call() throws Exception {
            try (OperatorDesk desk = operator.desk()) {
                KeyId key = desk.rotate();
                System.out.println("operator key is now " + key);
            }
            return 0;
        }
    }

    @Command(name = "show", description = "Prints namespaces and keys.", mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {

        @ParentCommand
        private OperatorCommand operator;

        @Override
        public Integer call() throws Exception {
            try (OperatorDesk desk = operator.desk()) {
                OperatorLog.State state = desk.state();
                state.namespaces().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .forEach(namespace -> System.out.println("namespace " + namespace.getKey() + " "
                                + switch (namespace.getValue()) {
                                    case OperatorLog.NamespaceState.Defined defined -> "defined here";
                                    case OperatorLog.NamespaceState.Imported imported ->
                                        "imported from " + imported.registry();
                                }));
                state.keys().keySet().stream()
                        .sorted(Comparator.comparing(KeyId::toString))
                        .forEach(key -> System.out.println("key " + key + " may "
                                + (state.permissions(key).isEmpty()
                                        ? "do nothing any more"
                                        : String.join(
                                                ", ",
                                                state.permissions(key).stream()
                                                        .sorted()
                                                        .map(OperatorPermission::label)
                                                        .toList()))));
            }
            return 0;
        }
    }
}

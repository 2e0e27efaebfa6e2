package dev.lair.server.operations;

import dev.lair.server.settings.LairSettings.StorageKind;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Runs the registry until a signal. */
@Command(
        name = "serve",
        description = "Runs the registry in the foreground until a signal.",
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        footer = {
            "",
            "Every other setting is an environment variable or a --set, as docs/OPERATIONS.md lists them:",
            "  --set lair.publish.max-content=64MB"
        })
final class ServeCommand implements Callable<Integer> {

    @ParentCommand
    private ServerCommand server;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "data folder, made when it is not there (default: lair-data)")
    private @Nullable Path data;

    @Option(names = "--port", paramLabel = "N", description = "port to listen on, 0 for any (default: 8090)")
    private @Nullable Integer port;

    @Option(names = "--address", paramLabel = "ADDRESS", description = "address to listen on (default: 127.0.0.1)")
    private @Nullable String address;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "base of every URL that the registry gives out (default: where it listens)")
    private @Nullable URI publicUrl;

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = "certificates to show, PEM, the server's own first (default: no TLS; a proxy's work then)")
    private @Nullable Path tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "the private key of the first of them, PEM")
    private @Nullable Path tlsKey;

    @Option(names = "--storage", paramLabel = "KIND", description = "embedded, memory or postgres (default: embedded)")
    private @Nullable StorageKind storage;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "namespace to define at start when it is not there; may be given again")
    private List<String> namespaces = List.of();

    @Option(
            names = "--operator-key",
            paramLabel = "FILE",
            description = "key file to begin a new registry with (default: a new key)")
    private @Nullable Path operatorKey;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "any setting; may be given again")
    private Map<String, String> settings = Map.of();

    ServeCommand() {}

    @Override
    public Integer call() {
        SpringApplication application = new SpringApplication(server.application());
        application.addInitializers(new SnapshotReading());
        // A start that fails says so in one line of ours. The framework's own words, with the class names of beans,
        // stand in the way of it; a fault that it cannot analyse still comes with its stack trace.
        application.setDefaultProperties(Map.of(
                "spring.main.log-startup-info",
                "false",
                "logging.level.org.springframework.boot.diagnostics",
                "off",
                "logging.level.org.springframework.boot.web.server.servlet.context"
                        + ".AnnotationConfigServletWebServerApplicationContext",
                "error"));
        application.run(arguments());
        return 0;
    }

    /** Command line arguments outrank the environment, and every option here is one setting. */
    private String[] arguments() {
        Map<String, String> given = new HashMap<>(settings);
        // Absolute: Spring reads a relative path with a colon in it as a URL.
        putIfGiven(given, "lair.data", data == null ? null : data.toAbsolutePath());
        putIfGiven(given, "server.port", port);
        putIfGiven(given, "server.address", address);
        putIfGiven(given, "lair.public-url", publicUrl);
        putIfGiven(given, "lair.tls.certificate", tlsCertificate == null ? null : tlsCertificate.toAbsolutePath());
        putIfGiven(given, "lair.tls.key", tlsKey == null ? null : tlsKey.toAbsolutePath());
        putIfGiven(given, "lair.storage", storage);
        putIfGiven(given, "lair.operator-key-file", operatorKey == null ? null : operatorKey.toAbsolutePath());
        if (!namespaces.isEmpty()) {
            given.put("lair.namespaces", String.join(",", namespaces));
        }
        return given.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
    }

    private static void putIfGiven(Map<String, String> settings, String key, @Nullable Object value) {
        if (value != null) {
            settings.put(key, value.toString());
        }
    }
}

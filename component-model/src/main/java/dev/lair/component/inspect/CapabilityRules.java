package dev.lair.component.inspect;

import java.util.List;
import java.util.Optional;

/**
 * The table that groups WASI imports. The first rule whose beginning fits decides. Whole packages are one capability, as
 * hosts grant them; {@code wasi:cli} is split, because its interfaces give very different things.
 */
final class CapabilityRules {
    /** A rule; the beginning is that of a name without version, or of {@code module.function} for core modules. */
    private record Rule(String beginning, Capability capability) {}

    private static final List<Rule> COMPONENTS = List.of(
            new Rule("wasi:filesystem/", Capability.FILESYSTEM),
            new Rule("wasi:sockets/", Capability.SOCKETS),
            new Rule("wasi:http/", Capability.HTTP),
            new Rule("wasi:tls/", Capability.TLS),
            new Rule("wasi:clocks/", Capability.CLOCKS),
            new Rule("wasi:random/", Capability.RANDOM),
            new Rule("wasi:io/", Capability.IO),
            new Rule("wasi:cli/environment", Capability.ENVIRONMENT),
            new Rule("wasi:cli/exit", Capability.EXIT),
            // stdin, stdout, stderr, and types (0.3), which their streams fail with
            new Rule("wasi:cli/std", Capability.STDIO),
            new Rule("wasi:cli/types", Capability.STDIO),
            new Rule("wasi:cli/terminal-", Capability.STDIO),
            new Rule("wasi:config/", Capability.CONFIG),
            new Rule("wasi:runtime-config/", Capability.CONFIG),
            new Rule("wasi:secrets/", Capability.SECRETS),
            new Rule("wasi:keyvalue/", Capability.STORAGE),
            new Rule("wasi:blobstore/", Capability.STORAGE),
            new Rule("wasi:sql/", Capability.STORAGE),
            new Rule("wasi:messaging/", Capability.MESSAGING),
            new Rule("wasi:logging/", Capability.LOGGING),
            new Rule("wasi:nn/", Capability.NEURAL_NETWORKS),
            new Rule("wasi:threads/", Capability.THREADS),
            new Rule("wasi:", Capability.OTHER_WASI));

    /** Functions of preview 1. Reading and writing of open files is how it has standard output too: files it is. */
    private static final List<Rule> CORE_MODULES = List.of(
            new Rule("fd_", Capability.FILESYSTEM),
            new Rule("path_", Capability.FILESYSTEM),
            new Rule("sock_", Capability.SOCKETS),
            new Rule("clock_", Capability.CLOCKS),
            new Rule("poll_", Capability.CLOCKS),
            new Rule("sched_", Capability.CLOCKS),
            new Rule("random_", Capability.RANDOM),
            new Rule("environ_", Capability.ENVIRONMENT),
            new Rule("args_", Capability.ENVIRONMENT),
            new Rule("proc_", Capability.EXIT),
            new Rule("", Capability.OTHER_WASI));

    private static final List<String> PREVIEW_1 = List.of("wasi_snapshot_preview1.", "wasi_unstable.");

    private CapabilityRules() {}

    /** What an import of a component, or {@code module.name} of a core module, asks for; empty when it is not WASI. */
    static Optional<Capability> of(String importName) {
        for (String module : PREVIEW_1) {
            if (importName.startsWith(module)) {
                return first(CORE_MODULES, importName.substring(module.length()));
            }
        }
        return first(COMPONENTS, importName);
    }

    private static Optional<Capability> first(List<Rule> rules, String name) {
        return rules.stream()
                .filter(rule -> name.startsWith(rule.beginning()))
                .map(Rule::capability)
                .findFirst();
    }
}

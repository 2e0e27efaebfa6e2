package dev.lair.server.operations;

import dev.lair.server.settings.SettingNames;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;

/** Says on one line what a start or a command failed of: in our own words where there are any, else the innermost cause's. */
final class Faults {

    private Faults() {}

    static String describe(Throwable fault) {
        Throwable innermost = fault;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String message = unknownSetting(fault);
        if (message == null) {
            message = ours(fault);
        }
        if (message == null) {
            message = innermost.getMessage();
        }
        return message == null
                ? innermost.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }

    /** A key under {@code lair.} that is no setting, and the one that may have been meant. */
    private static @Nullable String unknownSetting(Throwable fault) {
        for (Throwable t = fault; t != null; t = t.getCause() == t ? null : t.getCause()) {
            if (t instanceof UnboundConfigurationPropertiesException unbound) {
                return unbound.getUnboundProperties().stream()
                        .map(property -> property.getName().toString())
                        .sorted()
                        .map(key -> "`" + key + "` is no setting"
                                + SettingNames.nearest(key)
                                        .map(near -> " (did you mean `" + near + "`?)")
                                        .orElse(""))
                        .collect(Collectors.joining("; ", "", "; docs/OPERATIONS.md lists all settings"));
            }
        }
        return null;
    }

    /** The message of the outermost exception that this project threw. */
    private static @Nullable String ours(Throwable fault) {
        for (Throwable t = fault; t != null; t = t.getCause() == t ? null : t.getCause()) {
            if (t.getClass().getName().startsWith("dev.lair.")) {
                return t.getMessage();
            }
        }
        return null;
    }
}

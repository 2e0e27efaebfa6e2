package dev.lair.server.operations;

import org.jspecify.annotations.Nullable;

/** Says on one line what a start or a command failed of: in our own words where there are any, else the innermost cause's. */
final class Faults {

    private Faults() {}

    static String describe(Throwable fault) {
        Throwable innermost = fault;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String message = ours(fault);
        if (message == null) {
            message = innermost.getMessage();
        }
        return message == null
                ? innermost.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
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

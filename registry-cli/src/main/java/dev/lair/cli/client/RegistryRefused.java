package dev.lair.cli.client;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.warg.WargError;
import dev.lair.transparency.LogId;
import dev.lair.transparency.MalformedDigestException;
import dev.lair.transparency.RecordId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The registry answered with an error (warg protocol, section 4, errors). Whoever knows what a certain refusal means asks
 * for it; everyone else takes {@link #fault}.
 */
public final class RegistryRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final String request;
    private final transient WargError error;
    private final @Nullable String registryHint;
    private final boolean asksForToken;

    /**
     * @param request what was asked, for the message
     * @param registryHint value of {@code warg-registry-hint}, {@code <namespace>=<domain>}, if there was one
     * @param asksForToken whether it wants another token, or any
     */
    RegistryRefused(String request, WargError error, @Nullable String registryHint, boolean asksForToken) {
        super(request + ": " + error.status());
        this.request = request;
        this.error = error;
        this.registryHint = registryHint;
        this.asksForToken = asksForToken;
    }

    /** The HTTP status. */
    public int status() {
        return error.status();
    }

    /** Whether the registry says that it has no log of this id. */
    public boolean isUnknownLog(LogId log) {
        return isMissing("log") && log.toString().equals(error.id());
    }

    /** Whether the registry says that it has not got something of this type, like {@code contentDigest}. */
    public boolean isMissing(String type) {
        return error.status() == 404 && type.equals(error.type());
    }

    /** The record that is in the way of a publish, if that is the refusal. */
    public Optional<RecordId> pendingRecord() {
        if (error.status() != 409 || !"record".equals(error.type())) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordId.parse(String.valueOf(error.id())));
        } catch (MalformedDigestException e) {
            return Optional.empty();
        }
    }

    /** What may help, in words: the registry's hint, or how to be let in. */
    public @Nullable String hint() {
        if (registryHint == null) {
            return asksForToken
                    ? "this registry is private: run `lair login`, or set $LAIR_TOKEN to a token that reads"
                    : null;
        }
        int equals = registryHint.indexOf('=');
        return equals < 0
                ? "the registry hints at `" + registryHint + "`"
                : "the registry says that namespace `" + registryHint.substring(0, equals) + "` lives on `"
                        + registryHint.substring(equals + 1) + "`: try --registry https://"
                        + registryHint.substring(equals + 1);
    }

    /** What the registry said, in one line. */
    public String words() {
        if (error.type() != null) {
            return switch (error.type()) {
                case "log" -> "it has no package log " + error.id();
                case "record" ->
                    error.status() == 409
                            ? "record " + error.id() + " of this package is still on its way"
                            : "it has no record " + error.id();
                case "namespace" ->
                    "namespace `" + error.id() + "` is not defined there; ask its operator to define it";
                case "namespaceImport" -> "namespace `" + error.id() + "` belongs to another registry";
                case "logLength" -> "it has no checkpoint of " + error.id() + " records";
                case "leaf" -> "it has no leaf " + error.id();
                case "fetchToken" -> "it does not know fetch token `" + error.id() + "`";
                case "contentDigest" -> "it has no content " + error.id();
                default -> "`" + error.type() + "` " + error.id();
            };
        }
        String said = Objects.requireNonNullElse(error.message(), Objects.requireNonNullElse(error.reason(), ""));
        return said.isEmpty() ? "no reason given" : shortened(said);
    }

    static String shortened(String text) {
        return text.length() <= Limits.SHOWN_CHARACTERS ? text : text.substring(0, Limits.SHOWN_CHARACTERS) + "…";
    }

    /** The refusal as the end of the command. */
    public Fault fault() {
        return code().fault("the registry refused to " + request + " (" + error.status() + "): " + words(), this)
                .withHint(hint());
    }

    private ExitCode code() {
        int status = error.status();
        if (status == 404) {
            return ExitCode.NOT_FOUND;
        }
        return status >= 500 && status != 501 ? ExitCode.UNREACHABLE : ExitCode.REFUSED;
    }
}

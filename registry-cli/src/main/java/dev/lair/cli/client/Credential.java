package dev.lair.cli.client;

import dev.lair.cli.report.Fault;
import dev.lair.registry.api.TokenText;
import java.util.Optional;

/** A token as it is sent to a registry; shows itself to nobody else. */
public record Credential(TokenText token) {

    /** Where one comes from, asked only when it is needed. */
    @FunctionalInterface
    public interface Source {
        /** The token for the registry; empty when there is none. */
        Optional<Credential> find() throws Fault;
    }

    /** Value of {@code Authorization}. */
    String header() {
        return "Bearer " + token.secret();
    }

    @Override
    public String toString() {
        return token.toString();
    }
}

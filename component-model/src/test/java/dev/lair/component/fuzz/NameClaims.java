package dev.lair.component.fuzz;

import dev.lair.component.names.FuzzedNames;
import java.nio.charset.StandardCharsets;

/** What holds for every name. */
final class NameClaims {
    private NameClaims() {}

    static void name(byte[] input) {
        FuzzedNames.check(new String(input, StandardCharsets.UTF_8));
    }
}

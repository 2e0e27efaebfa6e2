package dev.lair.component.inspect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An interface of a WIT package.
 *
 * @param name qualified, with the version
 * @param docs its documentation, or null
 * @param types one declaration each, on one line
 * @param functions one signature each
 */
public record InterfaceFact(String name, @Nullable String docs, List<String> types, List<String> functions) {
    public InterfaceFact {
        types = List.copyOf(types);
        functions = List.copyOf(functions);
    }
}

package dev.lair.component.inspect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A world of a WIT package.
 *
 * @param name qualified, with the version
 * @param docs its documentation, or null
 * @param imports names, in order
 * @param exports names, in order
 */
public record WorldFact(String name, @Nullable String docs, List<String> imports, List<String> exports) {
    public WorldFact {
        imports = List.copyOf(imports);
        exports = List.copyOf(exports);
    }
}

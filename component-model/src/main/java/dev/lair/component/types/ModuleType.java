package dev.lair.component.types;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The type of a core module. Equality is identity. */
public final class ModuleType {
    /** Module and field name of an import. */
    public record ImportName(String module, String name) {}

    private final CoreTypes types;
    private final Map<ImportName, CoreEntity> imports;
    private final Map<String, CoreEntity> exports;
    private final Measure measure;

    /**
     * Makes one.
     *
     * @param types what the indices of types in imports and exports mean
     * @throws TypeException when the type is too large
     */
    public ModuleType(CoreTypes types, Map<ImportName, CoreEntity> imports, Map<String, CoreEntity> exports)
            throws TypeException {
        this.types = types;
        this.imports = Collections.unmodifiableMap(new LinkedHashMap<>(imports));
        this.exports = Collections.unmodifiableMap(new LinkedHashMap<>(exports));
        Measure all = Measure.leaf();
        for (int i = imports.size() + exports.size(); i > 0; i--) {
            all = all.and(Measure.leaf());
        }
        measure = all;
    }

    CoreTypes types() {
        return types;
    }

    public Map<ImportName, CoreEntity> imports() {
        return imports;
    }

    public Map<String, CoreEntity> exports() {
        return exports;
    }

    public Measure measure() {
        return measure;
    }
}

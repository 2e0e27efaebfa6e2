package dev.lair.component.types;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The type of a component. Equality is identity.
 *
 * <p>{@link #imported} are the resources that the imports bring, {@link #defined} those that exports bring and that
 * each
 * instantiation makes anew, both with the path of names at which they are found; {@link #explicit} are all that
 * exports
 * name, wherever they come from.
 */
public final class ComponentType implements AnyType {
    private final Map<String, Entity.Item> imports;
    private final Map<String, Entity.Item> exports;
    private final Map<Resource, List<String>> imported;
    private final Map<Resource, List<String>> defined;
    private final Map<Resource, List<String>> explicit;
    private final Measure measure;

    /** @throws TypeException when the type is too large */
    public ComponentType(
            Map<String, Entity.Item> imports,
            Map<String, Entity.Item> exports,
            Map<Resource, List<String>> imported,
            Map<Resource, List<String>> defined,
            Map<Resource, List<String>> explicit)
            throws TypeException {
        this.imports = Collections.unmodifiableMap(new LinkedHashMap<>(imports));
        this.exports = Collections.unmodifiableMap(new LinkedHashMap<>(exports));
        this.imported = Collections.unmodifiableMap(new LinkedHashMap<>(imported));
        this.defined = Collections.unmodifiableMap(new LinkedHashMap<>(defined));
        this.explicit = Collections.unmodifiableMap(new LinkedHashMap<>(explicit));
        Measure all = Measure.leaf();
        for (Entity.Item item : imports.values()) {
            all = all.and(item.entity().measure());
        }
        for (Entity.Item item : exports.values()) {
            all = all.and(item.entity().measure());
        }
        measure = all.deeper();
    }

    /** The imports by name, in order. */
    public Map<String, Entity.Item> imports() {
        return imports;
    }

    /** The exports by name, in order. */
    public Map<String, Entity.Item> exports() {
        return exports;
    }

    public Map<Resource, List<String>> imported() {
        return imported;
    }

    public Map<Resource, List<String>> defined() {
        return defined;
    }

    public Map<Resource, List<String>> explicit() {
        return explicit;
    }

    public Measure measure() {
        return measure;
    }
}

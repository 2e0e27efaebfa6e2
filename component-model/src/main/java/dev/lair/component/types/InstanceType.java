package dev.lair.component.types;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The type of an instance. Equality is identity.
 *
 * <p>{@link #defined} are the resources that the type declares: variables, which each import of the type makes anew.
 * The
 * type of an instance that exists declares none. {@link #explicit} tells under which path of names a resource is
 * exported.
 */
public final class InstanceType implements AnyType {
    private final Map<String, Entity.Item> exports;
    private final List<Resource> defined;
    private final Map<Resource, List<String>> explicit;
    private final Measure measure;

    /** @throws TypeException when the type is too large */
    public InstanceType(Map<String, Entity.Item> exports, List<Resource> defined, Map<Resource, List<String>> explicit)
            throws TypeException {
        this.exports = Collections.unmodifiableMap(new LinkedHashMap<>(exports));
        this.defined = List.copyOf(defined);
        this.explicit = Collections.unmodifiableMap(new LinkedHashMap<>(explicit));
        Measure all = Measure.leaf();
        for (Entity.Item item : exports.values()) {
            all = all.and(item.entity().measure());
        }
        measure = all.deeper();
    }

    /** The exports by name, in order. */
    public Map<String, Entity.Item> exports() {
        return exports;
    }

    /** The type of one export, or null. */
    public @Nullable Entity export(String name) {
        Entity.Item item = exports.get(name);
        return item == null ? null : item.entity();
    }

    public List<Resource> defined() {
        return defined;
    }

    public Map<Resource, List<String>> explicit() {
        return explicit;
    }

    public Measure measure() {
        return measure;
    }
}

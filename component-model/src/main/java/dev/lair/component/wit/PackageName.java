package dev.lair.component.wit;

import dev.lair.component.names.SemanticVersion;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The name of a WIT package, {@code namespace:name[@version]}. Ordered by namespace, name, then version, a name without
 * a version first.
 */
public record PackageName(
        String namespace, String name, @Nullable SemanticVersion version) implements Comparable<PackageName> {
    private static final Comparator<PackageName> ORDER = Comparator.comparing(PackageName::namespace)
            .thenComparing(PackageName::name)
            .thenComparing(PackageName::version, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** The qualified name of an interface or world of this package: {@code namespace:name/item[@version]}. */
    public String item(String item) {
        return namespace + ':' + name + '/' + item + (version == null ? "" : "@" + version);
    }

    @Override
    public int compareTo(PackageName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return namespace + ':' + name + (version == null ? "" : "@" + version);
    }
}

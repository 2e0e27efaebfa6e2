package dev.lair.registry.facts;

import dev.lair.component.names.ExternName;
import dev.lair.component.names.InvalidNameException;
import dev.lair.component.names.SemanticVersion;
import dev.lair.registry.VersionTrack;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ContentFacts.Extern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which interfaces a content exports, imports or defines. A component exports and imports; a WIT package defines its own
 * interfaces, and what its worlds name is a wish and no use. Names that no path can say (nested ones) are passed over.
 */
public final class InterfaceUses {

    private InterfaceUses() {}

    /** What is done with an interface. */
    public enum Role {
        EXPORTS,
        IMPORTS,
        DEFINES
    }

    /**
     * One use.
     *
     * @param item {@code ns:pkg/iface} in lower case: names that differ by case alone are one name
     * @param named as it is named, with a version if it has one
     */
    public record Use(Role role, String item, VersionTrack track, String named) {}

    /** Each once, by role and name. */
    public static List<Use> of(ContentFacts facts) {
        TreeMap<String, Use> found = new TreeMap<>();
        switch (facts.kind()) {
            case ContentFacts.COMPONENT -> {
                facts.exports().forEach(each -> add(found, Role.EXPORTS, each));
                facts.imports().forEach(each -> add(found, Role.IMPORTS, each));
            }
            case ContentFacts.WIT_PACKAGE -> defined(facts).forEach(each -> add(found, Role.DEFINES, each));
            default -> {
                // A core module knows no interfaces.
            }
        }
        return List.copyOf(found.values());
    }

    private static List<Extern> defined(ContentFacts facts) {
        String name = facts.packageName();
        if (name == null) {
            return List.of();
        }
        String version = facts.packageVersion();
        List<Extern> own = new ArrayList<>();
        facts.interfaces().forEach(each -> {
            String full = each.name().indexOf('/') >= 0
                    ? each.name()
                    : name + "/" + each.name() + (version == null ? "" : "@" + version);
            own.add(new Extern(full, "instance", null));
        });
        return own;
    }

    private static void add(TreeMap<String, Use> found, Role role, Extern extern) {
        if (extern.kind().equals("instance")) {
            of(role, extern.name()).ifPresent(use -> found.putIfAbsent(role.ordinal() + " " + use.named(), use));
        }
    }

    /** The use of an interface by its name; empty for a name of another kind. */
    static Optional<Use> of(Role role, String named) {
        try {
            if (ExternName.parse(named, true, null) instanceof ExternName.InterfaceName full
                    && full.namespaces().size() == 1
                    && full.projections().size() == 1) {
                return Optional.of(new Use(role, item(full), track(full), named));
            }
        } catch (InvalidNameException noInterface) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static String item(ExternName.InterfaceName full) {
        return (full.namespaces().getFirst() + ":" + full.packageName() + "/" + full.interfaceName())
                .toLowerCase(Locale.ROOT);
    }

    private static VersionTrack track(ExternName.InterfaceName full) {
        @Nullable SemanticVersion version = full.semanticVersion();
        String written = full.version();
        // A canonical version is a track already: `1` or `0.2`.
        return version == null && written != null ? new VersionTrack(written) : VersionTrack.of(version);
    }
}

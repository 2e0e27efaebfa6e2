package dev.lair.component.wit.resolve;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.syntax.WitTree.Docs;
import dev.lair.component.wit.syntax.WitTree.Gate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Attributes of an item: what they mean, and whether the item is part of the result (WIT.md, "Feature Gates"). */
record Gates(Stability stability, @Nullable String externalId) {
    static Gates of(List<Gate> gates) throws WitResolveException {
        Gate.Since since = null;
        Gate.Unstable unstable = null;
        Gate.DeprecatedIn deprecated = null;
        Gate.ExternalId external = null;
        Set<Class<?>> seen = new HashSet<>();
        for (Gate gate : gates) {
            if (!seen.add(gate.getClass())) {
                throw unsupported(gate.place());
            }
            switch (gate) {
                case Gate.Since g -> since = g;
                case Gate.Unstable g -> unstable = g;
                case Gate.DeprecatedIn g -> deprecated = g;
                case Gate.ExternalId g -> external = g;
            }
        }
        if (since != null && unstable != null) {
            throw unsupported(unstable.place());
        }
        if (deprecated != null && since == null && unstable == null) {
            throw new WitResolveException("must pair @deprecated with either @since or @unstable", deprecated.place());
        }
        SemanticVersion ended = deprecated == null ? null : deprecated.version();
        Stability stability = since != null
                ? new Stability.Stable(since.version(), ended)
                : unstable != null ? new Stability.Unstable(unstable.feature(), ended) : Stability.unknown();
        return new Gates(stability, external == null ? null : external.id());
    }

    /** Attributes of an interface, a world or an include, which have no name in binaries that an id could go with. */
    static Gates withoutExternalId(List<Gate> gates) throws WitResolveException {
        for (Gate gate : gates) {
            if (gate instanceof Gate.ExternalId external) {
                throw new WitResolveException(
                        "@external-id goes with types, functions, imports and exports only", external.place());
            }
        }
        return of(gates);
    }

    private static WitResolveException unsupported(Place place) {
        return new WitResolveException("unsupported combination of attributes", place);
    }

    Annotations annotations(Docs docs, Place place) {
        return new Annotations(docs.text(), stability, externalId, place);
    }

    Annotations annotations(Place place) {
        return new Annotations(null, stability, externalId, place);
    }

    /** Whether an item with these attributes in this package is part of the result. */
    boolean include(Features features, PackageName in, Place place) throws WitResolveException {
        return switch (stability) {
            case Stability.Unknown none -> true;
            case Stability.Unstable unstable -> features.has(unstable.feature());
            case Stability.Stable stable -> {
                SemanticVersion version = in.version();
                if (version == null) {
                    throw new WitResolveException(
                            "package [" + in
                                    + "] contains a feature gate with a version specifier, so it must have a version",
                            place);
                }
                if (stable.since().compareTo(version) > 0) {
                    throw new WitResolveException(
                            "feature gate cannot reference unreleased version " + stable.since() + " of package [" + in
                                    + "] (current version " + version + ")",
                            place);
                }
                yield true;
            }
        };
    }
}

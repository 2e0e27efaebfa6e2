package dev.lair.component.validate;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The features that a validation allows. */
public record FeatureSet(Set<Feature> features) {
    public FeatureSet {
        Set<Feature> copy = EnumSet.noneOf(Feature.class);
        copy.addAll(features);
        features = Collections.unmodifiableSet(copy);
    }

    /** Every stable feature: what a registry accepts unless it is configured otherwise. */
    public static FeatureSet stable() {
        Set<Feature> stable = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
            if (feature.isStable()) {
                stable.add(feature);
            }
        }
        return new FeatureSet(stable);
    }

    /** Everything that is known here. */
    public static FeatureSet all() {
        return new FeatureSet(EnumSet.allOf(Feature.class));
    }

    /** This set and more features. */
    public FeatureSet with(Feature... more) {
        Set<Feature> union = EnumSet.noneOf(Feature.class);
        union.addAll(features);
        union.addAll(Arrays.asList(more));
        return new FeatureSet(union);
    }

    /** This set without some features. */
    public FeatureSet without(Feature... fewer) {
        Set<Feature> rest = EnumSet.noneOf(Feature.class);
        rest.addAll(features);
        rest.removeAll(Arrays.asList(fewer));
        return new FeatureSet(rest);
    }

    public boolean has(Feature feature) {
        return features.contains(feature);
    }
}

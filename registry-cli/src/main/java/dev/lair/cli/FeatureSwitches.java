package dev.lair.cli;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.component.validate.Feature;
import dev.lair.component.validate.FeatureSet;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which parts of the component model a validation allows: the stable ones unless they are switched. */
@SuppressWarnings("NullAway.Init")
final class FeatureSwitches {

    @Option(
            names = "--features",
            paramLabel = "NAME|-NAME",
            split = ",",
            description = "Switch features on, or off with a minus, like threading,-async. Stable features are on.")
    private List<String> switches = List.of();

    @Option(names = "--all-features", description = "Switch everything on that is known here, gated features too.")
    private boolean all;

    FeatureSet features() throws Fault {
        FeatureSet features = all ? FeatureSet.all() : FeatureSet.stable();
        for (String each : switches) {
            boolean off = each.startsWith("-");
            Feature feature = named(off ? each.substring(1) : each);
            features = off ? features.without(feature) : features.with(feature);
        }
        return features;
    }

    private static Feature named(String name) throws Fault {
        return Arrays.stream(Feature.values())
                .filter(feature -> feature.label().equals(name))
                .findFirst()
                .orElseThrow(() -> ExitCode.USAGE.fault("`" + name + "` is no feature; there are "
                        + Arrays.stream(Feature.values()).map(Feature::label).collect(Collectors.joining(", "))));
    }
}

package dev.lair.cli;

import dev.lair.component.wit.resolve.Features;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which {@code @unstable} items of WIT texts are kept. */
@SuppressWarnings("NullAway.Init")
final class WitFeatures {

    @Option(
            names = "--features",
            paramLabel = "NAME",
            split = ",",
            description = "Keep @unstable items of these features, separated by commas.")
    private List<String> names = List.of();

    @Option(names = "--all-features", description = "Keep all @unstable items.")
    private boolean all;

    Features features() {
        return new Features(all, Set.copyOf(names));
    }

    /** Whether any was asked for. */
    boolean areNamed() {
        return all || !names.isEmpty();
    }
}

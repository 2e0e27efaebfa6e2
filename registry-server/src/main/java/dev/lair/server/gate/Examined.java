package dev.lair.server.gate;

import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ContentFacts.Validation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gate has to know of a content, without the texts.
 *
 * @param packageName the name that a WIT package gives itself
 * @param packageVersion the version that it gives itself
 * @param isWhole whether this was found out by a look, so that a missing comparand means that there is none
 * @param comparand null when there is nothing to compare: core modules, what is not checked or cannot be said in WIT
 */
record Examined(
        ContentKind kind,
        Validation validation,
        Validity validity,
        @Nullable String packageName,
        @Nullable String packageVersion,
        List<ContentFacts.Dependency> dependencies,
        boolean isWhole,
        @Nullable Comparand comparand) {

    /** Found out by a look. */
    static Examined of(ContentFacts facts, @Nullable Comparand comparand) {
        return new Examined(
                ContentKind.of(facts.kind()),
                facts.validation(),
                Validity.of(facts.validation().verdict()),
                facts.packageName(),
                facts.packageVersion(),
                facts.dependencies(),
                true,
                comparand);
    }

    /** Read from what was kept: types to compare with have to be found out, where there are any. */
    static Examined read(ContentFacts facts) {
        ContentKind kind = ContentKind.of(facts.kind());
        Validity validity = Validity.of(facts.validation().verdict());
        boolean hasTypes = kind != ContentKind.CORE_MODULE
                && switch (validity) {
                    case VALID, PARTLY_CHECKED -> true;
                    case NOT_CHECKED, INVALID -> false;
                };
        return new Examined(
                kind,
                facts.validation(),
                validity,
                facts.packageName(),
                facts.packageVersion(),
                facts.dependencies(),
                !hasTypes,
                null);
    }

    boolean isValid() {
        return validity != Validity.INVALID;
    }

    /** What it weighs in memory, in steps of work. */
    int weight() {
        long steps = comparand == null ? 0 : comparand.work();
        return (int) Math.min(GateLimits.LEAST_WORK + steps, Integer.MAX_VALUE);
    }
}

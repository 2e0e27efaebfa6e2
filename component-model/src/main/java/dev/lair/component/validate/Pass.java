package dev.lair.component.validate;

import dev.lair.component.CoreCheck;
import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.types.CoreTypes;
import dev.lair.component.types.Subtyping;
import dev.lair.component.types.Work;

/** One run over one binary: what all scopes share, and the place that errors name. */
final class Pass {
    final FeatureSet features;
    final Work work = new Work(ComponentLimits.WORK_STEPS);
    final CoreTypes coreTypes = new CoreTypes();
    final Subtyping subtyping = new Subtyping(work, coreTypes);
    private CoreCheck coreCheck = new CoreCheck.Valid();
    private long at;

    Pass(FeatureSet features) {
        this.features = features;
    }

    /** Errors from here on name this byte offset. */
    void at(long offset) {
        at = offset;
    }

    long offset() {
        return at;
    }

    InvalidComponentException invalid(String rule) {
        return new InvalidComponentException(rule, at);
    }

    /** Refuses a definition unless its feature is on. */
    void require(Feature feature, String what) throws InvalidComponentException {
        if (!features.has(feature)) {
            throw new InvalidComponentException(
                    what + " requires the feature " + feature.label() + ", which is switched off", at, feature.label());
        }
    }

    /** Notes the verdict on one core module; the first that is not "valid" stands for all. */
    void coreModule(CoreCheck check) {
        if (coreCheck instanceof CoreCheck.Valid) {
            coreCheck = check;
        }
    }

    CoreCheck coreCheck() {
        return coreCheck;
    }
}

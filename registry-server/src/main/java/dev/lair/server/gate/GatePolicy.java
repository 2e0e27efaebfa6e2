package dev.lair.server.gate;

import dev.lair.server.settings.LairSettings.CompatibilityPolicy;
import dev.lair.server.settings.LairSettings.ContentPolicy;
import dev.lair.server.settings.LairSettings.PublishSettings;

/** What this registry takes, as far as it is not the validator's to say. */
record GatePolicy(
        boolean allowModules,
        boolean allowComponents,
        ContentPolicy notChecked,
        CompatibilityPolicy compatibility,
        ContentPolicy unknownDependencies) {

    static GatePolicy of(PublishSettings settings) {
        return new GatePolicy(
                settings.allowModules(),
                settings.allowComponents(),
                settings.notChecked(),
                settings.compatibility(),
                settings.unknownDependencies());
    }

    /** For looking back: what is known here today says nothing about a release of yesterday. */
    GatePolicy withoutDependencies() {
        return new GatePolicy(allowModules, allowComponents, notChecked, compatibility, ContentPolicy.ALLOW);
    }
}

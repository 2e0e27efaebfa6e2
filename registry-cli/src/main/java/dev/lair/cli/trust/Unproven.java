package dev.lair.cli.trust;

import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;

/** Why a registry is not believed, in plain words. */
public final class Unproven {

    private Unproven() {}

    /** Its answers do not fit together. */
    public static Fault because(String what) {
        return ExitCode.UNVERIFIED.fault("the registry is not believed: " + what);
    }

    /** The same with the rule that failed. */
    public static Fault because(String what, Exception rule) {
        return ExitCode.UNVERIFIED.fault("the registry is not believed: " + what + ": " + rule.getMessage(), rule);
    }

    /** It contradicts what was verified earlier. The way out is named, and its price. */
    public static Fault contradicts(String registry, String what) {
        return ExitCode.UNVERIFIED.fault(what
                + ". Ask its operator what happened. If there is a good reason, `lair registry forget " + registry
                + "` trusts it anew, and gives up the proof that it did not rewrite what you saw before");
    }

    /**
     * It refused a proof of what it said itself (404, 422), which is as bad as a wrong proof; any other refusal is what it
     * is.
     */
    public static Fault refusedProof(String what, RegistryRefused refused) {
        return refused.status() == 404 || refused.status() == 422
                ? because("it does not prove " + what + ": " + refused.words())
                : refused.fault();
    }
}

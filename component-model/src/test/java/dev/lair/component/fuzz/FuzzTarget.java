package dev.lair.component.fuzz;

import java.util.Arrays;
import java.util.Locale;

/** What is fuzzed, by the name that `./lair fuzz` takes. Each constant's body is a claim about every input. */
enum FuzzTarget {
    /** Components: decoded, validated with every feature, and written again as something that reads the same. */
    COMPONENT(BinaryClaims::component),
    /** Core modules: sections, scan and validator. */
    CORE_MODULE(BinaryClaims::coreModule),
    /** WIT text: lexed, parsed, resolved; printed text and package binary read back as the same. */
    WIT_TEXT(WitClaims::text),
    /** Package binaries and components: decoded to WIT that prints, resolves and is encoded to the same binary. */
    WIT_BINARY(WitClaims::binary),
    /** Any bytes: described, with custom sections and metadata; nothing is refused. */
    INSPECT(BinaryClaims::inspect),
    /** Two versions: every pair has a verdict or is incomparable, and what is valid is compatible with itself. */
    COMPAT(CompatClaims::pair),
    /** Extern names, versions and labels: accepted ones print as they were read. */
    NAMES(NameClaims::name);

    private final Claim claim;

    FuzzTarget(Claim claim) {
        this.claim = claim;
    }

    /** Throws only when the claim is wrong for this input; typed rejections are part of it. */
    interface Claim {
        void holds(byte[] input) throws Exception;
    }

    void run(byte[] input) throws Exception {
        claim.holds(input);
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static FuzzTarget labelled(String label) {
        return Arrays.stream(values())
                .filter(target -> target.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fuzz target `" + label + "`; there are "
                        + Arrays.stream(values()).map(FuzzTarget::label).toList()));
    }
}

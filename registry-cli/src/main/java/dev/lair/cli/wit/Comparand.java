package dev.lair.cli.wit;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.CompatibilityCheck;
import dev.lair.component.compat.IncomparableException;
import dev.lair.component.compat.VersionStep;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.ValidatedComponent;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.decode.WitDecoder;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One side of a comparison. */
public sealed interface Comparand {

    /** A WIT package, with places in a text. */
    record Wit(Resolved resolved) implements Comparand {}

    /**
     * A component.
     *
     * @param label how the person calls it, as it says no name itself
     * @param version under which it is, or is to be, released; null when nobody says
     */
    record Component(
            String label,
            ValidatedComponent component,
            @Nullable SemanticVersion version) implements Comparand {}

    /** A local text, folder of texts, or binary; {@code version} counts for components. */
    static Comparand local(Path base, Path written, Features features, @Nullable SemanticVersion version) throws Fault {
        return BinaryFile.isBinary(base.resolve(written))
                ? released(written.toString(), BinaryFile.map(base.resolve(written), written), version)
                : new Wit(new WitFiles(base, features).resolve(written));
    }

    /**
     * A binary.
     *
     * @param label how messages and places call it
     */
    static Comparand released(String label, ByteBuffer bytes, @Nullable SemanticVersion version) throws Fault {
        if (BinaryFile.isCoreModule(bytes)) {
            throw ExitCode.LOCAL.fault("`" + label + "` is a core module, whose imports and exports say too little to"
                    + " compare; name components or WIT packages");
        }
        ValidatedComponent component = valid(label, bytes);
        if (!WitDecoder.isPackage(component)) {
            return new Component(label, component, version);
        }
        try {
            return new Wit(placed(label, WitDecoder.decode(component)));
        } catch (WitException e) {
            throw ExitCode.INVALID.fault("`" + label + "` cannot be said as WIT: " + e.getMessage(), e);
        }
    }

    private static ValidatedComponent valid(String label, ByteBuffer bytes) throws Fault {
        try {
            return switch (ComponentValidator.validate(bytes, FeatureSet.all())) {
                case Verdict.Valid valid -> valid.component();
                case Verdict.NotChecked unknown ->
                    throw ExitCode.LOCAL.fault(
                            "`" + label + "` cannot be compared: " + unknown.reason() + " is not understood here");
            };
        } catch (InvalidComponentException e) {
            throw ExitCode.INVALID.fault("`" + label + "` is no valid component: " + e.getMessage(), e);
        }
    }

    /** The same package read from its printed text, so that what is in it has a place; itself when that does not read. */
    private static Resolved placed(String label, Resolved decoded) {
        try {
            return new WitResolver(Features.ALL).resolve(SourceGroup.of(label, WitPrinter.print(decoded)));
        } catch (WitException unprintable) {
            return decoded;
        }
    }

    /**
     * Compares two.
     *
     * @throws IncomparableException when they are of different kinds, or too large
     */
    static Compatibility compare(Comparand before, Comparand after) throws IncomparableException {
        if (before instanceof Wit old && after instanceof Wit next) {
            return CompatibilityCheck.packages(old.resolved(), next.resolved());
        }
        if (before instanceof Component old && after instanceof Component next) {
            SemanticVersion from = old.version();
            SemanticVersion to = next.version();
            VersionStep step = from == null || to == null ? VersionStep.UNVERSIONED : new VersionStep(from, to);
            Compatibility verdict = CompatibilityCheck.components(old.component(), next.component(), step);
            return new Compatibility(old.label(), next.label(), verdict.versions(), verdict.differences());
        }
        throw new IncomparableException("one is a WIT package and the other a component");
    }
}

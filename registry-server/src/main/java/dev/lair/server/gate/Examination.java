package dev.lair.server.gate;

import dev.lair.component.CoreCheck;
import dev.lair.component.CoreValidator;
import dev.lair.component.InvalidWasmException;
import dev.lair.component.WasmKind;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.inspect.BinaryFacts;
import dev.lair.component.inspect.BinaryInspector;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.Feature;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.ValidatedComponent;
import dev.lair.component.validate.ValidatorVersion;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.decode.WitDecoder;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ContentFacts.Validation;
import dev.lair.registry.facts.FactsOf;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Validates bytes and describes them: components and WIT packages by the toolkit's validator, core modules by the check of
 * core modules. Pure; nothing of the bytes is held behind it but names and texts.
 *
 * @param facts what is kept and told
 * @param comparand what other versions are compared with
 */
record Examination(ContentFacts facts, @Nullable Comparand comparand) {

    Examined examined() {
        return Examined.of(facts, comparand);
    }

    /** Any bytes, from position to limit; the buffer may be a mapped file. */
    static Examination of(ByteBuffer bytes, FeatureSet features) {
        return WasmKind.saysComponent(bytes) ? component(bytes, features) : coreModule(bytes, features);
    }

    private static Examination coreModule(ByteBuffer bytes, FeatureSet features) {
        try {
            CoreCheck check = CoreValidator.validate(bytes);
            Validation validation =
                    switch (check) {
                        case CoreCheck.Valid valid -> verdict(features, Validity.VALID, null);
                        case CoreCheck.NotChecked unchecked ->
                            verdict(features, Validity.NOT_CHECKED, unchecked.reason());
                    };
            return new Examination(
                    FactsOf.coreModule(BinaryInspector.describeCoreModule(bytes, check), validation), null);
        } catch (InvalidWasmException e) {
            return invalid(
                    ContentKind.CORE_MODULE,
                    bytes,
                    new Validation(
                            ValidatorVersion.CURRENT,
                            gated(features),
                            Validity.INVALID.word(),
                            e.rule(),
                            e.offset(),
                            null));
        }
    }

    private static Examination component(ByteBuffer bytes, FeatureSet features) {
        Verdict verdict;
        try {
            verdict = ComponentValidator.validate(bytes, features);
        } catch (InvalidComponentException e) {
            return invalid(
                    ContentKind.COMPONENT,
                    bytes,
                    new Validation(
                            ValidatorVersion.CURRENT,
                            gated(features),
                            Validity.INVALID.word(),
                            e.rule(),
                            e.offset(),
                            e.missingFeature()));
        }
        return switch (verdict) {
            case Verdict.NotChecked unchecked ->
                new Examination(
                        FactsOf.component(
                                BinaryInspector.describe(bytes, verdict),
                                new Validation(
                                        ValidatorVersion.CURRENT,
                                        gated(features),
                                        Validity.NOT_CHECKED.word(),
                                        unchecked.reason(),
                                        unchecked.offset(),
                                        null),
                                null),
                        null);
            case Verdict.Valid valid -> valid(bytes, valid, features);
        };
    }

    private static Examination valid(ByteBuffer bytes, Verdict.Valid verdict, FeatureSet features) {
        ValidatedComponent component = verdict.component();
        Validation validation =
                switch (verdict.coreModules()) {
                    case CoreCheck.Valid all -> verdict(features, Validity.VALID, null);
                    case CoreCheck.NotChecked unchecked ->
                        verdict(features, Validity.PARTLY_CHECKED, unchecked.reason());
                };
        boolean isPackage = WitDecoder.isPackage(component);
        Resolved wit = null;
        try {
            wit = WitDecoder.decode(component);
        } catch (WitException e) {
            if (isPackage) {
                // Valid as a component, and of no use as what it says to be: its names or documentation break WIT's
                // rules.
                return invalid(
                        ContentKind.WIT_PACKAGE,
                        bytes,
                        new Validation(
                                ValidatorVersion.CURRENT,
                                gated(features),
                                Validity.INVALID.word(),
                                "not a WIT package: " + e.getMessage(),
                                null,
                                null));
            }
        }
        BinaryFacts described = BinaryInspector.describe(bytes, verdict);
        ContentFacts facts = isPackage
                ? FactsOf.witPackage(described, validation, wit)
                : FactsOf.component(described, validation, wit);
        Comparand comparand = !isPackage
                ? Comparand.Component.of(component)
                : wit == null ? null : new Comparand.WitPackage(wit, component.workSteps());
        return new Examination(facts, comparand);
    }

    private static Examination invalid(ContentKind kind, ByteBuffer bytes, Validation validation) {
        return new Examination(FactsOf.nothing(kind.word(), bytes.remaining(), validation), null);
    }

    private static Validation verdict(FeatureSet features, Validity verdict, @Nullable String reason) {
        return new Validation(ValidatorVersion.CURRENT, gated(features), verdict.word(), reason, null, null);
    }

    /** What is on beyond the stable features. */
    static List<String> gated(FeatureSet features) {
        return features.features().stream()
                .filter(feature -> !feature.isStable())
                .map(Feature::label)
                .toList();
    }
}

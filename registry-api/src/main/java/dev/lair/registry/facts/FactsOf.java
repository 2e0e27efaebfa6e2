package dev.lair.registry.facts;

import dev.lair.component.CoreCheck;
import dev.lair.component.WasmKind;
import dev.lair.component.inspect.BinaryFacts;
import dev.lair.component.inspect.EmbeddedFact;
import dev.lair.component.inspect.ExternFact;
import dev.lair.component.inspect.Validity;
import dev.lair.component.metadata.BinaryMetadata;
import dev.lair.component.metadata.Producer.Role;
import dev.lair.component.metadata.TextKind;
import dev.lair.component.validate.Feature;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.ValidatorVersion;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Resolved;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ContentFacts.CapabilityUse;
import dev.lair.registry.api.ContentFacts.Dependency;
import dev.lair.registry.api.ContentFacts.Embedded;
import dev.lair.registry.api.ContentFacts.Extern;
import dev.lair.registry.api.ContentFacts.Interface;
import dev.lair.registry.api.ContentFacts.Metadata;
import dev.lair.registry.api.ContentFacts.Producer;
import dev.lair.registry.api.ContentFacts.Validation;
import dev.lair.registry.api.ContentFacts.Wit;
import dev.lair.registry.api.ContentFacts.World;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the toolkit says of a binary into the facts that a registry keeps and tells, and {@code lair inspect} prints: one
 * form, made in one place. WIT whose JSON would be longer than {@link ContentFacts#MAX_BYTES} is left out, and {@code gaps}
 * says so.
 */
public final class FactsOf {

    private static final Metadata NO_METADATA = new Metadata(null, null, null, null, null, null, null, null);

    private FactsOf() {}

    /** A binary that is refused: the verdict is all that is worth keeping. */
    public static ContentFacts nothing(String kind, long sizeBytes, Validation validation) {
        return new ContentFacts(
                kind,
                sizeBytes,
                validation,
                NO_METADATA,
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** A core module. */
    public static ContentFacts coreModule(BinaryFacts facts, Validation validation) {
        return facts(ContentFacts.CORE_MODULE, facts, validation, null);
    }

    /** A component, and its WIT if it can be said. */
    public static ContentFacts component(BinaryFacts facts, Validation validation, @Nullable Resolved wit) {
        return facts(ContentFacts.COMPONENT, facts, validation, wit);
    }

    /** A WIT package. */
    public static ContentFacts witPackage(BinaryFacts facts, Validation validation, @Nullable Resolved wit) {
        return facts(ContentFacts.WIT_PACKAGE, facts, validation, wit);
    }

    /**
     * Any binary that was inspected. What is of no known kind is an invalid core module, as the publish gate has it.
     *
     * @param features under which it was validated
     * @param wit that it says; null leaves it out
     */
    public static ContentFacts of(BinaryFacts facts, FeatureSet features, @Nullable Resolved wit) {
        WasmKind kind = facts.kind();
        Validation validation = validation(facts.validity(), features);
        if (kind == null) {
            return nothing(ContentFacts.CORE_MODULE, facts.sizeBytes(), validation);
        }
        return switch (kind) {
            case CORE_MODULE -> coreModule(facts, validation);
            case COMPONENT -> component(facts, validation, wit);
            case WIT_PACKAGE -> witPackage(facts, validation, wit);
        };
    }

    private static Validation validation(Validity validity, FeatureSet features) {
        List<String> gated = gated(features);
        return switch (validity) {
            case Validity.Valid valid
            when valid.coreModules() instanceof CoreCheck.NotChecked unknown ->
                new Validation(
                        ValidatorVersion.CURRENT, gated, Validation.PARTLY_CHECKED, unknown.reason(), null, null);
            case Validity.Valid valid ->
                new Validation(ValidatorVersion.CURRENT, gated, Validation.VALID, null, null, null);
            case Validity.NotChecked unknown ->
                new Validation(
                        ValidatorVersion.CURRENT,
                        gated,
                        Validation.NOT_CHECKED,
                        unknown.reason(),
                        unknown.offset(),
                        null);
            case Validity.Invalid invalid ->
                new Validation(
                        ValidatorVersion.CURRENT,
                        gated,
                        Validation.INVALID,
                        invalid.rule(),
                        invalid.offset(),
                        invalid.missingFeature());
        };
    }

    /** What is on beyond the stable features. */
    private static List<String> gated(FeatureSet features) {
        return features.features().stream()
                .filter(feature -> !feature.isStable())
                .map(Feature::label)
                .toList();
    }

    private static ContentFacts facts(
            String kind, BinaryFacts facts, Validation validation, @Nullable Resolved resolved) {
        PackageName own = facts.packageName();
        String text = facts.wit();
        Wit wit = text == null || resolved == null
                ? null
                : WitModels.of(resolved, ContentFacts.MAX_BYTES)
                        .map(model -> new Wit(text, model))
                        .orElse(null);
        boolean isCut = wit == null && text != null && resolved != null;
        return new ContentFacts(
                kind,
                facts.sizeBytes(),
                validation,
                metadata(facts.metadata()),
                own == null ? null : own.namespace() + ":" + own.name(),
                own == null || own.version() == null ? null : own.version().toString(),
                wit,
                externs(facts.imports()),
                externs(facts.exports()),
                facts.interfaces().stream()
                        .map(each -> new Interface(each.name(), each.docs(), each.types(), each.functions()))
                        .toList(),
                facts.worlds().stream()
                        .map(each -> new World(each.name(), each.docs(), each.imports(), each.exports()))
                        .toList(),
                dependencies(facts, own),
                facts.capabilities().entrySet().stream()
                        .map(each -> new CapabilityUse(
                                each.getKey().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                each.getKey().gives(),
                                each.getValue()))
                        .toList(),
                producers(facts, Role.LANGUAGE),
                producers(facts, Role.TOOL),
                producers(facts, Role.SDK),
                embedded(facts.coreModules()),
                embedded(facts.components()),
                isCut
                        ? Stream.concat(facts.gaps().stream(), Stream.of(ContentFacts.WIT_CUT))
                                .toList()
                        : facts.gaps());
    }

    private static List<Extern> externs(List<ExternFact> items) {
        return items.stream()
                .map(each -> new Extern(each.name(), each.kind(), each.wit()))
                .toList();
    }

    private static List<Dependency> dependencies(BinaryFacts facts, @Nullable PackageName own) {
        return facts.dependencies().stream()
                .filter(each -> !each.packageName().equals(own))
                .map(each -> new Dependency(
                        each.packageName().namespace() + ":"
                                + each.packageName().name(),
                        each.packageName().version() == null
                                ? null
                                : each.packageName().version().toString(),
                        each.how().stream()
                                .map(how -> how.name().toLowerCase(Locale.ROOT))
                                .toList(),
                        each.interfaces()))
                .toList();
    }

    private static List<Producer> producers(BinaryFacts facts, Role role) {
        return facts.producers(role).stream()
                .map(each -> new Producer(each.name(), each.version()))
                .toList();
    }

    private static List<Embedded> embedded(List<EmbeddedFact> binaries) {
        return binaries.stream()
                .map(each -> new Embedded(
                        each.path(),
                        each.name(),
                        each.offset(),
                        each.sizeBytes(),
                        each.digest().toString()))
                .toList();
    }

    private static Metadata metadata(BinaryMetadata outermost) {
        return new Metadata(
                outermost.name().orElse(null),
                text(outermost, TextKind.AUTHORS),
                text(outermost, TextKind.DESCRIPTION),
                text(outermost, TextKind.LICENSES),
                text(outermost, TextKind.SOURCE),
                text(outermost, TextKind.HOMEPAGE),
                text(outermost, TextKind.REVISION),
                text(outermost, TextKind.VERSION));
    }

    private static @Nullable String text(BinaryMetadata outermost, TextKind kind) {
        return outermost.text(kind).orElse(null);
    }
}

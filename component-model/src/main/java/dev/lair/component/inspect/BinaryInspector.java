package dev.lair.component.inspect;

import dev.lair.component.CoreCheck;
import dev.lair.component.CoreValidator;
import dev.lair.component.InvalidWasmException;
import dev.lair.component.WasmKind;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.metadata.BinaryMetadata;
import dev.lair.component.metadata.MetadataReader;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.ValidatedComponent;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.decode.WitDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what there is to know about a binary. Takes a buffer, which may be a mapped file: digests and sizes are read
 * in pieces, and nothing of the binary is held but names and texts.
 */
public final class BinaryInspector {
    private final ByteBuffer bytes;
    private final BinaryMetadata metadata;
    private final List<String> gaps = new ArrayList<>();

    private BinaryInspector(ByteBuffer bytes) {
        this.bytes = bytes.slice();
        this.metadata = MetadataReader.read(this.bytes);
    }

    /**
     * Validates and describes a binary.
     *
     * @param bytes any bytes, from position to limit; the position stays
     * @param features what the verdict allows
     */
    public static BinaryFacts inspect(ByteBuffer bytes, FeatureSet features) {
        BinaryInspector inspector = new BinaryInspector(bytes);
        return switch (inspector.metadata.layer()) {
            case UNKNOWN -> inspector.unknown();
            case CORE_MODULE -> inspector.coreModule();
            case COMPONENT -> inspector.component(features);
        };
    }

    /**
     * Describes a component that was validated already, as a publish gate has it.
     *
     * @param bytes the binary of which this is the verdict
     */
    public static BinaryFacts describe(ByteBuffer bytes, Verdict verdict) {
        return new BinaryInspector(bytes).component(verdict);
    }

    /**
     * Describes a core module that was checked already.
     *
     * @param bytes the module of which this is the verdict
     */
    public static BinaryFacts describeCoreModule(ByteBuffer bytes, CoreCheck check) {
        return new BinaryInspector(bytes).coreModule(new Validity.Valid(check));
    }

    private BinaryFacts unknown() {
        BinaryMetadata.Problem problem = metadata.problem();
        Validity invalid = problem == null
                ? new Validity.Invalid("no known kind of binary", 0, null)
                : new Validity.Invalid(problem.rule(), problem.offset(), null);
        return facts(null, invalid, ComponentItems.NONE, List.of(), List.of());
    }

    private BinaryFacts coreModule() {
        Validity validity;
        try {
            validity = new Validity.Valid(CoreValidator.validate(bytes));
        } catch (InvalidWasmException invalid) {
            validity = new Validity.Invalid(invalid.rule(), invalid.offset(), null);
        }
        return coreModule(validity);
    }

    private BinaryFacts coreModule(Validity validity) {
        CoreExterns externs = new CoreExterns(bytes, gaps);
        return facts(WasmKind.CORE_MODULE, validity, ComponentItems.NONE, externs.imports(), externs.exports());
    }

    private BinaryFacts component(FeatureSet features) {
        try {
            return component(ComponentValidator.validate(bytes, features));
        } catch (InvalidComponentException invalid) {
            return facts(
                    WasmKind.COMPONENT,
                    new Validity.Invalid(invalid.rule(), invalid.offset(), invalid.missingFeature()),
                    ComponentItems.NONE,
                    List.of(),
                    List.of());
        }
    }

    private BinaryFacts component(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Valid valid -> {
                ValidatedComponent component = valid.component();
                ComponentItems items = ComponentItems.of(component, gaps);
                yield facts(
                        WitDecoder.isPackage(component) ? WasmKind.WIT_PACKAGE : WasmKind.COMPONENT,
                        new Validity.Valid(valid.coreModules()),
                        items,
                        items.imports(),
                        items.exports());
            }
            case Verdict.NotChecked unchecked -> {
                gaps.add("imports, exports and WIT are those of valid components: " + unchecked.reason());
                yield facts(
                        WasmKind.COMPONENT,
                        new Validity.NotChecked(unchecked.reason(), unchecked.offset()),
                        ComponentItems.NONE,
                        List.of(),
                        List.of());
            }
        };
    }

    private BinaryFacts facts(
            @Nullable WasmKind kind,
            Validity validity,
            ComponentItems items,
            List<ExternFact> imports,
            List<ExternFact> exports) {
        metadata.all().forEach(each -> {
            BinaryMetadata.Problem problem = each.problem();
            if (problem != null && kind != null) {
                gaps.add("metadata" + (each.path().isEmpty() ? "" : " of " + each.path())
                        + " could not be read to its end: " + problem.rule());
            }
        });
        return new BinaryFacts(
                kind,
                metadata.sizeBytes(),
                Sha256.of(bytes),
                validity,
                imports,
                exports,
                items.wit(),
                items.packageName(),
                items.interfaces(),
                items.worlds(),
                items.dependencies(),
                capabilities(imports),
                embedded(each -> each.layer() == BinaryMetadata.Layer.CORE_MODULE),
                embedded(each -> each.layer() == BinaryMetadata.Layer.COMPONENT),
                metadata,
                gaps);
    }

    private static Map<Capability, List<String>> capabilities(List<ExternFact> imports) {
        Map<Capability, List<String>> found = new EnumMap<>(Capability.class);
        for (ExternFact each : imports) {
            CapabilityRules.of(each.name())
                    .ifPresent(capability -> found.computeIfAbsent(capability, c -> new ArrayList<>())
                            .add(each.name()));
        }
        return found;
    }

    private List<EmbeddedFact> embedded(Predicate<BinaryMetadata> which) {
        return metadata.all()
                .skip(1)
                .filter(which)
                .map(each -> new EmbeddedFact(
                        each.path(),
                        each.name().orElse(null),
                        each.offset(),
                        each.sizeBytes(),
                        Sha256.of(bytes.slice((int) each.offset(), (int) each.sizeBytes()))))
                .toList();
    }
}

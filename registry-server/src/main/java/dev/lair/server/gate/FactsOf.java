package dev.lair.server.gate;

import dev.lair.component.inspect.BinaryFacts;
import dev.lair.component.inspect.EmbeddedFact;
import dev.lair.component.inspect.ExternFact;
import dev.lair.component.metadata.BinaryMetadata;
import dev.lair.component.metadata.Producer.Role;
import dev.lair.component.metadata.TextKind;
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

/** Turns what the toolkit says of a binary into the facts that are kept and told. */
final class FactsOf {

    private static final Metadata NO_METADATA = new Metadata(null, null, null, null, null, null, null, null);

    private FactsOf() {}

    /** A binary that is refused: the verdict is all that is worth keeping. */
    static ContentFacts nothing(String kind, long sizeBytes, Validation validation) {
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

    static ContentFacts coreModule(BinaryFacts facts, Validation validation) {
        return facts(ContentFacts.CORE_MODULE, facts, validation, null);
    }

    static ContentFacts component(BinaryFacts facts, Validation validation, @Nullable Resolved wit) {
        return facts(ContentFacts.COMPONENT, facts, validation, wit);
    }

    static ContentFacts witPackage(BinaryFacts facts, Validation validation, @Nullable Resolved wit) {
        return facts(ContentFacts.WIT_PACKAGE, facts, validation, wit);
    }

    private static ContentFacts facts(
            String kind, BinaryFacts facts, Validation validation, @Nullable Resolved resolved) {
        PackageName own = facts.packageName();
        String text = facts.wit();
        Wit wit = text == null || resolved == null
                ? null
                : WitModel.of(resolved, GateLimits.FACTS_BYTES)
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

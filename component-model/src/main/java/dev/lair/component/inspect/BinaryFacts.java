package dev.lair.component.inspect;

import dev.lair.component.WasmKind;
import dev.lair.component.metadata.BinaryMetadata;
import dev.lair.component.metadata.Producer;
import dev.lair.component.wit.PackageName;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a binary. Nothing throws: what could not be found out is named in {@link #gaps}.
 *
 * @param kind null when the first bytes are those of no known kind
 * @param imports in order; for core modules {@code module.name}
 * @param wit a WIT package as text, or a component's world with the packages it refers to; null for core modules and
 *     for what WIT cannot say
 * @param packageName the name that a WIT package gives itself; null for other kinds
 * @param interfaces of a WIT package; empty for other kinds
 * @param worlds of a WIT package; empty for other kinds
 * @param dependencies other packages, by name
 * @param capabilities what the imports ask of a host, with the imports that do
 * @param coreModules embedded ones at all depths; empty for a core module itself
 * @param components nested ones at all depths
 * @param metadata custom sections, nested ones with their place
 * @param gaps what could not be found out, and why, in sentences
 */
public record BinaryFacts(
        @Nullable WasmKind kind,
        long sizeBytes,
        Sha256 digest,
        Validity validity,
        List<ExternFact> imports,
        List<ExternFact> exports,
        @Nullable String wit,
        @Nullable PackageName packageName,
        List<InterfaceFact> interfaces,
        List<WorldFact> worlds,
        List<DependencyFact> dependencies,
        Map<Capability, List<String>> capabilities,
        List<EmbeddedFact> coreModules,
        List<EmbeddedFact> components,
        BinaryMetadata metadata,
        List<String> gaps) {
    public BinaryFacts {
        imports = List.copyOf(imports);
        exports = List.copyOf(exports);
        interfaces = List.copyOf(interfaces);
        worlds = List.copyOf(worlds);
        dependencies = List.copyOf(dependencies);
        Map<Capability, List<String>> ordered = new EnumMap<>(Capability.class);
        capabilities.forEach((capability, names) -> ordered.put(capability, List.copyOf(names)));
        capabilities = Collections.unmodifiableMap(ordered);
        coreModules = List.copyOf(coreModules);
        components = List.copyOf(components);
        gaps = List.copyOf(gaps);
    }

    /** Languages, tools or SDKs that producers sections name, of this binary and of all inside it, each once. */
    public List<Producer> producers(Producer.Role role) {
        return metadata.all()
                .flatMap(each -> each.producers().stream())
                .filter(producer -> producer.role() == role)
                .distinct()
                .toList();
    }
}

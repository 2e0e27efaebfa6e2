package dev.lair.component.validate;

import dev.lair.component.binary.Alias;
import dev.lair.component.binary.Canon;
import dev.lair.component.binary.ComponentBinary;
import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.ComponentReader;
import dev.lair.component.binary.CoreInstance;
import dev.lair.component.binary.CoreTypeDef;
import dev.lair.component.binary.Decl;
import dev.lair.component.binary.Instance;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.Section;
import dev.lair.component.binary.TypeDef;
import dev.lair.component.binary.UncheckedComponentException;
import dev.lair.component.types.AnyType;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.Entity;
import dev.lair.component.types.InstanceType;
import dev.lair.component.types.MentionedResources;
import dev.lair.component.types.Resource;
import dev.lair.component.types.TypeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates components: walks the definitions in order and keeps the index spaces of each scope. The parts are
 * {@link TypeBuilder} (types), {@link Externs} (imports, exports, names), {@link Linker} (aliases, instances),
 * {@link Canonicals} (canonical definitions) and {@link CoreModules}.
 */
public final class ComponentValidator {
    private final Pass pass;
    private final TypeBuilder types;
    private final Externs externs;
    private final Linker linker;
    private final Canonicals canonicals;
    private final CoreDefinitions coreDefinitions;
    private final CoreModules coreModules;

    private ComponentValidator(FeatureSet features) {
        pass = new Pass(features);
        types = new TypeBuilder(pass);
        externs = new Externs(pass, types);
        linker = new Linker(pass, externs);
        canonicals = new Canonicals(pass, types);
        coreDefinitions = new CoreDefinitions(pass);
        coreModules = new CoreModules(pass, coreDefinitions);
    }

    /**
     * Validates a component.
     *
     * @param bytes the binary, from position to limit; its position stays. The result keeps views of it
     * @param features what is allowed
     * @throws InvalidComponentException when it is no valid component, with rule, offset and any missing feature
     */
    public static Verdict validate(ByteBuffer bytes, FeatureSet features) throws InvalidComponentException {
        try {
            ComponentBinary binary = ComponentReader.read(bytes);
            ComponentValidator validator = new ComponentValidator(features);
            ComponentType type = validator.component(binary, null);
            return new Verdict.Valid(
                    new ValidatedComponent(binary, type, validator.pass.coreTypes, validator.pass.work.steps()),
                    validator.pass.coreCheck());
        } catch (UncheckedComponentException e) {
            return new Verdict.NotChecked(e.what(), e.offset());
        }
    }

    private ComponentType component(ComponentBinary binary, @Nullable Scope parent)
            throws InvalidComponentException, UncheckedComponentException {
        Scope scope = new Scope(Scope.Kind.COMPONENT, parent, pass);
        for (Section section : binary.sections()) {
            pass.at(section.offset());
            try {
                section(scope, section);
            } catch (TypeException e) {
                throw pass.invalid(e.rule());
            }
        }
        pass.at(binary.endOffset());
        for (int i = 0; i < scope.values.size(); i++) {
            if (!scope.values.get(i).used) {
                throw pass.invalid(
                        "value index " + i + " was not used as part of an instantiation, start function, or export");
            }
        }
        try {
            return finished(scope);
        } catch (TypeException e) {
            throw pass.invalid(e.rule());
        }
    }

    private void section(Scope scope, Section section)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        switch (section) {
            case Section.Custom s -> {}
            case Section.CoreModule s ->
                scope.push(scope.coreModules, coreModules.module(s), ComponentLimits.NESTED_DEFINITIONS, "modules");
            case Section.CoreInstances s -> {
                for (CoreInstance instance : s.instances()) {
                    pass.at(instance.offset());
                    linker.coreInstance(scope, instance);
                }
            }
            case Section.CoreTypes s -> {
                for (CoreTypeDef type : s.types()) {
                    pass.at(type.offset());
                    coreDefinitions.type(scope, type);
                }
            }
            case Section.Nested s ->
                scope.push(
                        scope.components,
                        component(s.component(), scope),
                        ComponentLimits.NESTED_DEFINITIONS,
                        "components");
            case Section.Instances s -> {
                for (Instance instance : s.instances()) {
                    pass.at(instance.offset());
                    linker.instance(scope, instance);
                }
            }
            case Section.Aliases s -> {
                for (Alias alias : s.aliases()) {
                    pass.at(alias.offset());
                    linker.alias(scope, alias);
                }
            }
            case Section.Types s -> {
                for (TypeDef type : s.types()) {
                    pass.at(type.offset());
                    scope.pushType(type(scope, type));
                }
            }
            case Section.Canons s -> {
                for (Canon canon : s.canons()) {
                    pass.at(canon.offset());
                    canonicals.canon(scope, canon);
                }
            }
            case Section.Start s -> linker.start(scope, s);
            case Section.Imports s -> {
                for (Section.Import item : s.imports()) {
                    pass.at(item.offset());
                    externs.declare(scope, Externs.Side.IMPORT, item.name(), externs.entity(scope, item.desc()));
                }
            }
            case Section.Exports s -> {
                for (Section.Export export : s.exports()) {
                    pass.at(export.offset());
                    linker.export(scope, export);
                }
            }
        }
    }

    private AnyType type(Scope scope, TypeDef def) throws InvalidComponentException, TypeException {
        return switch (def) {
            case TypeDef.Value d -> types.value(scope, d);
            case TypeDef.Func d -> types.func(scope, d);
            case TypeDef.Resource d -> types.resource(scope, d);
            case TypeDef.Component d -> {
                Scope inner = declarations(scope, Scope.Kind.COMPONENT_TYPE, d.decls());
                pass.at(d.offset());
                yield finished(inner);
            }
            case TypeDef.Instance d -> {
                Scope inner = declarations(scope, Scope.Kind.INSTANCE_TYPE, d.decls());
                pass.at(d.offset());
                yield new InstanceType(
                        inner.exports, new ArrayList<>(inner.definedResources.keySet()), inner.explicitResources);
            }
        };
    }

    private Scope declarations(Scope parent, Scope.Kind kind, List<Decl> decls)
            throws InvalidComponentException, TypeException {
        Scope scope = new Scope(kind, parent, pass);
        for (Decl decl : decls) {
            pass.at(decl.offset());
            switch (decl) {
                case Decl.CoreType d -> coreDefinitions.type(scope, d.type());
                case Decl.Type d -> scope.pushType(type(scope, d.type()));
                case Decl.AliasOf d -> linker.alias(scope, d.alias());
                case Decl.Import d ->
                    externs.declare(scope, Externs.Side.IMPORT, d.name(), externs.entity(scope, d.desc()));
                case Decl.Export d ->
                    externs.declare(scope, Externs.Side.EXPORT, d.name(), externs.entity(scope, d.desc()));
            }
        }
        return scope;
    }

    /**
     * The type of a component. Resources that exist only inside must not appear in imports, and those that appear in
     * exports have to be exported themselves (Explainer.md, "Component Invariants").
     */
    private ComponentType finished(Scope scope) throws InvalidComponentException, TypeException {
        Map<Resource, List<String>> defined = new LinkedHashMap<>();
        if (!scope.definedResources.isEmpty()) {
            Set<Resource> inImports = free(scope.imports);
            Set<Resource> inExports = free(scope.exports);
            for (Resource resource : scope.definedResources.keySet()) {
                if (inImports.contains(resource)) {
                    throw pass.invalid("local resource type found in imports");
                }
                if (!inExports.contains(resource)) {
                    continue;
                }
                List<String> path = scope.explicitResources.get(resource);
                if (path == null) {
                    throw pass.invalid("local resource type found in export but not exported itself");
                }
                defined.put(resource, path);
            }
        }
        return new ComponentType(
                scope.imports, scope.exports, scope.importedResources, defined, scope.explicitResources);
    }

    private Set<Resource> free(Map<String, Entity.Item> items) throws TypeException {
        MentionedResources mentioned = new MentionedResources(pass.work);
        for (Entity.Item item : items.values()) {
            mentioned.of(item.entity());
        }
        return mentioned.free();
    }
}

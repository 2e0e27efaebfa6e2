package dev.lair.component.wit.decode;

import dev.lair.component.binary.RawName;
import dev.lair.component.binary.Section;
import dev.lair.component.names.ExternName;
import dev.lair.component.names.InvalidNameException;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.Entity;
import dev.lair.component.types.InstanceType;
import dev.lair.component.validate.ValidatedComponent;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a binary says about types, as packages. A WIT package gives itself and, of other packages, the interfaces that it
 * refers to; where only their types matter the binary has only those. A component gives the world {@code root} of a
 * package {@code root:component}.
 */
public final class WitDecoder {
    private static final PackageName COMPONENT = new PackageName("root", "component", null);

    private final TypeDecoding types = new TypeDecoding();
    private final DecodedPackages packages = new DecodedPackages();
    private final DocsTree docs;
    private @Nullable PackageName main;

    private WitDecoder(DocsTree docs) {
        this.docs = docs;
    }

    /** Whether a component is a WIT package: it imports nothing, and all it exports are component types. */
    public static boolean isPackage(ValidatedComponent component) {
        ComponentType type = component.type();
        return type.imports().isEmpty()
                && !type.exports().isEmpty()
                && type.exports().values().stream()
                        .allMatch(
                                item -> item.entity() instanceof Entity.Type t && t.created() instanceof ComponentType);
    }

    /**
     * Decodes.
     *
     * @throws WitException when the binary has what WIT cannot say, or says what no WIT package would
     */
    public static Resolved decode(ValidatedComponent component) throws WitException {
        WitDecoder decoder = new WitDecoder(docs(component));
        return isPackage(component)
                ? decoder.decodePackage(component.type())
                : decoder.decodeComponent(component.type());
    }

    private Resolved decodePackage(ComponentType type) throws WitException {
        for (Map.Entry<String, Entity.Item> export : type.exports().entrySet()) {
            if (export.getValue().entity() instanceof Entity.Type item
                    && item.created() instanceof ComponentType wrapper) {
                wrapper(export.getKey(), wrapper);
            }
        }
        PackageName name = main;
        if (name == null) {
            throw new WitException("the package exports no interface and no world", Place.NONE);
        }
        packages.docs(name, docs.string("docs"));
        Resolved resolved = packages.resolved(name);
        Acyclic.check(resolved);
        ReleasedGates.check(resolved.main());
        return resolved;
    }

    /** One export of a package: a component type around an interface or world. */
    private void wrapper(String name, ComponentType wrapper) throws WitException {
        if (wrapper.exports().size() != 1) {
            throw new WitException("`" + name + "` of a WIT package has not one item inside", Place.NONE);
        }
        Entity.Item inner = wrapper.exports().values().iterator().next();
        Owner.InterfaceId id = interfaceId(inner.name());
        if (id == null || !id.name().equals(name)) {
            throw new WitException(
                    "`" + name + "` of a WIT package holds `" + inner.name().text() + "`, which is not its name",
                    Place.NONE);
        }
        if (main != null && !main.equals(id.packageName())) {
            throw new WitException(
                    "`" + id + "` is of another package than the items before it, which are of " + main, Place.NONE);
        }
        main = id.packageName();
        for (Entity.Item dependency : wrapper.imports().values()) {
            named(dependency);
        }
        switch (inner.entity()) {
            case Entity.Instance instance ->
                packages.define(types.instance(
                        instance.type(), id, docs.object("interfaces").object(name), null));
            case Entity.Component component ->
                packages.define(world(
                        component.type(),
                        new Owner.WorldId(id.packageName(), name),
                        docs.object("worlds").object(name)));
            case Entity.Module other -> throw TypeDecoding.unspeakable(name, other);
            case Entity.Func other -> throw TypeDecoding.unspeakable(name, other);
            case Entity.Value other -> throw TypeDecoding.unspeakable(name, other);
            case Entity.Type other -> throw TypeDecoding.unspeakable(name, other);
        }
    }

    private Resolved decodeComponent(ComponentType type) throws WitException {
        packages.define(world(type, new Owner.WorldId(COMPONENT, "root"), DocsTree.EMPTY));
        return packages.resolved(COMPONENT);
    }

    private WitWorld world(ComponentType type, Owner.WorldId id, DocsTree about) throws WitException {
        List<WorldItem> imports = new ArrayList<>();
        InferredUses uses = new InferredUses(id, type.imports().keySet());
        for (Map.Entry<String, Entity.Item> each : type.imports().entrySet()) {
            types.enter(uses);
            imports.add(item(each.getKey(), each.getValue(), id, about, false));
        }
        List<WorldItem> exports = new ArrayList<>();
        for (Map.Entry<String, Entity.Item> each : type.exports().entrySet()) {
            types.enter(uses);
            exports.add(item(each.getKey(), each.getValue(), id, about, true));
        }
        uses.types().forEach(use -> imports.add(new WitWorld.TypeItem(use)));
        imports.sort(Comparator.comparingInt(WitDecoder::order));
        return new WitWorld(id, imports, exports, about.annotations(null));
    }

    /** Imports stand as text has them: interfaces, used types, types, functions, functions of resources. */
    private static int order(WorldItem item) {
        return switch (item) {
            case WitWorld.InterfaceItem named -> 0;
            case WitWorld.InlineItem inline -> 0;
            case WitWorld.TypeItem type -> type.type().used() != null ? 1 : 2;
            case WitWorld.FunctionItem function -> function.function().resource() == null ? 3 : 4;
        };
    }

    private WorldItem item(String name, Entity.Item item, Owner.WorldId world, DocsTree about, boolean export)
            throws WitException {
        String externalId = item.name().externalId();
        return switch (item.entity()) {
            case Entity.Instance instance -> instance(name, item, instance.type(), world, about, export);
            case Entity.Func func ->
                new WitWorld.FunctionItem(types.function(
                        name,
                        func.type(),
                        world,
                        about.object(export ? "func_exports" : "funcs").function(name, externalId)));
            case Entity.Type type
            when !export ->
                new WitWorld.TypeItem(types.typeDef(
                        type, new TypeName(world, name), about.object("types").object(name), externalId));
            case Entity.Type other -> throw TypeDecoding.unspeakable(name, other);
            case Entity.Module other -> throw TypeDecoding.unspeakable(name, other);
            case Entity.Value other -> throw TypeDecoding.unspeakable(name, other);
            case Entity.Component other -> throw TypeDecoding.unspeakable(name, other);
        };
    }

    private WorldItem instance(
            String name, Entity.Item item, InstanceType type, Owner.WorldId world, DocsTree about, boolean export)
            throws WitException {
        String externalId = item.name().externalId();
        String implementing = item.name().implementsName();
        DocsTree gates = about.object(export ? "interface_export_stability" : "interface_import_stability");
        Annotations annotations = new Annotations(null, gates.object(name).stability(), externalId, Place.NONE);
        Owner.InterfaceId id = interfaceId(item.name());
        if (id == null && implementing != null) {
            id = interfaceId(RawName.plain(implementing));
            if (id == null) {
                throw new WitException("`" + name + "` implements what is no interface: " + implementing, Place.NONE);
            }
            TypeDecoding.checkLabel(name);
            packages.define(types.instance(type, id, own(id), null));
            return new WitWorld.InterfaceItem(id, name, annotations);
        }
        if (id != null) {
            packages.define(types.instance(type, id, own(id), null));
            return new WitWorld.InterfaceItem(id, null, annotations);
        }
        TypeDecoding.checkLabel(name);
        DocsTree inline =
                about.object(export ? "interface_exports" : "interfaces").object(name);
        return new WitWorld.InlineItem(
                name, types.instance(type, new Owner.InlineId(world, export, name), inline, externalId));
    }

    /** Takes in an interface that another one uses. */
    private void named(Entity.Item item) throws WitException {
        Owner.InterfaceId id = interfaceId(item.name());
        if (id == null || !(item.entity() instanceof Entity.Instance instance)) {
            throw new WitException(
                    "an interface of a WIT package imports `" + item.name().text() + "`, which is no interface",
                    Place.NONE);
        }
        packages.define(types.instance(instance.type(), id, own(id), null));
    }

    /** The documentation of an interface of this package; that of others is not in the binary. */
    private DocsTree own(Owner.InterfaceId id) {
        return id.packageName().equals(main) ? docs.object("interfaces").object(id.name()) : DocsTree.EMPTY;
    }

    private static Owner.@Nullable InterfaceId interfaceId(RawName name) throws WitException {
        ExternName parsed;
        try {
            parsed = ExternName.parse(name.text(), false, name.versionSuffix());
        } catch (InvalidNameException invalid) {
            throw new WitException("`" + name.text() + "` is no name: " + invalid.getMessage(), Place.NONE);
        }
        if (!(parsed instanceof ExternName.InterfaceName full)) {
            return null;
        }
        SemanticVersion version = full.semanticVersion();
        if (full.version() != null && version == null) {
            throw new WitException("`" + name.text() + "` has a version that WIT cannot name", Place.NONE);
        }
        return new Owner.InterfaceId(
                new PackageName(String.join(":", full.namespaces()), full.packageName(), version),
                full.interfaceName());
    }

    private static DocsTree docs(ValidatedComponent component) throws WitException {
        DocsTree found = DocsTree.EMPTY;
        for (Section section : component.binary().sections()) {
            if (section instanceof Section.Custom custom && custom.name().equals("package-docs")) {
                var data = custom.data().duplicate();
                if (!data.hasRemaining()) {
                    throw new WitException("package-docs is empty", Place.NONE);
                }
                int version = data.get();
                if (version != 0 && version != 1) {
                    throw new WitException("package-docs has version " + version + "; known are 0 and 1", Place.NONE);
                }
                try {
                    found = DocsTree.parse(
                            StandardCharsets.UTF_8.newDecoder().decode(data).toString());
                } catch (CharacterCodingException notText) {
                    throw new WitException("package-docs is no UTF-8", Place.NONE);
                }
            }
        }
        return found;
    }
}

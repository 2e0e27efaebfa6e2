package dev.lair.component.wit.encode;

import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import dev.lair.component.wit.encode.TypeDecls.ItemName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the main package of a set. Each interface becomes a component type that imports the interfaces it uses and
 * exports itself; each world one that exports the world's own component type.
 */
public final class WitEncoder {
    private static final byte[] PREAMBLE = {0x00, 'a', 's', 'm', 0x0D, 0x00, 0x01, 0x00};
    private static final int TYPE_SECTION = 7;
    private static final int EXPORT_SECTION = 11;

    private final Resolved resolved;
    private final TypeEncoding.Budget budget = new TypeEncoding.Budget();
    private final Bytes out = new Bytes();
    private int types;

    private WitEncoder(Resolved resolved) {
        this.resolved = resolved;
    }

    /**
     * The binary.
     *
     * @throws WitException when the text says what binaries cannot: an empty record, more than 32 flags
     */
    public static byte[] encode(Resolved resolved, EncodeOptions options) throws WitException {
        return new WitEncoder(resolved).run(options);
    }

    private byte[] run(EncodeOptions options) throws WitException {
        out.put(PREAMBLE);
        if (options.marked()) {
            out.custom("wit-component-encoding", new byte[] {0x04, 0x00});
        }
        WitPackage main = resolved.main();
        for (WitInterface each : main.interfaces()) {
            Owner.InterfaceId id = (Owner.InterfaceId) each.id();
            export(id.name(), encode(each, id).asComponentType());
        }
        for (WitWorld world : main.worlds()) {
            TypeDecls wrapper = new TypeDecls();
            int type = wrapper.define(encode(world).asComponentType());
            wrapper.extern(true, ItemName.of(world.id().toString()), TypeDecls.COMPONENT, type);
            export(world.name(), wrapper.asComponentType());
        }
        out.custom("package-docs", PackageDocs.encode(main));
        Bytes producers = new Bytes()
                .unsigned(1)
                .text("processed-by")
                .unsigned(1)
                .text(options.tool())
                .text(options.toolVersion());
        out.custom("producers", producers.toArray());
        return out.toArray();
    }

    /** Defines a type and exports it under a name; an export makes a type of its own, so each pair takes two indices. */
    private void export(String name, Bytes type) {
        out.section(TYPE_SECTION, new Bytes().unsigned(1).put(type));
        Bytes item =
                ItemName.of(name).bytes().put(TypeDecls.TYPE).unsigned(types).put(0x00);
        out.section(EXPORT_SECTION, new Bytes().unsigned(1).put(item));
        types += 2;
    }

    private TypeDecls encode(WitInterface each, Owner.InterfaceId id) throws WitException {
        Set<Owner.InterfaceId> live = new LinkedHashSet<>();
        collect(id, live, 0);
        TypeEncoding encoding = new TypeEncoding(resolved, budget);
        for (Owner.InterfaceId needed : live) {
            boolean itself = needed.equals(id);
            int type = encoding.instance(itself ? each : resolved.get(needed), itself, true);
            encoding.decls().extern(itself, ItemName.of(needed.toString()), TypeDecls.INSTANCE, type);
        }
        return encoding.decls();
    }

    /** An interface behind all that it uses. */
    private void collect(Owner.InterfaceId id, Set<Owner.InterfaceId> into, int depth) throws WitException {
        if (into.contains(id)) {
            return;
        }
        if (depth > EncodeLimits.CHAIN) {
            throw new WitException(
                    "a chain of more than " + EncodeLimits.CHAIN + " interfaces that use each other", Place.NONE);
        }
        for (Owner.InterfaceId dependency : resolved.get(id).dependencies()) {
            collect(dependency, into, depth + 1);
        }
        into.add(id);
    }

    private TypeDecls encode(WitWorld world) throws WitException {
        TypeEncoding encoding = new TypeEncoding(resolved, budget);
        items(encoding, world.imports(), false);
        items(encoding, world.exports(), true);
        return encoding.decls();
    }

    private void items(TypeEncoding encoding, List<WorldItem> items, boolean export) throws WitException {
        for (WorldItem item : items) {
            switch (item) {
                case WitWorld.TypeItem type -> encoding.importType(type.type());
                case WitWorld.FunctionItem function -> {
                    WitFunction f = function.function();
                    int type = encoding.function(f);
                    encoding.decls()
                            .extern(
                                    export,
                                    TypeEncoding.name(f.name(), f.annotations().externalId()),
                                    TypeDecls.FUNC,
                                    type);
                }
                case WitWorld.InterfaceItem named -> {
                    String label = named.label();
                    int type = encoding.instance(resolved.get(named.id()), true, label == null);
                    ItemName name = new ItemName(
                            item.key(),
                            label == null ? null : named.id().toString(),
                            named.annotations().externalId());
                    encoding.decls().extern(export, name, TypeDecls.INSTANCE, type);
                }
                case WitWorld.InlineItem inline -> {
                    int type = encoding.instance(inline.body(), true, false);
                    ItemName name =
                            TypeEncoding.name(item.key(), item.annotations().externalId());
                    encoding.decls().extern(export, name, TypeDecls.INSTANCE, type);
                }
            }
        }
    }
}

package dev.lair.component.wit.encode;

import static dev.lair.component.wit.encode.TypeDecls.NOWHERE;

import dev.lair.component.binary.ByteSink;
import dev.lair.component.binary.ComponentWriter;
import dev.lair.component.binary.ExternDesc;
import dev.lair.component.binary.RawName;
import dev.lair.component.binary.Section;
import dev.lair.component.binary.Sort;
import dev.lair.component.binary.TypeDef;
import dev.lair.component.names.ExternName;
import dev.lair.component.names.InvalidNameException;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the main package of a set. Each interface becomes a component type that imports the interfaces it uses and
 * exports itself; each world one that exports the world's own component type. What is made here is the model of a
 * component; the bytes are {@link ComponentWriter}'s.
 */
public final class WitEncoder {
    private final Resolved resolved;
    private final TypeEncoding.Budget budget = new TypeEncoding.Budget();
    private final List<Section> out = new ArrayList<>();
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
        if (options.marked()) {
            custom("wit-component-encoding", new byte[] {0x04, 0x00});
        }
        WitPackage main = resolved.main();
        for (WitInterface each : main.interfaces()) {
            Owner.InterfaceId id = (Owner.InterfaceId) each.id();
            export(id.name(), encode(each, id).asComponentType());
        }
        for (WitWorld world : main.worlds()) {
            TypeDecls wrapper = new TypeDecls();
            int type = wrapper.define(encode(world).asComponentType());
            wrapper.extern(true, qualified(world.id()), new ExternDesc.Component(type));
            export(world.name(), wrapper.asComponentType());
        }
        custom("package-docs", PackageDocs.encode(main));
        ByteSink producers = new ByteSink()
                .unsigned(1)
                .name("processed-by")
                .unsigned(1)
                .name(options.tool())
                .name(options.toolVersion());
        custom("producers", producers.toByteArray());
        return ComponentWriter.write(out);
    }

    private void custom(String name, byte[] data) {
        out.add(new Section.Custom(NOWHERE, name, ByteBuffer.wrap(data)));
    }

    /** The name of an interface or world in binaries, which have lower case only in the package's part of it. */
    private static RawName qualified(Owner id) throws WitException {
        String name = id.toString();
        try {
            ExternName.parse(name, false, null);
            return RawName.plain(name);
        } catch (InvalidNameException unspeakable) {
            throw new WitException("`" + name + "` is no name in binaries: " + unspeakable.getMessage(), Place.NONE);
        }
    }

    /** Defines a type and exports it under a name; an export makes a type of its own, so each pair takes two indices. */
    private void export(String name, TypeDef type) {
        out.add(new Section.Types(NOWHERE, List.of(type)));
        out.add(new Section.Exports(
                NOWHERE, List.of(new Section.Export(NOWHERE, RawName.plain(name), Sort.TYPE, types, null))));
        types += 2;
    }

    private TypeDecls encode(WitInterface each, Owner.InterfaceId id) throws WitException {
        Set<Owner.InterfaceId> live = new LinkedHashSet<>();
        collect(id, live, 0);
        TypeEncoding encoding = new TypeEncoding(resolved, budget);
        for (Owner.InterfaceId needed : live) {
            boolean itself = needed.equals(id);
            int type = encoding.instance(itself ? each : resolved.get(needed), itself, true);
            encoding.decls().extern(itself, qualified(needed), new ExternDesc.Instance(type));
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
                                    new ExternDesc.Func(type));
                }
                case WitWorld.InterfaceItem named -> {
                    String label = named.label();
                    int type = encoding.instance(resolved.get(named.id()), true, label == null);
                    String interfaceName = qualified(named.id()).text();
                    RawName name = new RawName(
                            item.key(),
                            label == null ? null : interfaceName,
                            null,
                            named.annotations().externalId());
                    encoding.decls().extern(export, name, new ExternDesc.Instance(type));
                }
                case WitWorld.InlineItem inline -> {
                    int type = encoding.instance(inline.body(), true, false);
                    RawName name =
                            TypeEncoding.name(item.key(), item.annotations().externalId());
                    encoding.decls().extern(export, name, new ExternDesc.Instance(type));
                }
            }
        }
    }
}

package dev.lair.component.wit.encode;

import dev.lair.component.binary.Alias;
import dev.lair.component.binary.Decl;
import dev.lair.component.binary.ExternDesc;
import dev.lair.component.binary.RawName;
import dev.lair.component.binary.Sort;
import dev.lair.component.binary.TypeDef;
import dev.lair.component.names.ExternName;
import dev.lair.component.names.InvalidNameException;
import dev.lair.component.names.UniqueNames;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitException;
import java.util.ArrayList;
import java.util.List;

/** The declarations of a component type or instance type, and how many types they have made so far. */
final class TypeDecls {
    /** What is made here was not read anywhere. */
    static final long NOWHERE = 0;

    private final List<Decl> decls = new ArrayList<>();
    private final UniqueNames imported = new UniqueNames();
    private final UniqueNames exported = new UniqueNames();
    private int types;

    /** The index that the next type gets. */
    int types() {
        return types;
    }

    /** Defines a type; gives its index. */
    int define(TypeDef type) {
        decls.add(new Decl.Type(type));
        return types++;
    }

    /** Names a type of an instance; gives its index. */
    int aliasExport(int instance, String name) {
        decls.add(new Decl.AliasOf(new Alias.InstanceExport(NOWHERE, Sort.TYPE, instance, name)));
        return types++;
    }

    /** Names a type of the enclosing type; gives its index. */
    int aliasOuter(int index) {
        decls.add(new Decl.AliasOf(new Alias.Outer(NOWHERE, Sort.TYPE, 1, index)));
        return types++;
    }

    /** Imports or exports a function, component or instance of a type. */
    void extern(boolean export, RawName name, ExternDesc desc) throws WitException {
        unique(export, name.text());
        decls.add(export ? new Decl.Export(NOWHERE, name, desc) : new Decl.Import(NOWHERE, name, desc));
    }

    /** Imports or exports a type that equals another; gives the index of the new one. */
    int externType(boolean export, RawName name, int equalTo) throws WitException {
        extern(export, name, new ExternDesc.TypeEq(equalTo));
        return types++;
    }

    /** Imports or exports a fresh resource; gives its index. */
    int externResource(boolean export, RawName name) throws WitException {
        extern(export, name, new ExternDesc.SubResource());
        return types++;
    }

    /** Text has names that binaries do not let stand beside each other: a resource {@code r} and its method {@code r}. */
    private void unique(boolean export, String name) throws WitException {
        ExternName other;
        try {
            other = (export ? exported : imported).add(ExternName.parse(name, false, null));
        } catch (InvalidNameException unspeakable) {
            throw new WitException("`" + name + "` is no name in binaries: " + unspeakable.getMessage(), Place.NONE);
        }
        if (other != null) {
            throw new WitException("`" + name + "` cannot stand beside `" + other.text() + "` in binaries", Place.NONE);
        }
    }

    TypeDef.Component asComponentType() {
        return new TypeDef.Component(NOWHERE, decls);
    }

    TypeDef.Instance asInstanceType() {
        return new TypeDef.Instance(NOWHERE, decls);
    }
}

package dev.lair.component.binary;

import org.jspecify.annotations.Nullable;

/** Writes component-level types and external names: the inverse of {@link TypeReader}. */
final class TypeWriter {
    private TypeWriter() {}

    static void definition(ByteSink out, TypeDef type) {
        switch (type) {
            case TypeDef.Resource t -> {
                out.u8(0x3f);
                CoreTypeWriter.valType(out, t.rep());
                Integer destructor = t.destructor();
                out.u8(destructor == null ? 0 : 1);
                if (destructor != null) {
                    out.unsigned(destructor);
                }
            }
            case TypeDef.Func t -> {
                out.u8(t.isAsync() ? 0x43 : 0x40).each(t.params(), p -> named(out, p));
                result(out, t.result());
            }
            case TypeDef.Component t -> out.u8(0x41).each(t.decls(), d -> decl(out, d));
            case TypeDef.Instance t -> out.u8(0x42).each(t.decls(), d -> decl(out, d));
            case TypeDef.Value t -> value(out, t);
        }
    }

    private static void value(ByteSink out, TypeDef.Value type) {
        switch (type) {
            case TypeDef.Primitive t -> out.u8(t.type().code());
            case TypeDef.RecordOf t -> out.u8(0x72).each(t.fields(), f -> named(out, f));
            case TypeDef.Variant t ->
                out.u8(0x71).each(t.cases(), c -> {
                    out.name(c.name());
                    optional(out, c.type());
                    out.u8(0x00);
                });
            case TypeDef.ListOf t -> ref(out.u8(0x70), t.element());
            case TypeDef.Tuple t -> out.u8(0x6f).each(t.types(), r -> ref(out, r));
            case TypeDef.Flags t -> out.u8(0x6e).each(t.names(), out::name);
            case TypeDef.EnumOf t -> out.u8(0x6d).each(t.names(), out::name);
            case TypeDef.Option t -> ref(out.u8(0x6b), t.type());
            case TypeDef.Result t -> {
                optional(out.u8(0x6a), t.ok());
                optional(out, t.error());
            }
            case TypeDef.Own t -> out.u8(0x69).unsigned(t.resource());
            case TypeDef.Borrow t -> out.u8(0x68).unsigned(t.resource());
            case TypeDef.FixedList t -> {
                ref(out.u8(0x67), t.element());
                out.unsigned(t.length());
            }
            case TypeDef.Stream t -> optional(out.u8(0x66), t.element());
            case TypeDef.Future t -> optional(out.u8(0x65), t.element());
            case TypeDef.MapOf t -> {
                ref(out.u8(0x63), t.key());
                ref(out, t.value());
            }
        }
    }

    private static void named(ByteSink out, TypeDef.NamedVal item) {
        ref(out.name(item.name()), item.type());
    }

    static void ref(ByteSink out, ValRef ref) {
        switch (ref) {
            case ValRef.Primitive p -> out.u8(p.type().code());
            case ValRef.Index i -> out.signed(i.index());
        }
    }

    private static void optional(ByteSink out, @Nullable ValRef ref) {
        out.u8(ref == null ? 0 : 1);
        if (ref != null) {
            ref(out, ref);
        }
    }

    static void result(ByteSink out, @Nullable ValRef result) {
        if (result == null) {
            out.u8(0x01).u8(0x00);
        } else {
            ref(out.u8(0x00), result);
        }
    }

    private static void decl(ByteSink out, Decl decl) {
        switch (decl) {
            case Decl.CoreType d -> CoreTypeWriter.definition(out.u8(0x00), d.type());
            case Decl.Type d -> definition(out.u8(0x01), d.type());
            case Decl.AliasOf d -> alias(out.u8(0x02), d.alias());
            case Decl.Import d -> {
                rawName(out.u8(0x03), d.name());
                externDesc(out, d.desc());
            }
            case Decl.Export d -> {
                rawName(out.u8(0x04), d.name());
                externDesc(out, d.desc());
            }
        }
    }

    static void sort(ByteSink out, Sort sort) {
        if (sort.isCore()) {
            out.u8(0x00);
        }
        out.u8(sort.code());
    }

    static void alias(ByteSink out, Alias alias) {
        sort(out, alias.sort());
        switch (alias) {
            case Alias.InstanceExport a -> out.u8(0x00).unsigned(a.instance()).name(a.name());
            case Alias.CoreInstanceExport a ->
                out.u8(0x01).unsigned(a.instance()).name(a.name());
            case Alias.Outer a -> out.u8(0x02).unsigned(a.count()).unsigned(a.index());
        }
    }

    static void externDesc(ByteSink out, ExternDesc desc) {
        switch (desc) {
            case ExternDesc.Module d -> out.u8(0x00).u8(0x11).unsigned(d.coreType());
            case ExternDesc.Func d -> out.u8(0x01).unsigned(d.type());
            case ExternDesc.Value d -> ref(out.u8(0x02), d.type());
            case ExternDesc.TypeEq d -> out.u8(0x03).u8(0x00).unsigned(d.type());
            case ExternDesc.SubResource d -> out.u8(0x03).u8(0x01);
            case ExternDesc.Component d -> out.u8(0x04).unsigned(d.type());
            case ExternDesc.Instance d -> out.u8(0x05).unsigned(d.type());
        }
    }

    static void rawName(ByteSink out, RawName name) {
        if (!name.hasAttributes()) {
            out.u8(0x00).name(name.text());
            return;
        }
        String[] attributes = {name.implementsName(), name.versionSuffix(), name.externalId()};
        int count = 0;
        for (String attribute : attributes) {
            count += attribute == null ? 0 : 1;
        }
        out.u8(0x02).name(name.text()).unsigned(count);
        for (int tag = 0; tag < attributes.length; tag++) {
            if (attributes[tag] != null) {
                out.u8(tag).name(attributes[tag]);
            }
        }
    }
}

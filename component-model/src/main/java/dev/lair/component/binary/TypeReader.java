package dev.lair.component.binary;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads component-level types (Binary.md, "Type Definitions") and external names. */
final class TypeReader {
    private int depth;

    TypeDef definition(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int form = in.u8();
        return switch (form) {
            case 0x3f -> {
                CoreValType rep = CoreTypeReader.valType(in);
                boolean destroyed = in.flag("resource destructor");
                yield new TypeDef.Resource(at, rep, destroyed ? Integer.valueOf(in.index()) : null);
            }
            case 0x40, 0x43 -> {
                List<TypeDef.NamedVal> params = named(in, ComponentLimits.PARAMETERS, "function parameter");
                yield new TypeDef.Func(at, form == 0x43, params, result(in));
            }
            case 0x41 -> new TypeDef.Component(at, decls(in, true));
            case 0x42 -> new TypeDef.Instance(at, decls(in, false));
            default -> value(form, at, in);
        };
    }

    private static TypeDef value(int form, long at, ByteCursor in) throws InvalidComponentException {
        PrimitiveType primitive = PrimitiveType.of(form);
        if (primitive != null) {
            return new TypeDef.Primitive(at, primitive);
        }
        return switch (form) {
            case 0x72 -> new TypeDef.RecordOf(at, named(in, ComponentLimits.MEMBERS, "record field"));
            case 0x71 -> new TypeDef.Variant(at, cases(in));
            case 0x70 -> new TypeDef.ListOf(at, ref(in));
            case 0x6f -> new TypeDef.Tuple(at, refs(in));
            case 0x6e -> new TypeDef.Flags(at, names(in, "flag"));
            case 0x6d -> new TypeDef.EnumOf(at, names(in, "enum case"));
            case 0x6b -> new TypeDef.Option(at, ref(in));
            case 0x6a -> new TypeDef.Result(at, optional(in), optional(in));
            case 0x69 -> new TypeDef.Own(at, in.index());
            case 0x68 -> new TypeDef.Borrow(at, in.index());
            case 0x67 -> new TypeDef.FixedList(at, ref(in), in.u32());
            case 0x66 -> new TypeDef.Stream(at, optional(in));
            case 0x65 -> new TypeDef.Future(at, optional(in));
            case 0x63 -> new TypeDef.MapOf(at, ref(in), ref(in));
            default -> throw ByteCursor.leadingByte(form, "component defined type", at);
        };
    }

    private static List<TypeDef.NamedVal> named(ByteCursor in, int limit, String what)
            throws InvalidComponentException {
        int count = in.count(limit, what);
        List<TypeDef.NamedVal> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(new TypeDef.NamedVal(in.name(), ref(in)));
        }
        return List.copyOf(items);
    }

    private static List<TypeDef.Case> cases(ByteCursor in) throws InvalidComponentException {
        int count = in.count(ComponentLimits.MEMBERS, "variant case");
        List<TypeDef.Case> cases = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            cases.add(new TypeDef.Case(in.name(), optional(in)));
            long at = in.offset();
            int refines = in.u8();
            if (refines != 0) {
                throw ByteCursor.leadingByte(refines, "variant case refines", at);
            }
        }
        return List.copyOf(cases);
    }

    private static List<ValRef> refs(ByteCursor in) throws InvalidComponentException {
        int count = in.count(ComponentLimits.MEMBERS, "tuple type");
        List<ValRef> refs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            refs.add(ref(in));
        }
        return List.copyOf(refs);
    }

    private static List<String> names(ByteCursor in, String what) throws InvalidComponentException {
        int count = in.count(ComponentLimits.MEMBERS, what);
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(in.name());
        }
        return List.copyOf(names);
    }

    static ValRef ref(ByteCursor in) throws InvalidComponentException {
        PrimitiveType primitive = PrimitiveType.of(in.peek());
        if (primitive != null) {
            in.u8();
            return new ValRef.Primitive(primitive);
        }
        long at = in.offset();
        long index = in.s33();
        if (index < 0 || index > Integer.MAX_VALUE) {
            throw new InvalidComponentException("invalid value type: " + index, at);
        }
        return new ValRef.Index((int) index);
    }

    private static @Nullable ValRef optional(ByteCursor in) throws InvalidComponentException {
        return in.flag("optional value type") ? ref(in) : null;
    }

    /** The result of a function: 0x00 and a type, or 0x01 0x00 for none. */
    static @Nullable ValRef result(ByteCursor in) throws InvalidComponentException {
        long at = in.offset();
        int form = in.u8();
        if (form == 0x00) {
            return ref(in);
        }
        if (form != 0x01) {
            throw ByteCursor.leadingByte(form, "component function results", at);
        }
        long countAt = in.offset();
        int count = in.u8();
        if (count != 0) {
            throw ByteCursor.leadingByte(count, "number of results", countAt);
        }
        return null;
    }

    private List<Decl> decls(ByteCursor in, boolean imports)
            throws InvalidComponentException, UncheckedComponentException {
        if (++depth > ComponentLimits.NESTING) {
            throw in.invalid("types are nested deeper than " + ComponentLimits.NESTING);
        }
        int count = in.count(
                ComponentLimits.DEFINITIONS, imports ? "component type declaration" : "instance type declaration");
        List<Decl> decls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            decls.add(decl(in, imports));
        }
        depth--;
        return List.copyOf(decls);
    }

    private Decl decl(ByteCursor in, boolean imports) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int form = in.u8();
        if (form == 0x03 && imports) {
            return new Decl.Import(at, rawName(in, "import name"), externDesc(in));
        }
        return switch (form) {
            case 0x00 -> new Decl.CoreType(CoreTypeReader.definition(in));
            case 0x01 -> new Decl.Type(definition(in));
            case 0x02 -> new Decl.AliasOf(alias(in));
            case 0x04 -> new Decl.Export(at, rawName(in, "export name"), externDesc(in));
            default -> throw ByteCursor.leadingByte(form, "component or instance type declaration", at);
        };
    }

    static Sort sort(ByteCursor in) throws InvalidComponentException {
        long at = in.offset();
        int code = in.u8();
        return code == 0x00 ? Sort.of(true, in.u8(), at + 1) : Sort.of(false, code, at);
    }

    static Alias alias(ByteCursor in) throws InvalidComponentException {
        long at = in.offset();
        Sort sort = sort(in);
        long targetAt = in.offset();
        int target = in.u8();
        return switch (target) {
            case 0x00 -> {
                if (sort.isCore() && sort != Sort.CORE_MODULE) {
                    throw new InvalidComponentException("an instance has no export of sort " + sort.label(), at);
                }
                yield new Alias.InstanceExport(at, sort, in.index(), in.name());
            }
            case 0x01 -> {
                if (!sort.isCoreItem()) {
                    throw new InvalidComponentException("a core instance has no export of sort " + sort.label(), at);
                }
                yield new Alias.CoreInstanceExport(at, sort, in.index(), in.name());
            }
            case 0x02 -> {
                boolean outer =
                        switch (sort) {
                            case CORE_MODULE, CORE_TYPE, TYPE, COMPONENT -> true;
                            case CORE_FUNC, CORE_TABLE, CORE_MEMORY, CORE_GLOBAL, CORE_TAG, CORE_INSTANCE -> false;
                            case FUNC, VALUE, INSTANCE -> false;
                        };
                if (!outer) {
                    throw new InvalidComponentException("an outer alias cannot be of sort " + sort.label(), at);
                }
                yield new Alias.Outer(at, sort, in.index(), in.index());
            }
            default -> throw ByteCursor.leadingByte(target, "alias", targetAt);
        };
    }

    static ExternDesc externDesc(ByteCursor in) throws InvalidComponentException {
        long at = in.offset();
        int form = in.u8();
        return switch (form) {
            case 0x00 -> {
                int core = in.u8();
                if (core != 0x11) {
                    throw ByteCursor.leadingByte(core, "core module type", at + 1);
                }
                yield new ExternDesc.Module(in.index());
            }
            case 0x01 -> new ExternDesc.Func(in.index());
            // Binary.md puts a bound before the type; encoders in use do not, and values are gated either way.
            case 0x02 -> new ExternDesc.Value(ref(in));
            case 0x03 -> in.flag("type bound") ? new ExternDesc.SubResource() : new ExternDesc.TypeEq(in.index());
            case 0x04 -> new ExternDesc.Component(in.index());
            case 0x05 -> new ExternDesc.Instance(in.index());
            default -> throw ByteCursor.leadingByte(form, "component external kind", at);
        };
    }

    static RawName rawName(ByteCursor in, String what) throws InvalidComponentException {
        long at = in.offset();
        int form = in.u8();
        if (form > 0x02) {
            throw ByteCursor.leadingByte(form, what, at);
        }
        String text = in.name();
        if (form != 0x02) {
            return RawName.plain(text);
        }
        String implementsName = null;
        String versionSuffix = null;
        String externalId = null;
        int count = in.count(ComponentLimits.MEMBERS, "name attribute");
        for (int i = 0; i < count; i++) {
            long tagAt = in.offset();
            int tag = in.u8();
            boolean again =
                    switch (tag) {
                        case 0x00 -> implementsName != null;
                        case 0x01 -> versionSuffix != null;
                        case 0x02 -> externalId != null;
                        default -> throw ByteCursor.leadingByte(tag, "name attribute", tagAt);
                    };
            if (again) {
                throw new InvalidComponentException("duplicate attribute of name `" + text + "`", tagAt);
            }
            String value = in.name();
            switch (tag) {
                case 0x00 -> implementsName = value;
                case 0x01 -> versionSuffix = value;
                default -> externalId = value;
            }
        }
        return new RawName(text, implementsName, versionSuffix, externalId);
    }
}

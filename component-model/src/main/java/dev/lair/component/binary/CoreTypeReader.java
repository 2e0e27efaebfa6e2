package dev.lair.component.binary;

import dev.lair.component.binary.CoreValType.AbstractHeap;
import dev.lair.component.binary.CoreValType.Plain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads types of core WebAssembly: those of core modules (core specification 3.0, sections 5.3 and 5.5.4) and module
 * types
 * (component model, Binary.md, core:type). Shared types and stack switching are proposals and not read.
 */
public final class CoreTypeReader {
    private CoreTypeReader() {}

    /** An entry of a component's core type section, where 0x50 is a module type and 0x00 0x50 a subtype. */
    static CoreTypeDef definition(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        return switch (in.peek()) {
            case 0x00 -> {
                in.u8();
                if (in.peek() != 0x50) {
                    throw ByteCursor.leadingByte(in.peek(), "non-final sub type", in.offset());
                }
                yield group(in);
            }
            case 0x50 -> {
                in.u8();
                int count = in.count(ComponentLimits.DEFINITIONS, "module type declaration");
                List<CoreTypeDef.ModuleDecl> decls = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    decls.add(moduleDecl(in));
                }
                yield new CoreTypeDef.Module(at, List.copyOf(decls));
            }
            default -> group(in);
        };
    }

    private static CoreTypeDef.ModuleDecl moduleDecl(ByteCursor in)
            throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int form = in.u8();
        return switch (form) {
            case 0x00 -> new CoreTypeDef.ModuleImport(at, in.name(), in.name(), extern(in));
            case 0x01 -> new CoreTypeDef.ModuleTypeDecl(group(in));
            case 0x02 -> {
                long sortAt = in.offset();
                int sort = in.u8();
                if (sort != 0x10) {
                    throw ByteCursor.leadingByte(sort, "outer alias kind", sortAt);
                }
                long targetAt = in.offset();
                int target = in.u8();
                if (target != 0x01) {
                    throw ByteCursor.leadingByte(target, "outer alias target", targetAt);
                }
                yield new CoreTypeDef.ModuleOuterAlias(at, in.index(), in.index());
            }
            case 0x03 -> new CoreTypeDef.ModuleExport(at, in.name(), extern(in));
            default -> throw ByteCursor.leadingByte(form, "module type declaration", at);
        };
    }

    /** A recursion group, or a single type, of the type section of a core module. */
    public static CoreTypeDef.Group group(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        if (in.peek() != 0x4e) {
            return new CoreTypeDef.Group(at, List.of(subType(in)), false);
        }
        in.u8();
        int count = in.count(ComponentLimits.TYPES, "recursion group");
        List<CoreTypeDef.SubType> types = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            types.add(subType(in));
        }
        return new CoreTypeDef.Group(at, List.copyOf(types), true);
    }

    private static CoreTypeDef.SubType subType(ByteCursor in)
            throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int form = in.peek();
        if (form != 0x50 && form != 0x4f) {
            return new CoreTypeDef.SubType(at, true, null, composite(in));
        }
        in.u8();
        int count = in.count(1, "supertype");
        Integer supertype = count == 0 ? null : Integer.valueOf(in.index());
        return new CoreTypeDef.SubType(at, form == 0x4f, supertype, composite(in));
    }

    private static CoreTypeDef.Composite composite(ByteCursor in)
            throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int form = in.u8();
        return switch (form) {
            case 0x60 -> new CoreTypeDef.Func(valTypes(in, "function params"), valTypes(in, "function returns"));
            case 0x5f -> {
                int count = in.count(ComponentLimits.MEMBERS, "struct field");
                List<CoreTypeDef.Field> fields = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    fields.add(field(in));
                }
                yield new CoreTypeDef.Struct(List.copyOf(fields));
            }
            case 0x5e -> new CoreTypeDef.Array(field(in));
            case 0x5d -> throw new UncheckedComponentException("stack switching", at);
            case 0x4c, 0x4d -> throw new UncheckedComponentException("custom descriptors", at);
            case 0x65 -> throw new UncheckedComponentException("shared types", at);
            default -> throw ByteCursor.leadingByte(form, "core type", at);
        };
    }

    private static List<CoreValType> valTypes(ByteCursor in, String what)
            throws InvalidComponentException, UncheckedComponentException {
        int count = in.count(ComponentLimits.PARAMETERS, what);
        List<CoreValType> types = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            types.add(valType(in));
        }
        return List.copyOf(types);
    }

    private static CoreTypeDef.Field field(ByteCursor in)
            throws InvalidComponentException, UncheckedComponentException {
        return new CoreTypeDef.Field(storage(in), in.flag("mutability"));
    }

    /** A value type. */
    public static CoreValType valType(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        CoreValType type = storage(in);
        if (type == Plain.I8 || type == Plain.I16) {
            throw new InvalidComponentException("invalid value type", at);
        }
        return type;
    }

    private static CoreValType storage(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int form = in.u8();
        for (Plain plain : Plain.values()) {
            if (plain.code() == form) {
                return plain;
            }
        }
        AbstractHeap heap = abstractHeap(form);
        if (heap != null) {
            return new CoreValType.Ref(true, heap);
        }
        return switch (form) {
            case 0x63 -> new CoreValType.Ref(true, heap(in));
            case 0x64 -> new CoreValType.Ref(false, heap(in));
            case 0x65 -> throw new UncheckedComponentException("shared types", at);
            case 0x68, 0x75 -> throw new UncheckedComponentException("stack switching", at);
            default -> throw new InvalidComponentException("invalid value type", at);
        };
    }

    private static CoreValType.Heap heap(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int form = in.peek();
        AbstractHeap heap = abstractHeap(form);
        if (heap != null) {
            in.u8();
            return heap;
        }
        if (form == 0x65 || form == 0x62) {
            throw new UncheckedComponentException(form == 0x65 ? "shared types" : "custom descriptors", at);
        }
        long index = in.s33();
        if (index < 0 || index > Integer.MAX_VALUE) {
            throw new InvalidComponentException("invalid heap type", at);
        }
        return new CoreValType.TypeIndex((int) index);
    }

    private static @Nullable AbstractHeap abstractHeap(int form) {
        for (AbstractHeap heap : AbstractHeap.values()) {
            if (heap.code() == form) {
                return heap;
            }
        }
        return null;
    }

    /** The type of a core import or export. */
    public static CoreExtern extern(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int kind = in.u8();
        return switch (kind) {
            case 0x00 -> new CoreExtern.Func(in.index());
            case 0x01 -> table(in);
            case 0x02 -> memory(in);
            case 0x03 -> global(in);
            case 0x04 -> tag(in);
            default -> throw ByteCursor.leadingByte(kind, "external kind", at);
        };
    }

    public static CoreExtern.Table table(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        CoreValType element = valType(in);
        long at = in.offset();
        int flags = in.u8();
        if (flags > 0x07) {
            throw new InvalidComponentException("invalid table limits flags", at);
        }
        return new CoreExtern.Table(element, bounds(in, flags));
    }

    public static CoreExtern.Memory memory(ByteCursor in) throws InvalidComponentException {
        long at = in.offset();
        int flags = in.u8();
        if (flags > 0x0f) {
            throw new InvalidComponentException("invalid memory limits flags", at);
        }
        CoreExtern.Bounds bounds = bounds(in, flags);
        Integer page = null;
        if ((flags & 0x08) != 0) {
            long pageAt = in.offset();
            long log2 = in.u32();
            if (log2 > 64) {
                throw new InvalidComponentException("invalid custom page size", pageAt);
            }
            page = (int) log2;
        }
        return new CoreExtern.Memory(bounds, page);
    }

    private static CoreExtern.Bounds bounds(ByteCursor in, int flags) throws InvalidComponentException {
        boolean is64 = (flags & 0x04) != 0;
        long min = is64 ? in.u64() : in.u32();
        Long max = (flags & 0x01) == 0 ? null : Long.valueOf(is64 ? in.u64() : in.u32());
        return new CoreExtern.Bounds(min, max, (flags & 0x02) != 0, is64);
    }

    public static CoreExtern.Global global(ByteCursor in)
            throws InvalidComponentException, UncheckedComponentException {
        CoreValType type = valType(in);
        long at = in.offset();
        int flags = in.u8();
        if (flags == 2 || flags == 3) {
            throw new UncheckedComponentException("shared globals", at);
        }
        if (flags > 3) {
            throw new InvalidComponentException("malformed mutability", at);
        }
        return new CoreExtern.Global(type, flags == 1);
    }

    public static CoreExtern.Tag tag(ByteCursor in) throws InvalidComponentException {
        long at = in.offset();
        int attribute = in.u8();
        if (attribute != 0) {
            throw ByteCursor.leadingByte(attribute, "tag attribute", at);
        }
        return new CoreExtern.Tag(in.index());
    }
}

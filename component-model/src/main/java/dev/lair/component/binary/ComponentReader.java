package dev.lair.component.binary;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a component: every section, nested components included (Binary.md). Names of {@link Section} records tell
 * the
 * numbers. Nothing is resolved: an index may point nowhere.
 */
public final class ComponentReader {
    private static final int MAGIC = 0x6d73_6100;
    private static final int COMPONENT = 0x0001_000d;

    private final TypeReader types = new TypeReader();
    private int nested;
    private int depth;

    private ComponentReader() {}

    /**
     * Decodes a component.
     *
     * @param bytes from position to limit; the position stays. The model keeps views of them
     * @throws InvalidComponentException when they are no component, with rule and offset
     * @throws UncheckedComponentException when a core type belongs to a proposal that is not read here
     */
    public static ComponentBinary read(ByteBuffer bytes) throws InvalidComponentException, UncheckedComponentException {
        return new ComponentReader().component(new ByteCursor(bytes, 0));
    }

    private ComponentBinary component(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        if (++depth > ComponentLimits.NESTING) {
            throw in.invalid("components are nested deeper than " + ComponentLimits.NESTING);
        }
        long start = in.offset();
        preamble(in);
        List<Section> sections = new ArrayList<>();
        while (in.hasRemaining()) {
            long idAt = in.offset();
            int id = in.u8();
            in.charge(1);
            ByteCursor body = in.sized();
            sections.add(section(id, idAt, body));
            body.end();
        }
        depth--;
        return new ComponentBinary(start, in.offset(), List.copyOf(sections));
    }

    private static void preamble(ByteCursor in) throws InvalidComponentException {
        long start = in.offset();
        if (word(in) != MAGIC) {
            throw new InvalidComponentException("magic header not detected: bad magic number", start);
        }
        long versionAt = in.offset();
        int version = word(in);
        if (version != COMPONENT) {
            throw new InvalidComponentException(
                    "not a component: version 0x" + Integer.toHexString(version & 0xffff) + ", layer 0x"
                            + Integer.toHexString(version >>> 16),
                    versionAt);
        }
    }

    private static int word(ByteCursor in) throws InvalidComponentException {
        return in.u8() | in.u8() << 8 | in.u8() << 16 | in.u8() << 24;
    }

    private Section section(int id, long idAt, ByteCursor in)
            throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        if ((id == 1 || id == 4) && ++nested > ComponentLimits.NESTED_BINARIES) {
            throw in.invalid("more than " + ComponentLimits.NESTED_BINARIES + " nested modules and components");
        }
        return switch (id) {
            case 0 -> new Section.Custom(at, in.name(), in.rest());
            case 1 -> new Section.CoreModule(at, in.rest());
            case 2 -> new Section.CoreInstances(at, each(in, "core instance", this::coreInstance));
            case 3 -> new Section.CoreTypes(at, each(in, "core type", CoreTypeReader::definition));
            case 4 -> new Section.Nested(at, component(in));
            case 5 -> new Section.Instances(at, each(in, "instance", this::instance));
            case 6 -> new Section.Aliases(at, each(in, "alias", TypeReader::alias));
            case 7 -> new Section.Types(at, each(in, "type", types::definition));
            case 8 -> new Section.Canons(at, each(in, "canonical function", ComponentReader::canon));
            case 9 -> start(at, in);
            case 10 -> new Section.Imports(at, each(in, "import", ComponentReader::importItem));
            case 11 -> new Section.Exports(at, each(in, "export", ComponentReader::exportItem));
            default -> throw new InvalidComponentException("malformed section id: " + id, idAt);
        };
    }

    private interface Item<T> {
        T read(ByteCursor in) throws InvalidComponentException, UncheckedComponentException;
    }

    private <T> List<T> each(ByteCursor in, String what, Item<T> item)
            throws InvalidComponentException, UncheckedComponentException {
        int count = in.count(ComponentLimits.DEFINITIONS, what);
        List<T> all = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            all.add(item.read(in));
        }
        return List.copyOf(all);
    }

    private CoreInstance coreInstance(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int form = in.u8();
        return switch (form) {
            case 0x00 ->
                new CoreInstance.Instantiate(
                        at, in.index(), each(in, "core instantiation argument", ComponentReader::coreArgument));
            case 0x01 ->
                new CoreInstance.FromExports(at, each(in, "core instance export", ComponentReader::coreExport));
            default -> throw ByteCursor.leadingByte(form, "core instance", at);
        };
    }

    private static CoreInstance.Argument coreArgument(ByteCursor in) throws InvalidComponentException {
        String name = in.name();
        long at = in.offset();
        int sort = in.u8();
        if (sort != 0x12) {
            throw ByteCursor.leadingByte(sort, "core instantiation argument", at);
        }
        return new CoreInstance.Argument(name, in.index());
    }

    private static CoreInstance.Export coreExport(ByteCursor in) throws InvalidComponentException {
        String name = in.name();
        long at = in.offset();
        int code = in.u8();
        if (code > 0x04) {
            throw ByteCursor.leadingByte(code, "external kind", at);
        }
        return new CoreInstance.Export(name, Sort.of(true, code, at), in.index());
    }

    private Instance instance(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int form = in.u8();
        return switch (form) {
            case 0x00 ->
                new Instance.Instantiate(
                        at,
                        in.index(),
                        each(
                                in,
                                "instantiation argument",
                                c -> new Instance.Argument(c.name(), itemSort(c), c.index())));
            case 0x01 ->
                new Instance.FromExports(
                        at,
                        each(
                                in,
                                "instance export",
                                c -> new Instance.Export(
                                        TypeReader.rawName(c, "export name"), itemSort(c), c.index())));
            default -> throw ByteCursor.leadingByte(form, "instance", at);
        };
    }

    /** Sort of what a component can import, export or take as an argument. */
    private static Sort itemSort(ByteCursor in) throws InvalidComponentException {
        long at = in.offset();
        Sort sort = TypeReader.sort(in);
        if (sort.isCore() && sort != Sort.CORE_MODULE) {
            throw new InvalidComponentException("a component cannot pass a " + sort.label(), at);
        }
        return sort;
    }

    private static Section.Import importItem(ByteCursor in) throws InvalidComponentException {
        long at = in.offset();
        return new Section.Import(at, TypeReader.rawName(in, "import name"), TypeReader.externDesc(in));
    }

    private static Section.Export exportItem(ByteCursor in) throws InvalidComponentException {
        long at = in.offset();
        RawName name = TypeReader.rawName(in, "export name");
        Sort sort = itemSort(in);
        int index = in.index();
        ExternDesc ascribed = in.flag("optional component export type") ? TypeReader.externDesc(in) : null;
        return new Section.Export(at, name, sort, index, ascribed);
    }

    private Section start(long at, ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        int func = in.index();
        List<Integer> arguments = each(in, "start argument", ByteCursor::index);
        long resultsAt = in.offset();
        long results = in.u32();
        if (results > ComponentLimits.PARAMETERS) {
            throw new InvalidComponentException("start function results size is out of bounds", resultsAt);
        }
        return new Section.Start(at, func, arguments, results);
    }

    private static Canon canon(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int code = in.u8();
        return switch (code) {
            case 0x00 -> {
                zero(in, "canonical function lift");
                yield new Canon.Lift(at, in.index(), options(in), in.index());
            }
            case 0x01 -> {
                zero(in, "canonical function lower");
                yield new Canon.Lower(at, in.index(), options(in));
            }
            default -> {
                BuiltinOp op = BuiltinOp.of(code);
                if (op == null) {
                    throw ByteCursor.leadingByte(code, "canonical function", at);
                }
                yield builtin(at, op, in);
            }
        };
    }

    private static void zero(ByteCursor in, String what) throws InvalidComponentException {
        long at = in.offset();
        int b = in.u8();
        if (b != 0) {
            throw ByteCursor.leadingByte(b, what, at);
        }
    }

    private static Canon builtin(long at, BuiltinOp op, ByteCursor in)
            throws InvalidComponentException, UncheckedComponentException {
        int index = 0;
        int second = 0;
        boolean flag = false;
        @Nullable ValRef result = null;
        @Nullable CoreValType slotType = null;
        List<CanonOption> options = List.of();
        switch (op.immediates()) {
            case NONE -> {}
            case FLAG -> flag = in.flag(op.label());
            case INDEX -> index = in.index();
            case TWO_INDEXES -> {
                index = in.index();
                second = in.index();
            }
            case INDEX_FLAG -> {
                index = in.index();
                flag = in.flag(op.label());
            }
            case FLAG_INDEX -> {
                flag = in.flag(op.label());
                index = in.index();
            }
            case OPTIONS -> options = options(in);
            case INDEX_OPTIONS -> {
                index = in.index();
                options = options(in);
            }
            case RESULT_OPTIONS -> {
                result = TypeReader.result(in);
                options = options(in);
            }
            case SLOT -> {
                slotType = CoreTypeReader.valType(in);
                second = in.index();
            }
        }
        return new Canon.Builtin(at, op, index, second, flag, result, slotType, options);
    }

    private static List<CanonOption> options(ByteCursor in) throws InvalidComponentException {
        int count = in.count(ComponentLimits.CANONICAL_OPTIONS, "canonical option");
        List<CanonOption> options = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long at = in.offset();
            int code = in.u8();
            options.add(
                    switch (code) {
                        case 0x00 -> CanonOption.Encoding.UTF8;
                        case 0x01 -> CanonOption.Encoding.UTF16;
                        case 0x02 -> CanonOption.Encoding.LATIN1_UTF16;
                        case 0x03 -> new CanonOption.Memory(in.index());
                        case 0x04 -> new CanonOption.Realloc(in.index());
                        case 0x05 -> new CanonOption.PostReturn(in.index());
                        case 0x06 -> new CanonOption.Async();
                        case 0x07 -> new CanonOption.Callback(in.index());
                        case 0x08 -> new CanonOption.CoreType(in.index());
                        case 0x09 -> new CanonOption.Gc();
                        default -> throw ByteCursor.leadingByte(code, "canonical option", at);
                    });
        }
        return List.copyOf(options);
    }
}

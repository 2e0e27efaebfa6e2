package dev.lair.component;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether bytes are a core module, a component or a WIT package, and refuses what is none of them.
 *
 * <p>Checked: preamble; section ids, sizes and item counts; custom section names; nested modules and components, to the
 * same depth; core modules completely, function bodies included. Not checked: types, index spaces and canonical options
 * of components (Binary.md from "Core Definitions" on).
 *
 * <p>Memory stays bounded by {@link Limits} whatever the size of the binary: the buffer may be a mapped file.
 */
public final class WasmStructure {
    private int nestedBinaries;
    private int sectionCount;
    private CoreCheck coreCheck = new CoreCheck.Valid();

    private WasmStructure() {}

    /**
     * Checks a binary.
     *
     * @param bytes the binary, from position to limit; its position stays
     * @throws InvalidWasmException when the bytes are no WebAssembly binary, with rule and offset
     */
    public static WasmContent check(ByteBuffer bytes) throws InvalidWasmException {
        return new WasmStructure().outermost(new WasmReader(bytes));
    }

    /** Whether the preamble is that of a component, whatever is wrong behind it; the position stays. */
    public static boolean saysComponent(ByteBuffer bytes) {
        try {
            return Preamble.read(new WasmReader(bytes)) == Preamble.COMPONENT;
        } catch (InvalidWasmException noWebAssembly) {
            return false;
        }
    }

    private WasmContent outermost(WasmReader in) throws InvalidWasmException {
        long sizeBytes = in.remaining();
        WasmReader whole = in.again();
        List<WasmSection> sections = new ArrayList<>();
        WasmContent.Kind kind =
                switch (Preamble.read(in)) {
                    case CORE_MODULE -> {
                        coreModule(whole, sections);
                        yield WasmContent.Kind.CORE_MODULE;
                    }
                    case COMPONENT -> {
                        WitPackageShape shape = new WitPackageShape();
                        component(in, 0, sections, shape);
                        yield shape.holds() ? WasmContent.Kind.WIT_PACKAGE : WasmContent.Kind.COMPONENT;
                    }
                };
        return new WasmContent(kind, sizeBytes, coreCheck, sections);
    }

    private void coreModule(WasmReader module, @Nullable List<WasmSection> sections) throws InvalidWasmException {
        CoreCheck check = CoreModule.check(module, section -> countAndKeep(section, sections));
        if (coreCheck instanceof CoreCheck.Valid) {
            coreCheck = check;
        }
    }

    /** The sections of a component behind its preamble. */
    private void component(
            WasmReader in, int depth, @Nullable List<WasmSection> sections, @Nullable WitPackageShape shape)
            throws InvalidWasmException {
        if (depth > Limits.COMPONENT_DEPTH) {
            throw in.invalid("components are nested deeper than " + Limits.COMPONENT_DEPTH);
        }
        while (in.hasRemaining()) {
            long idAt = in.offset();
            int id = in.u8();
            WasmReader body = in.part(in.size());
            if (id > 11) {
                throw new InvalidWasmException("malformed section id: " + id, idAt);
            }
            String customName = id == 0 ? body.name() : null;
            countAndKeep(new WasmSection(id, customName, body.offset(), body.remaining()), sections);
            if (shape != null) {
                shape.add(id, customName, body.again());
            }
            switch (id) {
                case 0 -> {} // custom: any bytes behind the name
                case 1 -> nestedModule(body);
                case 4 -> nestedComponent(body, depth);
                case 9 -> body.u8(); // start: one definition, not a list
                default -> items(body);
            }
        }
    }

    private void nestedModule(WasmReader body) throws InvalidWasmException {
        countNested(body);
        long start = body.offset();
        if (Preamble.read(body.again()) != Preamble.CORE_MODULE) {
            throw new InvalidWasmException("expected a core module", start);
        }
        coreModule(body, null);
    }

    private void nestedComponent(WasmReader body, int depth) throws InvalidWasmException {
        countNested(body);
        long start = body.offset();
        if (Preamble.read(body) != Preamble.COMPONENT) {
            throw new InvalidWasmException("expected a component", start);
        }
        component(body, depth + 1, null, null);
    }

    /** A list of definitions: only its count is looked at. */
    private static void items(WasmReader body) throws InvalidWasmException {
        if (body.count() == 0 && body.hasRemaining()) {
            throw body.invalid("section size mismatch: unexpected data at the end of the section");
        }
    }

    private void countNested(WasmReader body) throws InvalidWasmException {
        if (++nestedBinaries > Limits.NESTED_BINARIES) {
            throw body.invalid("more than " + Limits.NESTED_BINARIES + " nested modules and components");
        }
    }

    private void countAndKeep(WasmSection section, @Nullable List<WasmSection> sections) throws InvalidWasmException {
        if (++sectionCount > Limits.SECTIONS) {
            throw new InvalidWasmException("more than " + Limits.SECTIONS + " sections", section.offset());
        }
        if (sections != null) {
            sections.add(section);
        }
    }
}

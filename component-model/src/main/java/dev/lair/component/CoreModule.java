package dev.lair.component;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;

/**
 * Checks one core module: sections by hand, then everything by Endive's parser and validator.
 *
 * <p>Endive sees the module without custom sections (they are free text, and it refuses some legal ones), without the
 * bytes of data segments (any are valid), and with a bounded number of function bodies at a time: those that {@link
 * BodyProof} leaves. The others are replaced by `unreachable`, which is valid at any type; where none is left, functions
 * become imports. Whatever Endive throws becomes a rejection, unless it is known to be a limit of Endive itself.
 */
final class CoreModule {
    private record Section(int id, WasmReader body) {}

    private static final int IMPORT = 2;
    private static final int FUNCTION = 3;
    private static final int CODE = 10;
    private static final int DATA = 11;

    /** The start of an import: two names of no letters, and that it is a function. */
    private static final byte[] NAMELESS = {0x00, 0x00, 0x00};

    /** Order of non-custom sections: their rank by id (core specification, "Modules"). */
    private static final int[] RANK = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};

    private static final byte[] PREAMBLE = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};

    /** Size 3, no locals, unreachable, end. */
    private static final byte[] STUB = {0x03, 0x00, 0x00, 0x0b};

    private final long start;
    private final CoreWork work;
    private final List<Section> sections = new ArrayList<>();
    private final CoreScan scan;

    private CoreModule(long start, CoreWork work) {
        this.start = start;
        this.work = work;
        this.scan = new CoreScan(work);
    }

    /**
     * Checks a module from its preamble to the end of the reader.
     *
     * @param work of the modules before it in the same binary
     * @param proofs whether function bodies that {@link BodyProof} proves are kept from the validator
     */
    static CoreCheck check(WasmReader in, CoreWork work, boolean proofs) throws InvalidWasmException {
        CoreModule module = new CoreModule(in.offset(), work);
        int sizeBytes = in.remaining();
        if (Preamble.read(in) != Preamble.CORE_MODULE) {
            throw new InvalidWasmException("expected a core module", module.start);
        }
        module.walk(in);
        try {
            if (sizeBytes > Limits.CORE_MODULE_BYTES_CHECKED) {
                throw new NotCheckableException("core module of " + sizeBytes + " bytes", module.start);
            }
            work.bytes(sizeBytes, module.start);
            for (Section section : module.sections) {
                if (section.id() == CODE) {
                    module.scan.code(section.body().again(), proofs ? ModuleShape.of(module::section) : null);
                } else {
                    module.scan.section(section.id(), section.body().again());
                }
            }
            module.validate();
            return new CoreCheck.Valid();
        } catch (NotCheckableException e) {
            return e.verdict();
        }
    }

    private @Nullable WasmReader section(int id) {
        for (Section section : sections) {
            if (section.id() == id) {
                return section.body();
            }
        }
        return null;
    }

    private void walk(WasmReader in) throws InvalidWasmException {
        int rank = 0;
        while (in.hasRemaining()) {
            long idAt = in.offset();
            int id = in.u8();
            WasmReader body = in.part(in.size());
            if (id >= RANK.length) {
                throw new InvalidWasmException("malformed section id: " + id, idAt);
            }
            if (id == 0) {
                body.name(); // any bytes behind it
                continue;
            }
            if (RANK[id] <= rank) {
                throw new InvalidWasmException("section out of order", idAt);
            }
            rank = RANK[id];
            sections.add(new Section(id, body));
        }
    }

    private void validate() throws InvalidWasmException, NotCheckableException {
        if (scan.runs().isEmpty()) {
            endive(null);
        }
        for (CoreScan.Run run : scan.runs()) {
            endive(run);
        }
    }

    private void endive(CoreScan.@Nullable Run run) throws InvalidWasmException, NotCheckableException {
        byte[] module = module(run);
        work.bytes(module.length, start);
        guard(
                start,
                () -> Parser.builder()
                        .withCustomParsers(Map.of())
                        .build()
                        .parse(() -> new ByteArrayInputStream(module)));
    }

    /**
     * Runs the validator on a module that starts at this offset; whatever exception it throws becomes a verdict. Errors of
     * the virtual machine do not: they depend on what else runs and on this thread's stack, and whoever kept them as a
     * verdict would refuse the same bytes for ever.
     */
    static void guard(long start, Runnable validator) throws InvalidWasmException, NotCheckableException {
        try {
            validator.run();
        } catch (RuntimeException | AssertionError e) {
            throw rejection(e, start);
        }
    }

    private static InvalidWasmException rejection(Throwable thrown, long start) throws NotCheckableException {
        Throwable told = thrown.getCause() instanceof WasmEngineException cause ? cause : thrown;
        String message = String.valueOf(told.getMessage());
        if (message.contains("malformed UTF-8 encoding")) {
            // The scan found all names well-formed; Endive takes only those of identifier characters.
            throw new NotCheckableException("import names with symbols", start);
        }
        if (!(told instanceof WasmEngineException)) {
            message = told.getClass().getSimpleName() + " in the validator";
        }
        return new InvalidWasmException("invalid core module: " + message, start);
    }

    /**
     * The module without custom sections and data, with the bodies of one run. When all bodies are proven, functions are
     * imported instead of defined: that leaves all indices as they are and is the least to read.
     */
    private byte[] module(CoreScan.@Nullable Run run) throws InvalidWasmException {
        boolean asImports = scan.isAllProven() && scan.functions() > 0;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(PREAMBLE);
        boolean imported = false;
        for (Section section : sections) {
            if (asImports && !imported && RANK[section.id()] >= RANK[IMPORT]) {
                put(out, IMPORT, imports());
                imported = true;
            }
            byte[] body =
                    switch (section.id()) {
                        case IMPORT -> asImports ? null : section.body().toByteArray();
                        case FUNCTION -> asImports ? null : section.body().toByteArray();
                        case CODE -> asImports ? null : code(run);
                        case DATA -> scan.emptiedData();
                        default -> section.body().toByteArray();
                    };
            if (body != null) {
                put(out, section.id(), body);
            }
        }
        return out.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, int id, byte[] body) {
        out.write(id);
        CoreScan.u32(out, body.length);
        out.writeBytes(body);
    }

    /** The imports, and behind them each function of the module as one. */
    private byte[] imports() throws InvalidWasmException {
        WasmReader before = section(IMPORT);
        WasmReader in = before == null ? null : before.again();
        int count = in == null ? 0 : in.count();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CoreScan.u32(out, count + scan.functions());
        if (in != null) {
            out.writeBytes(in.toByteArray());
        }
        WasmReader types = Objects.requireNonNull(section(FUNCTION)).again();
        for (int i = types.count(); i > 0; i--) {
            out.writeBytes(NAMELESS);
            CoreScan.u32(out, Math.toIntExact(types.u32()));
        }
        return out.toByteArray();
    }

    private byte[] code(CoreScan.@Nullable Run run) throws InvalidWasmException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CoreScan.u32(out, scan.functions());
        int first = run == null ? scan.functions() : run.first();
        for (int i = 0; i < first; i++) {
            out.writeBytes(STUB);
        }
        if (run != null) {
            WasmReader bodies = run.bodies().again();
            for (int i = first; i < run.end(); i++) {
                WasmReader body = bodies.part(bodies.size());
                if (scan.isProven(i)) {
                    out.writeBytes(STUB);
                } else {
                    CoreScan.u32(out, body.remaining());
                    out.writeBytes(body.toByteArray());
                }
            }
            for (int i = run.end(); i < scan.functions(); i++) {
                out.writeBytes(STUB);
            }
        }
        return out.toByteArray();
    }
}

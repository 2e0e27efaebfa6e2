package dev.lair.component.inspect;

import dev.lair.component.binary.ByteCursor;
import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.CoreExtern;
import dev.lair.component.binary.CoreTypeReader;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.UncheckedComponentException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Imports and exports of a core module (core specification, sections 2 and 7); the other sections are passed over. */
final class CoreExterns {
    private static final int PREAMBLE_BYTES = 8;
    private static final int IMPORTS = 2;
    private static final int EXPORTS = 7;
    private static final List<String> KINDS = List.of("func", "table", "memory", "global", "tag");

    private final List<ExternFact> imports = new ArrayList<>();
    private final List<ExternFact> exports = new ArrayList<>();
    private final List<String> gaps;

    CoreExterns(ByteBuffer module, List<String> gaps) {
        this.gaps = gaps;
        try {
            walk(new ByteCursor(module, 0));
        } catch (InvalidComponentException | UncheckedComponentException unreadable) {
            gaps.add("imports and exports could not be read to their end: " + unreadable.getMessage());
        }
    }

    List<ExternFact> imports() {
        return imports;
    }

    List<ExternFact> exports() {
        return exports;
    }

    private void walk(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        in.skip(PREAMBLE_BYTES);
        while (in.hasRemaining()) {
            int id = in.u8();
            ByteCursor body = in.sized();
            if (id == IMPORTS) {
                int count = listed(body.count(ComponentLimits.DEFINITIONS, "import"), "imports");
                for (int i = 0; i < count; i++) {
                    String name = body.name() + '.' + body.name();
                    imports.add(new ExternFact(name, kind(CoreTypeReader.extern(body)), null));
                }
            } else if (id == EXPORTS) {
                int count = listed(body.count(ComponentLimits.DEFINITIONS, "export"), "exports");
                for (int i = 0; i < count; i++) {
                    String name = body.name();
                    int kind = body.u8();
                    body.index();
                    exports.add(new ExternFact(name, kind < KINDS.size() ? KINDS.get(kind) : "unknown", null));
                }
            }
        }
    }

    private int listed(int count, String what) {
        if (count > InspectLimits.EXTERNS) {
            gaps.add("of " + count + " " + what + " the first " + InspectLimits.EXTERNS + " are listed");
        }
        return Math.min(count, InspectLimits.EXTERNS);
    }

    private static String kind(CoreExtern extern) {
        return switch (extern) {
            case CoreExtern.Func e -> "func";
            case CoreExtern.Table e -> "table";
            case CoreExtern.Memory e -> "memory";
            case CoreExtern.Global e -> "global";
            case CoreExtern.Tag e -> "tag";
        };
    }
}

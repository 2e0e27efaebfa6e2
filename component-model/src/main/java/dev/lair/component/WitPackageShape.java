package dev.lair.component;

import org.jspecify.annotations.Nullable;

/**
 * Recognises a WIT package among components: it defines types and exports them, and does nothing else. The custom section
 * {@code wit-component-encoding} marks such a package; without it, every type has to be a component type, as encoders
 * write them one per section.
 *
 * <p>Only tells kinds apart, so what is not understood means "a component" and is no error.
 */
final class WitPackageShape {
    private static final String MARKER = "wit-component-encoding";
    private static final int CUSTOM = 0;
    private static final int TYPE = 7;
    private static final int EXPORT = 11;
    private static final int COMPONENT_TYPE = 0x41;
    private static final int SORT_TYPE = 0x03;

    private boolean marked;
    private boolean exports;
    private boolean onlyComponentTypes = true;
    private boolean onlyTypesAndExports = true;

    /** Takes the next section; the reader stands at its body, behind a custom section's name. */
    void add(int id, @Nullable String customName, WasmReader body) {
        try {
            switch (id) {
                case CUSTOM -> marked |= MARKER.equals(customName);
                case TYPE -> onlyComponentTypes &= body.count() == 1 && body.u8() == COMPONENT_TYPE;
                case EXPORT -> {
                    onlyTypesAndExports &= exportsTypes(body);
                    exports = true;
                }
                default -> onlyTypesAndExports = false;
            }
        } catch (InvalidWasmException e) {
            onlyTypesAndExports = false;
        }
    }

    boolean holds() {
        return exports && onlyTypesAndExports && (marked || onlyComponentTypes);
    }

    /** Each export: name prefix, name, sort, index, and no type ascription. */
    private static boolean exportsTypes(WasmReader body) throws InvalidWasmException {
        int count = body.count();
        for (int i = 0; i < count; i++) {
            int prefix = body.u8();
            body.name();
            boolean plainName = prefix == 0x00 || prefix == 0x01;
            if (!plainName || body.u8() != SORT_TYPE) {
                return false;
            }
            body.u32();
            if (body.u8() != 0x00) {
                return false;
            }
        }
        return count > 0;
    }
}

package dev.lair.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The smallest binaries: modules of a header and one custom section that tells them apart, and a component. */
final class Wasm {

    private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final byte[] COMPONENT_HEADER = {0, 'a', 's', 'm', 13, 0, 1, 0};
    private static final byte[] NAME = "e2e".getBytes(StandardCharsets.US_ASCII);

    private Wasm() {}

    /** A valid module of its own for each text. */
    static byte[] module(String text) {
        return module(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A valid module that carries these bytes. */
    static byte[] module(byte[] payload) {
        ByteArrayOutputStream module = new ByteArrayOutputStream();
        module.writeBytes(HEADER);
        module.write(0);
        writeLength(module, 1 + NAME.length + payload.length);
        module.write(NAME.length);
        module.writeBytes(NAME);
        module.writeBytes(payload);
        return module.toByteArray();
    }

    /** A component that does nothing but import an empty instance of this name. */
    static byte[] componentThatImports(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream imports = new ByteArrayOutputStream();
        // One import: a plain name, and an instance of type 0.
        imports.writeBytes(new byte[] {1, 0});
        writeLength(imports, text.length);
        imports.writeBytes(text);
        imports.writeBytes(new byte[] {5, 0});
        ByteArrayOutputStream component = new ByteArrayOutputStream();
        component.writeBytes(COMPONENT_HEADER);
        // Section 7, types: one instance type without declarations.
        component.writeBytes(new byte[] {7, 3, 1, 0x42, 0});
        component.write(10);
        writeLength(component, imports.size());
        component.writeBytes(imports.toByteArray());
        return component.toByteArray();
    }

    /** Unsigned LEB128. */
    private static void writeLength(ByteArrayOutputStream out, int length) {
        int rest = length;
        while (rest >= 0x80) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}

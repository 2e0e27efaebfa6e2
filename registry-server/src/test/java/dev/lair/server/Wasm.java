package dev.lair.server;

import dev.lair.transparency.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Small valid contents, as many different ones as a test wants: a preamble and a custom section that names them. */
public final class Wasm {

    private static final String COMPONENT = "0061736d0d000100";
    private static final String CORE_MODULE = "0061736d01000000";

    private Wasm() {}

    /** A component that nobody else has. */
    public static byte[] component(String name) {
        return named(COMPONENT, name);
    }

    /** A core module that nobody else has. */
    public static byte[] coreModule(String name) {
        return named(CORE_MODULE, name);
    }

    /** The digest under which content is stored. */
    public static Digest digest(byte[] content) {
        return Digest.of(content);
    }

    private static byte[] named(String preamble, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > 100) {
            throw new IllegalArgumentException("the lengths are written as one byte");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HexFormat.of().parseHex(preamble));
        out.write(0);
        out.write(1 + utf8.length);
        out.write(utf8.length);
        out.writeBytes(utf8);
        return out.toByteArray();
    }
}

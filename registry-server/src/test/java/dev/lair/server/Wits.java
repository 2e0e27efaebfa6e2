package dev.lair.server;

import dev.lair.component.wit.WitException;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Contents with types: WIT packages from texts, and the smallest components that import or export something. */
public final class Wits {

    private static final String COMPONENT = "0061736d0d000100";

    private Wits() {}

    /** The binary of a WIT text, which may refer to these other packages. */
    public static byte[] packageOf(String text, String... dependencies) {
        WitResolver resolver = new WitResolver(Features.NONE);
        for (int i = 0; i < dependencies.length; i++) {
            resolver = resolver.with(SourceGroup.of("dependency" + i + ".wit", dependencies[i]));
        }
        try {
            return WitEncoder.encode(
                    resolver.resolve(SourceGroup.of("main.wit", text)), new EncodeOptions(true, "test", "1"));
        } catch (WitException e) {
            throw new IllegalArgumentException(e.rendered(), e);
        }
    }

    /** A component that imports empty instances of these names, each in an import section of its own. */
    public static byte[] importing(String... names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HexFormat.of().parseHex(COMPONENT));
        // Section 7, types: one instance type without declarations.
        out.writeBytes(new byte[] {7, 3, 1, 0x42, 0});
        for (String name : names) {
            section(out, 10, name, new byte[] {5, 0});
        }
        return out.toByteArray();
    }

    /** A component that imports one empty instance and exports it under each of these names too. */
    public static byte[] exporting(String... names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(importing("a:base/i"));
        for (String name : names) {
            section(out, 11, name, new byte[] {5, 0, 0});
        }
        return out.toByteArray();
    }

    /** One item: count, prefix, name, what it is. */
    private static void section(ByteArrayOutputStream out, int id, String name, byte[] what) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream item = new ByteArrayOutputStream();
        item.write(1);
        item.write(0);
        length(item, utf8.length);
        item.writeBytes(utf8);
        item.writeBytes(what);
        out.write(id);
        length(out, item.size());
        out.writeBytes(item.toByteArray());
    }

    /** Unsigned LEB128. */
    private static void length(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >>> 7 != 0) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /** A component of any sections. */
    public static byte[] component(String sections) {
        return HexFormat.of().parseHex(COMPONENT + sections);
    }

    /** The same bytes with a name in place of another of the same length. */
    public static byte[] renamed(byte[] binary, String from, String to) {
        return new String(binary, StandardCharsets.ISO_8859_1).replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }
}

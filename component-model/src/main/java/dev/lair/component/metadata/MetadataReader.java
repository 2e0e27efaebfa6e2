package dev.lair.component.metadata;

import dev.lair.component.binary.ByteCursor;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.metadata.BinaryMetadata.Layer;
import dev.lair.component.metadata.BinaryMetadata.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads custom sections. Only section headers and custom sections are looked at, so that a mapped file of any size costs
 * its metadata; whether the binary is valid is for others to say.
 */
public final class MetadataReader {
    private static final int MAGIC = 0x6d73_6100;
    private static final int CORE_MODULE = 0x0000_0001;
    private static final int COMPONENT = 0x0001_000d;

    private int sections;
    private int nestedBinaries;
    private long textBytes;

    private MetadataReader() {}

    /**
     * Reads what there is to read.
     *
     * @param bytes any bytes, from position to limit; the position stays
     */
    public static BinaryMetadata read(ByteBuffer bytes) {
        return new MetadataReader().binary(new ByteCursor(bytes, 0), "", 0);
    }

    private BinaryMetadata binary(ByteCursor in, String path, int depth) {
        long start = in.offset();
        long sizeBytes = in.remaining();
        Layer layer = Layer.UNKNOWN;
        List<CustomSection> found = new ArrayList<>();
        List<BinaryMetadata> nested = new ArrayList<>();
        Problem problem = null;
        try {
            layer = layer(in);
            if (depth > MetadataLimits.NESTING) {
                throw in.invalid("components are nested deeper than " + MetadataLimits.NESTING);
            }
            walk(in, layer, path, depth, found, nested);
        } catch (InvalidComponentException broken) {
            problem = new Problem(broken.rule(), broken.offset());
        }
        return new BinaryMetadata(layer, path, start, sizeBytes, found, nested, problem);
    }

    private void walk(
            ByteCursor in, Layer layer, String path, int depth, List<CustomSection> found, List<BinaryMetadata> nested)
            throws InvalidComponentException {
        int modules = 0;
        int components = 0;
        String prefix = path.isEmpty() ? "" : path + '/';
        while (in.hasRemaining()) {
            if (++sections > MetadataLimits.SECTIONS) {
                throw in.invalid("more than " + MetadataLimits.SECTIONS + " sections");
            }
            int id = in.u8();
            ByteCursor body = in.sized();
            if (id == 0) {
                found.add(custom(body, layer));
            } else if (layer == Layer.COMPONENT && (id == 1 || id == 4)) {
                if (++nestedBinaries > MetadataLimits.NESTED_BINARIES) {
                    throw body.invalid(
                            "more than " + MetadataLimits.NESTED_BINARIES + " nested modules and components");
                }
                String name = id == 1 ? "core-module[" + modules++ + "]" : "component[" + components++ + "]";
                nested.add(binary(body, prefix + name, depth + 1));
            }
        }
    }

    private static Layer layer(ByteCursor in) throws InvalidComponentException {
        long start = in.offset();
        if (in.remaining() < 8 || word(in) != MAGIC) {
            throw new InvalidComponentException("magic header not detected: bad magic number", start);
        }
        return switch (word(in)) {
            case CORE_MODULE -> Layer.CORE_MODULE;
            case COMPONENT -> Layer.COMPONENT;
            default -> throw new InvalidComponentException("unknown binary version", start + 4);
        };
    }

    private static int word(ByteCursor in) throws InvalidComponentException {
        return in.u8() | in.u8() << 8 | in.u8() << 16 | in.u8() << 24;
    }

    private CustomSection custom(ByteCursor in, Layer layer) throws InvalidComponentException {
        String name = in.name();
        long offset = in.offset();
        long sizeBytes = in.remaining();
        MetadataSection content;
        try {
            content = content(name, in, layer);
        } catch (InvalidComponentException broken) {
            content = new MetadataSection.Malformed(broken.rule(), broken.offset());
        }
        return new CustomSection(name, offset, sizeBytes, content);
    }

    private MetadataSection content(String name, ByteCursor in, Layer layer) throws InvalidComponentException {
        Optional<TextKind> text = TextKind.of(name);
        if (text.isPresent()) {
            return new MetadataSection.Text(text.get(), text(in, MetadataLimits.TEXT_BYTES));
        }
        return switch (name) {
            case "producers" -> producers(in);
            case "package-docs" -> docs(in);
            case "name" -> layer == Layer.CORE_MODULE ? name(in) : new MetadataSection.Unknown();
            case "component-name" -> layer == Layer.COMPONENT ? name(in) : new MetadataSection.Unknown();
            default -> new MetadataSection.Unknown();
        };
    }

    private MetadataSection producers(ByteCursor in) throws InvalidComponentException {
        List<Producer> values = new ArrayList<>();
        int fields = in.count(MetadataLimits.PRODUCERS, "producers field");
        for (int i = 0; i < fields; i++) {
            String field = name(in, "producers");
            int count = in.count(MetadataLimits.PRODUCERS, "producers value");
            for (int j = 0; j < count; j++) {
                values.add(new Producer(field, name(in, "producers"), name(in, "producers")));
            }
        }
        in.end();
        return new MetadataSection.Producers(values);
    }

    private MetadataSection docs(ByteCursor in) throws InvalidComponentException {
        long at = in.offset();
        int version = in.u8();
        if (version > 1) {
            throw new InvalidComponentException("package-docs has version " + version + "; known are 0 and 1", at);
        }
        long jsonAt = in.offset();
        String json = text(in, MetadataLimits.DOCS_BYTES);
        if (!json.stripLeading().startsWith("{")) {
            throw new InvalidComponentException("package-docs is no JSON object", jsonAt);
        }
        return new MetadataSection.PackageDocs(version, json);
    }

    /** Subsections by number; number 0 is the name of the whole. Those that name definitions are for debuggers. */
    private MetadataSection name(ByteCursor in) throws InvalidComponentException {
        String own = "";
        while (in.hasRemaining()) {
            int id = in.u8();
            ByteCursor body = in.sized();
            if (id == 0) {
                own = name(body, "name");
                body.end();
            }
        }
        return new MetadataSection.Name(own);
    }

    private String name(ByteCursor in, String section) throws InvalidComponentException {
        String name = in.name();
        charge(in, name.length(), section);
        return name;
    }

    /** The rest of a section as UTF-8. */
    private String text(ByteCursor in, int limit) throws InvalidComponentException {
        if (in.remaining() > limit) {
            throw in.invalid("a text of " + in.remaining() + " bytes exceeds the limit of " + limit);
        }
        charge(in, in.remaining(), "texts");
        long at = in.offset();
        ByteBuffer rest = in.rest();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
        } catch (CharacterCodingException notText) {
            throw new InvalidComponentException("malformed UTF-8 encoding", at);
        }
    }

    private void charge(ByteCursor in, long bytes, String what) throws InvalidComponentException {
        textBytes += bytes;
        if (textBytes > MetadataLimits.ALL_TEXT_BYTES) {
            throw in.invalid(what + " beyond the limit of " + MetadataLimits.ALL_TEXT_BYTES + " bytes in one binary");
        }
    }
}

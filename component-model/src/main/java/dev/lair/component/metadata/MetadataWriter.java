package dev.lair.component.metadata;

import dev.lair.component.binary.ByteSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes custom sections, the inverse of {@link MetadataReader}. */
public final class MetadataWriter {
    private MetadataWriter() {}

    /**
     * A binary with more sections behind its last one.
     *
     * @param layer what the binary is: it decides the name of the name section
     * @throws IllegalArgumentException for what has no content to write: unknown and malformed sections
     */
    public static byte[] append(byte[] binary, BinaryMetadata.Layer layer, MetadataSection... sections) {
        ByteSink out = new ByteSink().bytes(binary);
        for (MetadataSection section : sections) {
            out.section(0, body -> body.name(name(section, layer)).bytes(content(section)));
        }
        return out.toByteArray();
    }

    private static String name(MetadataSection section, BinaryMetadata.Layer layer) {
        return switch (section) {
            case MetadataSection.Producers s -> "producers";
            case MetadataSection.Name s -> layer == BinaryMetadata.Layer.COMPONENT ? "component-name" : "name";
            case MetadataSection.Text s -> s.kind().section();
            case MetadataSection.PackageDocs s -> "package-docs";
            case MetadataSection.Unknown s -> throw contentless(s);
            case MetadataSection.Malformed s -> throw contentless(s);
        };
    }

    private static byte[] content(MetadataSection section) {
        ByteSink out = new ByteSink();
        switch (section) {
            case MetadataSection.Producers s -> {
                Map<String, List<Producer>> fields = new LinkedHashMap<>();
                s.values()
                        .forEach(value -> fields.computeIfAbsent(value.field(), f -> new ArrayList<>())
                                .add(value));
                out.each(
                        List.copyOf(fields.entrySet()),
                        field -> out.name(field.getKey())
                                .each(
                                        field.getValue(),
                                        value -> out.name(value.name()).name(value.version())));
            }
            case MetadataSection.Name s -> out.section(0, body -> body.name(s.name()));
            case MetadataSection.Text s -> out.bytes(utf8(s.text()));
            case MetadataSection.PackageDocs s -> out.u8(s.version()).bytes(utf8(s.json()));
            case MetadataSection.Unknown s -> throw contentless(s);
            case MetadataSection.Malformed s -> throw contentless(s);
        }
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException contentless(MetadataSection section) {
        return new IllegalArgumentException("only sections that were understood can be written, not " + section);
    }
}

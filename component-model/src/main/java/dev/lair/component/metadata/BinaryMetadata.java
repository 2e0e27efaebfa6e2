package dev.lair.component.metadata;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The custom sections of a binary, and of the binaries nested in it.
 *
 * @param path where it is nested: empty for the outermost one, else as {@code component[1]/core-module[0]}, counted
 *     among those of its kind in the binary around it
 * @param offset of its preamble in the outermost binary
 * @param sizeBytes with everything nested
 * @param sections in order
 * @param nested in order
 * @param problem what ended reading early; null when everything was read
 */
public record BinaryMetadata(
        Layer layer,
        String path,
        long offset,
        long sizeBytes,
        List<CustomSection> sections,
        List<BinaryMetadata> nested,
        @Nullable Problem problem) {
    /** What the preamble says. */
    public enum Layer {
        CORE_MODULE,
        COMPONENT,
        /** No preamble that is known: there is nothing to read. */
        UNKNOWN
    }

    /** A broken rule of the binary around the sections, at an offset from the start of the outermost binary. */
    public record Problem(String rule, long offset) {}

    public BinaryMetadata {
        sections = List.copyOf(sections);
        nested = List.copyOf(nested);
    }

    /** This binary and all nested ones, each before those inside it. */
    public Stream<BinaryMetadata> all() {
        return Stream.concat(Stream.of(this), nested.stream().flatMap(BinaryMetadata::all));
    }

    /** The binary's own name; the last section that has one counts. */
    public Optional<String> name() {
        return contents(MetadataSection.Name.class)
                .map(MetadataSection.Name::name)
                .filter(name -> !name.isEmpty())
                .reduce((first, last) -> last);
    }

    /** One of the texts; the last section of that name counts. */
    public Optional<String> text(TextKind kind) {
        return contents(MetadataSection.Text.class)
                .filter(text -> text.kind() == kind)
                .map(MetadataSection.Text::text)
                .reduce((first, last) -> last);
    }

    /** What this binary names as its producers; those of nested ones are theirs. */
    public List<Producer> producers() {
        return contents(MetadataSection.Producers.class)
                .flatMap(producers -> producers.values().stream())
                .distinct()
                .toList();
    }

    /** The documentation of a WIT package. */
    public Optional<MetadataSection.PackageDocs> packageDocs() {
        return contents(MetadataSection.PackageDocs.class).reduce((first, last) -> last);
    }

    /** Sections of a known name that cannot be read. */
    public List<CustomSection> malformed() {
        return sections.stream()
                .filter(section -> section.content() instanceof MetadataSection.Malformed)
                .toList();
    }

    private <T extends MetadataSection> Stream<T> contents(Class<T> type) {
        return sections.stream()
                .map(CustomSection::content)
                .filter(type::isInstance)
                .map(type::cast);
    }
}

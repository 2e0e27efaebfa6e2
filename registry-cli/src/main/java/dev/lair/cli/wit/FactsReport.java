package dev.lair.cli.wit;

import dev.lair.cli.report.Counted;
import dev.lair.component.WasmKind;
import dev.lair.component.inspect.BinaryFacts;
import dev.lair.component.inspect.DependencyFact;
import dev.lair.component.inspect.EmbeddedFact;
import dev.lair.component.inspect.ExternFact;
import dev.lair.component.inspect.WorldFact;
import dev.lair.component.metadata.BinaryMetadata;
import dev.lair.component.metadata.CustomSection;
import dev.lair.component.metadata.MetadataSection;
import dev.lair.component.metadata.Producer;
import dev.lair.component.metadata.TextKind;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The facts about a binary in words and as JSON. The text is a column of labels with what they say, one fact a line, the
 * WIT last behind an empty line; what a binary does not have has no line.
 */
public final class FactsReport {
    private static final int LABEL = 13;

    private FactsReport() {}

    /** The facts for people. */
    public static String text(BinaryFacts facts, boolean withWit) {
        Lines out = new Lines();
        out.line("kind", kind(facts.kind()) + " (" + Counted.of(facts.sizeBytes(), "byte") + ")");
        out.line("verdict", facts.validity().text());
        out.line("digest", facts.digest().toString());
        if (facts.packageName() != null) {
            out.line("package", facts.packageName().toString());
        }
        metadata(facts.metadata(), out);
        for (Producer.Role role : Producer.Role.values()) {
            for (Producer producer : facts.producers(role)) {
                out.line(role == Producer.Role.OTHER ? producer.field() : role.field(), producer.text());
            }
        }
        facts.interfaces()
                .forEach(each -> out.line(
                        "interface",
                        each.name() + " (" + Counted.of(each.types().size(), "type") + ", "
                                + Counted.of(each.functions().size(), "function") + ")"));
        facts.worlds().forEach(world -> world(world, out));
        if (facts.kind() != WasmKind.WIT_PACKAGE) {
            // A package exports its interfaces and worlds, which have lines already.
            facts.imports().forEach(each -> out.line("import", extern(each)));
            facts.exports().forEach(each -> out.line("export", extern(each)));
        }
        facts.dependencies().forEach(each -> out.line("depends on", dependency(each)));
        facts.capabilities()
                .forEach((capability, names) -> out.line(
                        "asks for",
                        label(capability) + ": " + capability.gives() + " (" + Counted.of(names.size(), "import")
                                + ")"));
        facts.coreModules().forEach(each -> out.line("core module", embedded(each)));
        facts.components().forEach(each -> out.line("component", embedded(each)));
        facts.gaps().forEach(gap -> out.line("not known", gap));
        String wit = facts.wit();
        if (withWit && wit != null) {
            out.text.append('\n').append(wit).append(wit.endsWith("\n") ? "" : "\n");
        }
        return out.text.toString();
    }

    private static final class Lines {
        private final StringBuilder text = new StringBuilder();

        /** What a binary says of itself may have lines of its own; they stay below their label. */
        void line(String label, String words) {
            text.append(String.format("%-" + LABEL + "s", label))
                    .append(words.strip().replace("\n", "\n" + " ".repeat(LABEL)))
                    .append('\n');
        }
    }

    private static void metadata(BinaryMetadata metadata, Lines out) {
        metadata.name().ifPresent(name -> out.line("name", name));
        for (TextKind kind : TextKind.values()) {
            metadata.text(kind).ifPresent(text -> out.line(kind.section(), text));
        }
        for (CustomSection section : metadata.sections()) {
            switch (section.content()) {
                case MetadataSection.Unknown unknown ->
                    out.line("section", section.name() + " (" + Counted.of(section.sizeBytes(), "byte") + ")");
                case MetadataSection.Malformed broken ->
                    out.line(
                            "section",
                            section.name() + " cannot be read: " + broken.rule() + " (at offset 0x"
                                    + Long.toHexString(broken.offset()) + ")");
                case MetadataSection.Producers known -> {}
                case MetadataSection.Name known -> {}
                case MetadataSection.Text known -> {}
                case MetadataSection.PackageDocs known -> {}
            }
        }
    }

    private static void world(WorldFact world, Lines out) {
        out.line("world", world.name());
        world.imports().forEach(name -> out.line("", "  import " + name));
        world.exports().forEach(name -> out.line("", "  export " + name));
    }

    /** Names say enough of interfaces; what else there is needs its kind or its signature. */
    private static String extern(ExternFact each) {
        String wit = each.wit();
        if (wit == null || each.kind().equals("instance")) {
            return each.kind().equals("instance") ? each.name() : each.name() + " (" + each.kind() + ")";
        }
        return wit.lines().count() == 1 ? wit : each.name() + " (" + each.kind() + ")";
    }

    private static String dependency(DependencyFact each) {
        return each.packageName() + ": " + String.join(", ", each.interfaces());
    }

    private static String embedded(EmbeddedFact each) {
        return each.path() + (each.name() == null ? "" : " `" + each.name() + "`") + " " + each.digest() + " ("
                + Counted.of(each.sizeBytes(), "byte") + " at offset 0x" + Long.toHexString(each.offset()) + ")";
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String kind(@Nullable WasmKind kind) {
        return kind == null
                ? "no WebAssembly"
                : switch (kind) {
                    case CORE_MODULE -> "core module";
                    case COMPONENT -> "component";
                    case WIT_PACKAGE -> "WIT package";
                };
    }

    /**
     * The facts for programs: the file and its digest; {@code content} as the registry's API has it; and the custom sections
     * of the whole, which the API leaves out.
     */
    public static Map<String, Object> members(Path file, BinaryFacts facts, ContentFacts content) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("file", file.toString());
        members.put("digest", facts.digest().toString());
        members.put("content", ApiJson.members(content));
        members.put(
                "sections",
                facts.metadata().sections().stream()
                        .map(each -> {
                            Map<String, Object> section = new LinkedHashMap<>();
                            section.put("name", each.name());
                            section.put("offset", each.offset());
                            section.put("sizeBytes", each.sizeBytes());
                            return section;
                        })
                        .toList());
        return members;
    }
}

package dev.lair.cli.wit;

import dev.lair.cli.report.Counted;
import dev.lair.component.CoreCheck;
import dev.lair.component.WasmKind;
import dev.lair.component.inspect.BinaryFacts;
import dev.lair.component.inspect.DependencyFact;
import dev.lair.component.inspect.EmbeddedFact;
import dev.lair.component.inspect.ExternFact;
import dev.lair.component.inspect.Validity;
import dev.lair.component.inspect.WorldFact;
import dev.lair.component.metadata.BinaryMetadata;
import dev.lair.component.metadata.CustomSection;
import dev.lair.component.metadata.MetadataSection;
import dev.lair.component.metadata.Producer;
import dev.lair.component.metadata.TextKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The facts about a binary in words and as JSON. The text is a column of labels with what they say, one fact a line, the
 * WIT last behind an empty line; what a binary does not have has no line. JSON has every member, empty ones too.
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

    /** The facts for programs. */
    public static Map<String, Object> members(BinaryFacts facts, boolean withWit) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kind", kind(facts.kind()));
        members.put("sizeBytes", facts.sizeBytes());
        members.put("digest", facts.digest().toString());
        members.put("validity", validity(facts.validity()));
        if (facts.packageName() != null) {
            members.put("package", facts.packageName().toString());
        }
        members.put("metadata", metadata(facts.metadata()));
        members.put("producers", producers(facts));
        members.put(
                "interfaces",
                facts.interfaces().stream()
                        .map(each -> named("name", each.name(), "types", each.types(), "functions", each.functions()))
                        .toList());
        members.put(
                "worlds",
                facts.worlds().stream()
                        .map(each -> named("name", each.name(), "imports", each.imports(), "exports", each.exports()))
                        .toList());
        members.put(
                "imports", facts.imports().stream().map(FactsReport::members).toList());
        members.put(
                "exports", facts.exports().stream().map(FactsReport::members).toList());
        members.put(
                "dependencies",
                facts.dependencies().stream()
                        .map(each -> named(
                                "package",
                                each.packageName().toString(),
                                "how",
                                each.how().stream().map(FactsReport::label).toList(),
                                "interfaces",
                                each.interfaces()))
                        .toList());
        Map<String, Object> capabilities = new LinkedHashMap<>();
        facts.capabilities().forEach((capability, names) -> capabilities.put(label(capability), names));
        members.put("capabilities", capabilities);
        members.put(
                "coreModules",
                facts.coreModules().stream().map(FactsReport::members).toList());
        members.put(
                "components",
                facts.components().stream().map(FactsReport::members).toList());
        members.put("gaps", facts.gaps());
        if (withWit && facts.wit() != null) {
            members.put("wit", facts.wit());
        }
        return members;
    }

    private static Map<String, Object> validity(Validity validity) {
        return switch (validity) {
            case Validity.Valid valid
            when valid.coreModules() instanceof CoreCheck.NotChecked unknown ->
                named("verdict", "valid", "coreModules", "not checked", "reason", unknown.reason());
            case Validity.Valid valid -> named("verdict", "valid");
            case Validity.NotChecked unknown ->
                named("verdict", "not checked", "reason", unknown.reason(), "offset", unknown.offset());
            case Validity.Invalid invalid -> {
                Map<String, Object> members =
                        named("verdict", "invalid", "rule", invalid.rule(), "offset", invalid.offset());
                if (invalid.missingFeature() != null) {
                    members.put("missingFeature", invalid.missingFeature());
                }
                yield members;
            }
        };
    }

    private static Map<String, Object> metadata(BinaryMetadata metadata) {
        Map<String, Object> members = new LinkedHashMap<>();
        metadata.name().ifPresent(name -> members.put("name", name));
        for (TextKind kind : TextKind.values()) {
            metadata.text(kind).ifPresent(text -> members.put(kind.section(), text));
        }
        members.put(
                "sections",
                metadata.sections().stream()
                        .map(each -> named("name", each.name(), "offset", each.offset(), "sizeBytes", each.sizeBytes()))
                        .toList());
        return members;
    }

    private static List<Map<String, Object>> producers(BinaryFacts facts) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Producer.Role role : Producer.Role.values()) {
            for (Producer each : facts.producers(role)) {
                all.add(named("field", each.field(), "name", each.name(), "version", each.version()));
            }
        }
        return all;
    }

    private static Map<String, Object> members(ExternFact each) {
        Map<String, Object> members = named("name", each.name(), "kind", each.kind());
        if (each.wit() != null) {
            members.put("wit", each.wit());
        }
        return members;
    }

    private static Map<String, Object> members(EmbeddedFact each) {
        Map<String, Object> members = named(
                "path",
                each.path(),
                "offset",
                each.offset(),
                "sizeBytes",
                each.sizeBytes(),
                "digest",
                each.digest().toString());
        if (each.name() != null) {
            members.put("name", each.name());
        }
        return members;
    }

    /** Names and values in turns, in this order. */
    private static Map<String, Object> named(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }
}

package dev.lair.server.docs;

import dev.lair.registry.api.WitModel;
import dev.lair.server.docs.DocEntry.DocLine;
import dev.lair.server.docs.DocEntry.DocPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the entries of an interface or world in the order in which they are read. */
final class ItemWriter {

    private static final String USED = "Used types";
    private static final String TYPES = "Types";
    private static final String FUNCTIONS = "Functions";

    private final List<DocItem.Slot> slots = new ArrayList<>();
    private final Set<String> anchors = new HashSet<>();

    private ItemWriter() {}

    static DocItem of(WitModel.Interface item) {
        ItemWriter writer = new ItemWriter();
        writer.body("", USED, TYPES, FUNCTIONS, 1, item.name(), item.types(), item.functions());
        return new DocItem(
                DocItem.Kind.INTERFACE,
                own(item.name()),
                item.name(),
                new DocNotes(item.docs(), item.since(), item.unstable(), item.deprecated()),
                writer.slots);
    }

    static DocItem of(WitModel.World world) {
        ItemWriter writer = new ItemWriter();
        List<WitModel.TypeDef> types = new ArrayList<>();
        List<WitModel.Function> functions = new ArrayList<>();
        for (WitModel.Item item : world.imports()) {
            if (item.kind().equals("type")) {
                types.add(Objects.requireNonNull(item.type()));
            } else if (item.function() != null && item.function().resource() != null) {
                functions.add(item.function());
            }
        }
        writer.externs("Imports", "import", world.imports());
        writer.externs("Exports", "export", world.exports());
        writer.body("", USED, TYPES, FUNCTIONS, 1, world.name(), types, functions);
        return new DocItem(
                DocItem.Kind.WORLD,
                own(world.name()),
                world.name(),
                new DocNotes(world.docs(), world.since(), world.unstable(), world.deprecated()),
                writer.slots);
    }

    /** The last part of a qualified name. */
    private static String own(String qualified) {
        DocTarget place = DocTarget.ofItem(qualified);
        return place == null ? qualified : place.item();
    }

    private void externs(String group, String direction, List<WitModel.Item> items) {
        for (WitModel.Item item : items) {
            switch (item.kind()) {
                case "interface" -> {
                    String id = Objects.requireNonNull(item.id());
                    add(
                            line(group, "interface", Anchors.extern(direction, item.name()), item.name(), 1),
                            new DocNotes(item.docs(), item.since(), item.unstable(), item.deprecated()),
                            2 * id.length(),
                            () -> Signatures.external(direction, item.name(), id));
                }
                case "function" -> {
                    WitModel.Function function = Objects.requireNonNull(item.function());
                    if (function.resource() == null) {
                        add(
                                line(group, "func", Anchors.extern(direction, item.name()), item.name(), 1),
                                notes(function),
                                length(function),
                                () -> Signatures.external(direction, function));
                    }
                }
                case "inline-interface" -> {
                    WitModel.Interface body = Objects.requireNonNull(item.body());
                    add(
                            line(group, "interface", Anchors.extern(direction, item.name()), item.name(), 1),
                            new DocNotes(body.docs(), body.since(), body.unstable(), body.deprecated()),
                            item.name().length(),
                            () -> Signatures.inline(direction, item.name()));
                    String prefix = direction + "-" + item.name() + ".";
                    body(prefix, group, group, group, 2, "", body.types(), body.functions());
                }
                default -> {
                    // Types stand behind, with their functions.
                }
            }
        }
    }

    private void body(
            String prefix,
            String usedGroup,
            String typeGroup,
            String functionGroup,
            int level,
            String owner,
            List<WitModel.TypeDef> types,
            List<WitModel.Function> functions) {
        Map<String, List<WitModel.Function>> byResource = new HashMap<>();
        for (WitModel.Function function : functions) {
            if (function.resource() != null) {
                byResource
                        .computeIfAbsent(function.resource(), none -> new ArrayList<>())
                        .add(function);
            }
        }
        for (WitModel.TypeDef type : types) {
            if (isUsed(type, owner)) {
                add(
                        line(usedGroup, "use", prefix + Anchors.type(type.name()), type.name(), level),
                        notes(type),
                        80,
                        () -> Signatures.used(type));
            }
        }
        for (WitModel.TypeDef type : types) {
            if (!isUsed(type, owner)) {
                type(prefix, typeGroup, level, type);
                byResource.getOrDefault(type.name(), List.of()).forEach(one -> function(prefix, typeGroup, 2, one));
            }
        }
        functions.stream()
                .filter(function -> function.resource() == null)
                .forEach(function -> function(prefix, functionGroup, level, function));
    }

    /** Another name for a type of another interface. */
    private static boolean isUsed(WitModel.TypeDef type, String owner) {
        WitModel.Type aliased = type.type();
        return type.kind().equals("alias")
                && aliased != null
                && aliased.kind().equals("ref")
                && aliased.owner() != null
                && !aliased.owner().equals(owner)
                && !aliased.owner().contains(" ");
    }

    private void function(String prefix, String group, int level, WitModel.Function function) {
        String kind = function.kind().equals("freestanding") ? "func" : function.kind();
        String resource = function.resource();
        String name = resource == null
                ? function.name()
                : kind.equals("constructor") ? resource : resource + "." + function.name();
        add(
                line(group, kind, prefix + Anchors.function(function.kind(), function.name(), resource), name, level),
                notes(function),
                length(function),
                () -> Signatures.function(function));
    }

    /** A type of thousands of cases becomes several entries, of which the first has its anchor. */
    private void type(String prefix, String group, int level, WitModel.TypeDef type) {
        List<WitModel.Member> members = members(type);
        String anchor = prefix + Anchors.type(type.name());
        int from = 0;
        do {
            int to = from;
            int characters = 0;
            while (to < members.size()
                    && to - from < DocsLimits.PARTS_AN_ENTRY
                    && characters < DocsLimits.CHARACTERS_A_PAGE / 2) {
                characters += length(members.get(to));
                to++;
            }
            boolean isFirst = from == 0;
            List<WitModel.Member> shown = members.subList(from, to);
            DocLine line = line(
                    group,
                    type.kind(),
                    isFirst ? anchor : anchor + "-" + (from + 1),
                    isFirst
                            ? type.name()
                            : type.name() + " (from " + shown.getFirst().name() + ")",
                    level);
            DocNotes notes = isFirst ? notes(type) : DocNotes.NONE;
            slots.add(new DocItem.Slot(
                    line,
                    DocsLimits.ENTRY_CHARACTERS + notes.length() + characters,
                    () -> new DocEntry(
                            line, notes, Signatures.declared(type), parts(anchor, type.cases() != null, shown))));
            from = to;
        } while (from < members.size());
    }

    private static List<WitModel.Member> members(WitModel.TypeDef type) {
        List<WitModel.Member> members =
                type.fields() != null ? type.fields() : type.cases() != null ? type.cases() : type.flags();
        return Objects.requireNonNullElse(members, List.of());
    }

    private static List<DocPart> parts(String anchor, boolean isCase, List<WitModel.Member> members) {
        return members.stream()
                .map(each -> new DocPart(
                        anchor + "." + each.name(), each.name(), each.docs(), Signatures.member(each.type(), isCase)))
                .toList();
    }

    private void add(
            DocLine line, DocNotes notes, int characters, java.util.function.Supplier<List<DocToken>> signature) {
        slots.add(new DocItem.Slot(
                line,
                DocsLimits.ENTRY_CHARACTERS + notes.length() + characters,
                () -> new DocEntry(line, notes, signature.get(), List.of())));
    }

    /** An anchor that is taken gets a number: a page has no two places of one name, whatever a binary says. */
    private DocLine line(String group, String kind, String anchor, String name, int level) {
        String free = anchor;
        for (int number = 2; !anchors.add(free); number++) {
            free = anchor + "-" + number;
        }
        return new DocLine(group, kind, free, name, level);
    }

    private static DocNotes notes(WitModel.Function function) {
        return new DocNotes(function.docs(), function.since(), function.unstable(), function.deprecated());
    }

    private static DocNotes notes(WitModel.TypeDef type) {
        return new DocNotes(type.docs(), type.since(), type.unstable(), type.deprecated());
    }

    private static int length(WitModel.Function function) {
        return 60 * (1 + function.params().size());
    }

    private static int length(WitModel.Member member) {
        @Nullable String docs = member.docs();
        return DocsLimits.PART_CHARACTERS + (docs == null ? 0 : Math.min(docs.length(), DocsLimits.COMMENT_CHARACTERS));
    }
}

package dev.lair.component.compat;

import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.print.WitFragment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What differs inside a function or type, part by part; an empty list means that nothing does. */
final class TypeDetails {
    private final TypeMatch match;

    /** A named part with its type; parts such as flags have none. */
    private record Part(String name, @Nullable WitType type) {}

    TypeDetails(TypeMatch match) {
        this.match = match;
    }

    List<String> of(WitFunction before, WitFunction after) {
        List<String> out = new ArrayList<>();
        if (before.async() != after.async()) {
            out.add(after.async() ? "it is async now" : "it is no longer async");
        }
        if (before.kind() != after.kind()) {
            out.add("it was a " + before.kind() + " and is a " + after.kind());
        }
        parts(
                "parameter",
                before.params().stream().map(p -> new Part(p.name(), p.type())).toList(),
                after.params().stream().map(p -> new Part(p.name(), p.type())).toList(),
                out);
        type("result", before.result(), after.result(), out);
        return out;
    }

    List<String> of(WitTypeDef before, WitTypeDef after) {
        if (match.sameBody(before.kind(), after.kind(), 0)) {
            return List.of();
        }
        List<String> out = new ArrayList<>();
        switch (before.kind()) {
            case WitTypeDef.RecordOf a
            when after.kind() instanceof WitTypeDef.RecordOf b ->
                parts(
                        "field",
                        a.fields().stream()
                                .map(f -> new Part(f.name(), f.type()))
                                .toList(),
                        b.fields().stream()
                                .map(f -> new Part(f.name(), f.type()))
                                .toList(),
                        out);
            case WitTypeDef.Variant a
            when after.kind() instanceof WitTypeDef.Variant b ->
                parts(
                        "case",
                        a.cases().stream()
                                .map(c -> new Part(c.name(), c.type()))
                                .toList(),
                        b.cases().stream()
                                .map(c -> new Part(c.name(), c.type()))
                                .toList(),
                        out);
            case WitTypeDef.EnumOf a
            when after.kind() instanceof WitTypeDef.EnumOf b ->
                parts("case", labels(a.cases()), labels(b.cases()), out);
            case WitTypeDef.Flags a
            when after.kind() instanceof WitTypeDef.Flags b -> parts("flag", labels(a.flags()), labels(b.flags()), out);
            case WitTypeDef.Alias a
            when after.kind() instanceof WitTypeDef.Alias b -> type("type", a.type(), b.type(), out);
            default -> out.add("it was a " + word(before.kind()) + " and is a " + word(after.kind()));
        }
        if (out.isEmpty()) {
            out.add("its parts are the same, but one of them is nested too deeply to compare");
        }
        return out;
    }

    private static String word(WitTypeDef.Kind kind) {
        return switch (kind) {
            case WitTypeDef.Alias k -> "alias";
            case WitTypeDef.RecordOf k -> "record";
            case WitTypeDef.Variant k -> "variant";
            case WitTypeDef.EnumOf k -> "enum";
            case WitTypeDef.Flags k -> "flags";
            case WitTypeDef.Resource k -> "resource";
        };
    }

    private static List<Part> labels(List<WitTypeDef.Label> labels) {
        return labels.stream().map(label -> new Part(label.name(), null)).toList();
    }

    private void parts(String word, List<Part> before, List<Part> after, List<String> out) {
        Map<String, Part> news = new LinkedHashMap<>();
        after.forEach(part -> news.put(part.name(), part));
        List<String> common = new ArrayList<>();
        for (Part part : before) {
            Part other = news.remove(part.name());
            if (other == null) {
                out.add(word + " `" + part.name() + "` is gone");
            } else {
                common.add(part.name());
                type(word + " `" + part.name() + "`", part.type(), other.type(), out);
            }
        }
        news.keySet().forEach(name -> out.add(word + " `" + name + "` is new"));
        List<String> order =
                after.stream().map(Part::name).filter(common::contains).toList();
        if (!order.equals(common)) {
            out.add("the order of its " + word + "s is another");
        }
    }

    private void type(String what, @Nullable WitType before, @Nullable WitType after, List<String> out) {
        if (match.same(before, after)) {
            return;
        }
        String from = text(before);
        String to = text(after);
        if (Objects.equals(from, to)) {
            from = match.oldOrigins(before);
            to = match.newOrigins(after);
        }
        out.add(what + " was " + from + " and is " + to);
    }

    private static String text(@Nullable WitType type) {
        return type == null ? "nothing" : WitFragment.type(type);
    }
}

package dev.lair.cli.wit;

import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.Difference;
import dev.lair.component.compat.Party;
import dev.lair.component.wit.Place;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A verdict on two versions in words, with the lines of both texts, and as JSON. */
public final class CompatReport {
    private CompatReport() {}

    /** The summary, then each difference: whom it breaks, what it is, where in both texts, what to do. */
    public static String text(Compatibility verdict) {
        StringBuilder out = new StringBuilder(verdict.summary()).append('\n');
        for (Difference each : verdict.differences()) {
            String item = each.spot().item();
            out.append('\n')
                    .append(each.breaks().isEmpty() ? "breaks nobody: " : "BREAKS " + parties(each) + ": ")
                    .append(each.spot().owner())
                    .append(item.isEmpty() ? "" : ", " + item)
                    .append("\n  ")
                    .append(each.message())
                    .append('\n');
            lines("old", each.spot().before(), out);
            lines("new", each.spot().after(), out);
            String advice = each.advice(verdict.versions());
            if (!advice.isEmpty() && !verdict.isPermitted()) {
                out.append("  to do: ").append(advice).append('\n');
            }
        }
        return out.toString();
    }

    private static void lines(String which, Place place, StringBuilder out) {
        WitFiles.shown(place)
                .forEach(line -> out.append(line.stripLeading().startsWith("-->") ? which + line : "   " + line)
                        .append('\n'));
    }

    private static String parties(Difference each) {
        return each.breaks().stream().map(Party::label).collect(Collectors.joining(" and "));
    }

    /** The verdict for programs. */
    public static Map<String, Object> members(Compatibility verdict) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("permitted", verdict.isPermitted());
        members.put("level", verdict.level().name().toLowerCase(Locale.ROOT));
        members.put("old", verdict.before());
        members.put("new", verdict.after());
        members.put("relation", verdict.versions().relation().label());
        members.put("backwards", verdict.versions().isBackwards());
        members.put("breaks", verdict.broken().stream().map(Party::label).toList());
        members.put(
                "differences",
                verdict.differences().stream()
                        .map(each -> members(each, verdict))
                        .toList());
        return members;
    }

    private static Map<String, Object> members(Difference each, Compatibility verdict) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("change", change(each));
        members.put("item", each.item().label());
        members.put("owner", each.spot().owner());
        members.put("path", each.spot().item());
        members.put("message", each.message());
        members.put("breaks", each.breaks().stream().map(Party::label).toList());
        String advice = each.advice(verdict.versions());
        if (!advice.isEmpty()) {
            members.put("advice", advice);
        }
        place("old", each.spot().before(), members);
        place("new", each.spot().after(), members);
        return members;
    }

    private static String change(Difference each) {
        return switch (each) {
            case Difference.Added added -> "added";
            case Difference.Removed removed -> "removed";
            case Difference.Changed changed -> "changed";
            case Difference.Regated regated -> "regated";
            case Difference.Moved moved -> "moved";
        };
    }

    private static void place(String which, Place place, Map<String, Object> members) {
        if (place.isKnown()) {
            Map<String, Object> at = new LinkedHashMap<>();
            at.put("file", place.file());
            at.put("line", place.line());
            at.put("column", place.column());
            members.put(which, at);
        }
    }
}

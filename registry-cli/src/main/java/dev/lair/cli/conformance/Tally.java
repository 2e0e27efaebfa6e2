package dev.lair.cli.conformance;

import java.util.ArrayList;
import java.util.List;

/** Counts one part while its cases are judged. */
final class Tally {
    private final String part;
    private final List<Part.Case> differ = new ArrayList<>();
    private final List<Part.Case> notChecked = new ArrayList<>();
    private int agree;

    Tally(String part) {
        this.part = part;
    }

    void agree() {
        agree++;
    }

    void differ(String name, String how) {
        differ.add(new Part.Case(name, how));
    }

    void notChecked(String name, String reason) {
        notChecked.add(new Part.Case(name, reason));
    }

    /** Agrees when two texts are equal up to blank lines at the end, else names the first line that differs. */
    void compare(String name, String ours, String theirs) {
        List<String> got = ours.stripTrailing().lines().toList();
        List<String> want = theirs.stripTrailing().lines().toList();
        if (got.equals(want)) {
            agree();
            return;
        }
        int line = 0;
        while (line < got.size() && line < want.size() && got.get(line).equals(want.get(line))) {
            line++;
        }
        differ(name, "line " + (line + 1) + " is `" + line(got, line) + "`, expected `" + line(want, line) + "`");
    }

    private static String line(List<String> lines, int at) {
        return at < lines.size() ? lines.get(at).strip() : "(end)";
    }

    Part part() {
        return new Part(part, agree + differ.size() + notChecked.size(), agree, differ, notChecked);
    }
}

package dev.lair.component.wit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts how a part of the corpus agrees with us and names the cases that differ. */
final class Agreement {
    private final String part;
    private int cases;
    private final Map<String, String> differ = new TreeMap<>();

    Agreement(String part) {
        this.part = part;
    }

    void agree() {
        cases++;
    }

    void differ(String name, String how) {
        cases++;
        differ.put(name, how);
    }

    /** Prints the line of the part and fails when a case differs that is not among the named exceptions. */
    void check(Set<String> exceptions) {
        System.out.printf(
                "{\"part\":\"%s\",\"cases\":%d,\"agree\":%d,\"differ\":%d} %s%n",
                part, cases, cases - differ.size(), differ.size(), differ.keySet());
        Map<String, String> unexpected = new TreeMap<>(differ);
        unexpected.keySet().removeAll(exceptions);
        assertThat(cases).isPositive();
        assertThat(unexpected)
                .as(() -> part + ": " + String.join("\n\n", unexpected.values()))
                .isEmpty();
        assertThat(differ.keySet()).as("exceptions that agree after all").containsAll(exceptions);
    }
}

package dev.lair.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a bench found: keys and values in the order in which they were put, as JSON prints them. Figures are rounded to four
 * digits, which is more than repeats agree on.
 */
final class Findings {

    private static final JsonMapper LINE = JsonMapper.builder().build();
    private static final JsonMapper PAGE =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** Reads what {@link #line} wrote. */
    static Findings ofLine(String line) {
        Findings findings = new Findings();
        LINE.readTree(line).forEachEntry(findings.values::put);
        return findings;
    }

    Findings put(String key, double figure) {
        values.put(key, rounded(figure));
        return this;
    }

    Findings put(String key, long count) {
        values.put(key, count);
        return this;
    }

    Findings put(String key, boolean holds) {
        values.put(key, holds);
        return this;
    }

    Findings put(String key, String text) {
        values.put(key, text);
        return this;
    }

    Findings put(String key, Findings part) {
        values.put(key, part.values);
        return this;
    }

    Findings putTexts(String key, List<String> texts) {
        values.put(key, List.copyOf(texts));
        return this;
    }

    Findings putFigures(String key, List<Double> figures) {
        values.put(key, figures.stream().map(Findings::rounded).toList());
        return this;
    }

    Findings putParts(String key, List<Findings> parts) {
        List<Object> all = new ArrayList<>();
        parts.forEach(part -> all.add(part.values));
        values.put(key, all);
        return this;
    }

    /** Keys that could not be measured, and why. */
    Findings missing(String why, String... keys) {
        for (String key : keys) {
            values.put(key, null);
        }
        values.merge("why_null", why, (before, more) -> before + "; " + more);
        return this;
    }

    /** All of another, behind what is here. */
    Findings putAll(Findings other) {
        values.putAll(other.values);
        return this;
    }

    String line() {
        return LINE.writeValueAsString(values);
    }

    String page() {
        return PAGE.writeValueAsString(values) + "\n";
    }

    private static Object rounded(double figure) {
        if (!Double.isFinite(figure)) {
            return String.valueOf(figure);
        }
        BigDecimal rounded = BigDecimal.valueOf(figure).round(new MathContext(4));
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }
}

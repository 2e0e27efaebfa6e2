package dev.lair.cli.conformance;

import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.BinaryFile;
import dev.lair.cli.wit.Judgement;
import dev.lair.component.validate.Feature;
import dev.lair.component.validate.FeatureSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Cases of test scripts: {@code wast/SOURCE/…/index.json} with binaries beside it. Cases without a binary (texts that do
 * not encode, commands) are left out. One part for each source and kind.
 */
final class Scripts {
    private Scripts() {}

    static List<Part> judge(Path folder) throws Fault {
        Map<String, Tally> parts = new TreeMap<>();
        for (Path index : CorpusFiles.below(folder, "index.json")) {
            JsonNode script = CorpusFiles.json(index);
            for (JsonNode testCase : script.path("cases")) {
                if (testCase.has("wasm") && testCase.has("kind")) {
                    judge(folder, index, script, testCase, parts);
                }
            }
        }
        return parts.values().stream().map(Tally::part).toList();
    }

    private static void judge(Path folder, Path index, JsonNode script, JsonNode testCase, Map<String, Tally> parts)
            throws Fault {
        Path file = index.resolveSibling(testCase.get("wasm").asString());
        String source = script.path("source").asString("");
        Judgement ours = Judgement.of(BinaryFile.map(file, file), features(script, testCase));

        String kind = testCase.get("kind").asString();
        Tally tally = parts.computeIfAbsent("wast/" + source + "/" + kind, Tally::new);
        String name = folder.relativize(file).toString().replace(".wasm", "");
        boolean valid = kind.equals("valid");
        switch (ours) {
            case Judgement.NotChecked notChecked -> tally.notChecked(name, notChecked.reason());
            case Judgement.Valid found when valid -> tally.agree();
            case Judgement.Invalid found when !valid -> tally.agree();
            case Judgement.Valid found ->
                tally.differ(
                        name,
                        "is valid here, " + kind + " there: "
                                + testCase.path("message").asString("no reason given"));
            case Judgement.Invalid found ->
                tally.differ(
                        name,
                        "is valid there, invalid here: " + found.rule() + " (at offset 0x"
                                + Long.toHexString(found.offset()) + ")");
        }
    }

    /**
     * Under which features the verdict of a case holds: the stable ones and those that the script names; for the
     * specification's own tests all but nested names, which they expect to be off.
     */
    static FeatureSet features(JsonNode script, JsonNode testCase) {
        String source = script.path("source").asString("");
        FeatureSet features =
                source.equals("component-model") ? FeatureSet.all().without(Feature.NESTED_NAMES) : FeatureSet.stable();
        List<String> names = new ArrayList<>();
        testCase.path("features").forEach(feature -> names.add(feature.asString()));
        for (JsonNode line : script.path("header")) {
            String text = line.asString("").replace(";;!", "").trim();
            if (text.endsWith("= false")) {
                names.add("-" + text.substring(0, text.indexOf('=')).trim());
            }
        }
        for (String name : names) {
            boolean off = name.startsWith("-");
            Feature feature = feature(off ? name.substring(1) : name);
            if (feature != null) {
                features = off ? features.without(feature) : features.with(feature);
            }
        }
        return features;
    }

    /** The scripts' own names of features; null for those of core modules that no rule of components depends on. */
    private static @Nullable Feature feature(String name) {
        return switch (name.replace("component_model_", "cm-").replace('_', '-')) {
            case "cm-async" -> Feature.ASYNC;
            case "cm-more-async-builtins" -> Feature.MORE_ASYNC_BUILTINS;
            case "cm-async-stackful" -> Feature.ASYNC_STACKFUL;
            case "cm-threading" -> Feature.THREADING;
            case "cm-values" -> Feature.VALUES;
            case "cm-nested-names" -> Feature.NESTED_NAMES;
            case "cm-canon-names" -> Feature.CANONICAL_NAMES;
            case "cm-fixed-length-lists" -> Feature.FIXED_LENGTH_LISTS;
            case "cm-error-context" -> Feature.ERROR_CONTEXT;
            case "cm64", "cm-memory64" -> Feature.MEMORY64;
            case "cm-gc" -> Feature.GC_OPTIONS;
            case "cm-map" -> Feature.MAP;
            case "cm-implements" -> Feature.IMPLEMENTS;
            case "simd" -> Feature.CORE_SIMD;
            case "reference-types" -> Feature.CORE_REFERENCE_TYPES;
            case "gc" -> Feature.CORE_GC;
            case "exceptions" -> Feature.CORE_EXCEPTIONS;
            default -> null;
        };
    }
}

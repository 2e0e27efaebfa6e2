package dev.lair.component.validate;

import dev.lair.component.CoreCheck;
import dev.lair.component.InvalidWasmException;
import dev.lair.component.WasmContent;
import dev.lair.component.WasmStructure;
import dev.lair.component.Workspace;
import dev.lair.component.binary.InvalidComponentException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The script cases of the shared corpus, judged by our validator before their own verdict is read. */
final class WastCorpus {
    /** Our verdict on one case, in words. */
    private record Ours(String verdict, String reason) {}

    /**
     * What came out for one part.
     *
     * @param differ cases whose kind is another than our verdict, with our reason
     * @param notChecked cases on which we give no verdict
     */
    record Part(String name, int cases, int agree, List<String> differ, List<String> notChecked) {
        @Override
        public String toString() {
            return "{\"part\":\"" + name + "\",\"cases\":" + cases + ",\"agree\":" + agree + ",\"differ\":"
                    + differ.size() + ",\"notChecked\":" + notChecked.size() + "}";
        }
    }

    /** Where we and the oracle reject the same case. */
    record Place(String name, long ours, long oracle) {}

    private static final Pattern OFFSET = Pattern.compile("\\(at offset 0x([0-9a-f]+)\\)");

    private WastCorpus() {}

    /** The places of all cases that both reject and for which the oracle tells one. */
    static List<Place> places() throws Exception {
        List<Place> places = new ArrayList<>();
        JsonMapper json = new JsonMapper();
        Path root = Workspace.corpus("wast");
        for (Path index : Workspace.files(root, "index.json")) {
            JsonNode script = json.readTree(index.toFile());
            for (JsonNode testCase : script.path("cases")) {
                if (!testCase.has("wasm") || !testCase.has("kind")) {
                    continue;
                }
                Path file = index.resolveSibling(testCase.get("wasm").asString());
                try {
                    ComponentValidator.validate(Workspace.map(file), features(script, testCase));
                } catch (InvalidComponentException e) {
                    Matcher oracle = OFFSET.matcher(
                            testCase.path("oracle").path("message").asString(""));
                    if (oracle.find()) {
                        places.add(new Place(
                                root.relativize(file).toString(), e.offset(), Long.parseLong(oracle.group(1), 16)));
                    }
                }
            }
        }
        return places;
    }

    /** All parts: one per source and kind. */
    static List<Part> judge() throws Exception {
        Map<String, Part> parts = new TreeMap<>();
        JsonMapper json = new JsonMapper();
        Path root = Workspace.corpus("wast");
        for (Path index : Workspace.files(root, "index.json")) {
            JsonNode script = json.readTree(index.toFile());
            for (JsonNode testCase : script.path("cases")) {
                if (testCase.has("wasm") && testCase.has("kind")) {
                    judge(script, testCase, index, root, parts);
                }
            }
        }
        return List.copyOf(parts.values());
    }

    private static void judge(JsonNode script, JsonNode testCase, Path index, Path root, Map<String, Part> parts) {
        Path file = index.resolveSibling(testCase.get("wasm").asString());
        FeatureSet features = features(script, testCase);
        Ours ours = ours(Workspace.map(file), features);

        String kind = testCase.get("kind").asString();
        String part = "wast/" + script.get("source").asString() + "/" + kind;
        Part before = parts.getOrDefault(part, new Part(part, 0, 0, new ArrayList<>(), new ArrayList<>()));
        String name = root.relativize(file).toString().replace(".wasm", "");
        boolean agrees = ours.verdict().equals("valid") == kind.equals("valid");
        if (ours.verdict().equals("not checked")) {
            before.notChecked().add(name + ": " + ours.reason());
        } else if (!agrees) {
            before.differ()
                    .add(name + " (" + kind + "): " + ours.verdict() + ", " + ours.reason() + " / "
                            + testCase.path("message").asString(""));
        }
        int agree = !ours.verdict().equals("not checked") && agrees ? 1 : 0;
        parts.put(
                part, new Part(part, before.cases() + 1, before.agree() + agree, before.differ(), before.notChecked()));
    }

    private static Ours ours(ByteBuffer bytes, FeatureSet features) {
        try {
            boolean coreModule = bytes.remaining() >= 8 && bytes.get(bytes.position() + 6) == 0;
            if (coreModule) {
                WasmContent content = WasmStructure.check(bytes);
                return coreVerdict(content.coreCheck());
            }
            return switch (ComponentValidator.validate(bytes, features)) {
                case Verdict.Valid valid -> coreVerdict(valid.coreModules());
                case Verdict.NotChecked notChecked -> new Ours("not checked", notChecked.reason());
            };
        } catch (InvalidComponentException | InvalidWasmException e) {
            return new Ours("invalid", String.valueOf(e.getMessage()));
        }
    }

    private static Ours coreVerdict(CoreCheck check) {
        return switch (check) {
            case CoreCheck.Valid valid -> new Ours("valid", "");
            case CoreCheck.NotChecked notChecked -> new Ours("not checked", notChecked.reason());
        };
    }

    /**
     * The features of a script: the stable ones and those that it names; for the specification's own tests all but
     * nested names, which they expect to be off.
     */
    private static FeatureSet features(JsonNode script, JsonNode testCase) {
        boolean specification = script.get("source").asString().equals("component-model");
        FeatureSet features = specification ? FeatureSet.all().without(Feature.NESTED_NAMES) : FeatureSet.stable();
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
            default -> null; // core features that no component-level rule depends on
        };
    }
}

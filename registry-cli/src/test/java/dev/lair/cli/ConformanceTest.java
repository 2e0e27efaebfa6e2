package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The count of agreements on a small corpus made here, and on the shared one where it lies beside the repository. */
class ConformanceTest {

    private static final byte[] EMPTY_COMPONENT = {0, 'a', 's', 'm', 13, 0, 1, 0};
    private static final byte[] MEMORY64 = {0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 4, 1};
    private static final byte[] CUT = {0, 'a', 's', 'm', 13, 0, 1, 0, 7};

    /** With the reasons of docs/CONFORMANCE.md: limits of one runtime, and a dependency in WebAssembly text. */
    private static final List<String> DIFFERING = List.of(
            "wasmtime/tests/misc_testsuite/component-model/restrictions/000",
            "wasmtime/tests/misc_testsuite/component-model/restrictions/001",
            "wasmtime/tests/misc_testsuite/component-model/restrictions/002",
            "wasmtime/tests/misc_testsuite/component-model/restrictions/003",
            "wasmtime/tests/misc_testsuite/component-model/simple/004",
            "wasmtime/tests/misc_testsuite/component-model/simple/005",
            "kinds-of-deps");

    /** What the validator of core modules lacks; the components around them are checked in full. */
    private static final Set<String> NOT_CHECKED =
            Set.of("custom page sizes", "64-bit memory", "64-bit table", "garbage-collected types");

    @TempDir
    Path folder;

    private void script(String kindOfEmpty, String kindOfCut) throws IOException {
        Path script = Files.createDirectories(folder.resolve("corpus/wast/own/a"));
        Files.write(script.resolve("000.wasm"), EMPTY_COMPONENT);
        Files.write(script.resolve("001.wasm"), CUT);
        Files.write(script.resolve("002.wasm"), MEMORY64);
        Files.writeString(script.resolve("index.json"), """
                {"source": "own", "cases": [
                  {"kind": "%s", "wasm": "000.wasm"},
                  {"kind": "%s", "wasm": "001.wasm", "message": "cut off"},
                  {"kind": "valid", "wasm": "002.wasm"},
                  {"kind": "valid", "textError": "has no binary"},
                  {"raw": "a command"}]}
                """.formatted(kindOfEmpty, kindOfCut));
    }

    @Test
    void eachPartIsOneJsonLine() throws IOException {
        script("valid", "malformed");
        LairRun.Outcome outcome = new LairRun(folder).run("conformance", "corpus");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out().lines())
                .containsExactly(
                        "{\"part\":\"wast/own/malformed\",\"cases\":1,\"agree\":1,\"differ\":0}",
                        "{\"part\":\"wast/own/valid\",\"cases\":2,\"agree\":1,\"differ\":0,\"notChecked\":1}");
        assertThat(outcome.err())
                .isEqualTo(
                        "warning: the corpus has no wit-parser-ui, wit-interfaces, wit-components, wit-misc, real\n");
    }

    @Test
    void casesThatDifferAreNamedWhenAsked() throws IOException {
        script("invalid", "valid");
        LairRun.Outcome outcome = new LairRun(folder).run("conformance", "-v", "corpus");
        assertThat(outcome.out().lines())
                .containsExactly(
                        "{\"part\":\"wast/own/invalid\",\"cases\":1,\"agree\":0,\"differ\":1}",
                        "  own/a/000: is valid here, invalid there: no reason given",
                        "{\"part\":\"wast/own/valid\",\"cases\":2,\"agree\":0,\"differ\":1,\"notChecked\":1}",
                        "  own/a/001: is valid there, invalid here: unexpected end-of-file (at offset 0x9)",
                        "  own/a/002: not checked: 64-bit memory (at offset 0xb)");
        JsonNode json =
                new LairRun(folder).run("conformance", "corpus", "--json").json();
        assertThat(json.get("parts").get(0).get("differing").has("own/a/000")).isTrue();
        assertThat(json.get("parts").get(1).get("unchecked").has("own/a/002")).isTrue();
    }

    @Test
    void textsAndTheirPlacesAreCompared() throws IOException {
        Path invalid = Files.createDirectories(folder.resolve("corpus/wit-parser-ui/invalid"));
        String refused = "package a:b;\n\ninterface i {\n  f: func(x: y);\n}\n";
        for (String name : new String[] {"right", "elsewhere"}) {
            Files.writeString(invalid.resolve(name + ".wit"), refused);
        }
        Files.writeString(invalid.resolve("right.wit.result"), "no such type\n     --> x.wit:4:14\n      |\n");
        Files.writeString(invalid.resolve("elsewhere.wit.result"), "no such type\n     --> x.wit:1:1\n      |\n");
        Files.writeString(invalid.resolve("accepted.wit"), "package a:b;\n");
        Files.writeString(invalid.resolve("accepted.wit.result"), "refused\n");
        LairRun.Outcome outcome = new LairRun(folder).run("conformance", "-v", "corpus");
        assertThat(outcome.out().lines())
                .hasSize(3)
                .contains("{\"part\":\"wit-parser-ui/invalid\",\"cases\":3,\"agree\":1,\"differ\":2}")
                .anyMatch(line -> line.startsWith("  accepted: is accepted"))
                .anyMatch(line -> line.startsWith("  elsewhere: is refused at line 4 instead of 1"));
    }

    @Test
    void aFolderThatIsNoCorpusIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("empty"));
        LairRun.Outcome outcome = new LairRun(folder).run("conformance", "empty");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("is no corpus");
    }

    @Test
    void damagedIndexEndsTheCommandWithItsName() throws IOException {
        script("valid", "invalid");
        Files.writeString(folder.resolve("corpus/wast/own/a/index.json"), "{\"cases\": [");
        LairRun.Outcome outcome = new LairRun(folder).run("conformance", "corpus");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("index.json` is no JSON");
    }

    @Test
    void theSharedCorpusAgreesUpToTheNamedExceptions() {
        Path corpus = Path.of("..", "..", "shared", "corpus").toAbsolutePath().normalize();
        boolean present = Files.isDirectory(corpus);
        if (!present) {
            System.err.println("SKIPPED: the shared corpus is absent");
        }
        Assumptions.assumeTrue(present, "the shared corpus is absent");
        LairRun.Outcome outcome = new LairRun(folder).run("conformance", corpus.toString(), "--json");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        Map<String, Integer> cases = new TreeMap<>();
        List<String> differ = new ArrayList<>();
        Map<String, String> unchecked = new TreeMap<>();
        for (JsonNode part : outcome.json().get("parts")) {
            System.out.println(part.get("part") + " " + part.get("cases") + " " + part.get("differing") + " "
                    + part.get("unchecked"));
            cases.put(part.get("part").asString(), part.get("cases").asInt());
            differ.addAll(part.get("differing").propertyNames());
            part.get("unchecked")
                    .properties()
                    .forEach(
                            each -> unchecked.put(each.getKey(), each.getValue().asString()));
        }
        assertThat(differ).containsExactlyInAnyOrderElementsOf(DIFFERING);
        assertThat(unchecked).hasSize(13);
        assertThat(unchecked.values())
                .allSatisfy(reason -> assertThat(NOT_CHECKED).contains(reason.replaceAll(" \\(at offset .*", "")));
        assertThat(cases).hasSizeGreaterThanOrEqualTo(14).doesNotContainValue(0);
        assertThat(cases.entrySet().stream()
                        .filter(part -> part.getKey().startsWith("wast/"))
                        .mapToInt(Map.Entry::getValue)
                        .sum())
                .isEqualTo(1_030);
    }
}

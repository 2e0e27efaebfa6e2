package dev.lair.component.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.CoreCheck;
import dev.lair.component.Workspace;
import dev.lair.component.binary.ComponentBinary;
import dev.lair.component.binary.ComponentReader;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.Section;
import dev.lair.component.binary.UncheckedComponentException;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.decode.WitDecoder;
import dev.lair.component.wit.print.WitPrinter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The corpus, and damaged copies of its components, judged by us and by wasm-tools. Where the two differ, one of the readings
 * of docs/CONFORMANCE.md has to say why.
 */
class OracleTest {
    private static final int DAMAGED = Integer.getInteger("lair.oracle.damaged", 6_000);
    private static final int DAMAGED_BYTES = 4_096;
    private static final int LAYER = 6;

    private static @Nullable Oracle oracle;

    private final Map<String, Integer> differences = new TreeMap<>();
    private final List<String> unexplained = new ArrayList<>();
    private int same;

    @BeforeAll
    static void start() throws IOException {
        var started = Oracle.start();
        if (started.isEmpty()) {
            System.err.println("SKIPPED: no oracle: node or its package is absent (" + Oracle.VARIABLE + ")");
        }
        Assumptions.assumeTrue(started.isPresent(), "no oracle: node or its package is absent");
        oracle = started.get();
    }

    @AfterAll
    static void stop() {
        if (oracle != null) {
            oracle.close();
        }
    }

    private static Oracle oracle() {
        return Objects.requireNonNull(oracle);
    }

    @Test
    void verdictsOnTheCorpusAreThoseOfTheOracle() throws IOException {
        for (byte[] component : components(Integer.MAX_VALUE)) {
            compare(component);
        }
        report("corpus");
        assertThat(unexplained).isEmpty();
        assertThat(same).isGreaterThan(1_000);
    }

    @Test
    void verdictsOnDamagedComponentsAreThoseOfTheOracle() throws IOException {
        List<byte[]> components = components(DAMAGED_BYTES);
        Random random = new Random(17);
        for (int i = 0; i < DAMAGED; i++) {
            byte[] damaged = components.get(random.nextInt(components.size())).clone();
            for (int j = random.nextInt(2); j >= 0; j--) {
                damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt(256);
            }
            compare(damaged);
        }
        report("damaged");
        assertThat(unexplained).isEmpty();
        assertThat(same).isGreaterThan(DAMAGED * 9 / 10);
    }

    @Test
    void realComponentsAndPackagesPrintAsTheOraclePrintsThem() throws Exception {
        int printed = 0;
        List<Path> files = new ArrayList<>(Workspace.files(Workspace.corpus("real"), ".wasm"));
        files.addAll(Workspace.files(Workspace.corpus("wit-interfaces"), ".wasm"));
        for (Path file : files) {
            byte[] binary = Files.readAllBytes(file);
            if (oracle().judge(binary) instanceof Oracle.Answer.Wit theirs
                    && ComponentValidator.validate(ByteBuffer.wrap(binary), FeatureSet.all())
                            instanceof Verdict.Valid valid) {
                Resolved ours = WitDecoder.decode(valid.component());
                assertThat(WitPrinter.print(ours, ours.main()).strip())
                        .as(file.toString())
                        .isEqualTo(theirs.text().strip());
                printed++;
            }
        }
        assertThat(printed).isGreaterThan(40);
    }

    private void compare(byte[] component) throws IOException {
        String ours = ours(component);
        Oracle.Answer answer = oracle().judge(component);
        String theirs =
                switch (answer) {
                    case Oracle.Answer.Wit wit -> "valid";
                    case Oracle.Answer.Panic panic ->
                        "valid"; // it panics where it has validated and then expects a world
                    case Oracle.Answer.Refusal refusal -> refusal.isInvalid() ? "invalid: " + refusal.text() : "valid";
                };
        boolean agree = ours.startsWith("invalid") == theirs.startsWith("invalid");
        if (agree && !ours.startsWith("not checked")) {
            same++;
            return;
        }
        String reading = Readings.of(ours, theirs);
        differences.merge(reading == null ? "unexplained" : reading, 1, Integer::sum);
        if (reading == null) {
            unexplained.add(
                    ours + " | " + theirs.strip() + " | " + HexFormat.of().formatHex(component));
        }
    }

    private static String ours(byte[] component) {
        try {
            return switch (ComponentValidator.validate(ByteBuffer.wrap(component), FeatureSet.all())) {
                case Verdict.Valid valid ->
                    valid.coreModules() instanceof CoreCheck.NotChecked core
                            ? "not checked: " + core.reason()
                            : "valid";
                case Verdict.NotChecked unchecked -> "not checked: " + unchecked.reason();
            };
        } catch (InvalidComponentException refused) {
            return (isInCoreModule(component, refused.offset()) ? "invalid core module: " : "invalid: ")
                    + refused.getMessage();
        }
    }

    private static boolean isInCoreModule(byte[] component, long offset) {
        try {
            return isInCoreModule(ComponentReader.read(ByteBuffer.wrap(component)), offset);
        } catch (InvalidComponentException | UncheckedComponentException unreadable) {
            return false;
        }
    }

    private static boolean isInCoreModule(ComponentBinary component, long offset) {
        return component.sections().stream().anyMatch(section -> switch (section) {
            case Section.CoreModule module ->
                offset >= module.offset()
                        && offset <= module.offset() + module.bytes().remaining();
            case Section.Nested nested -> isInCoreModule(nested.component(), offset);
            default -> false;
        });
    }

    private void report(String part) {
        System.out.println(
                "oracle " + oracle().version() + " " + part + ": same " + same + ", by reading " + differences);
    }

    private static List<byte[]> components(int mostBytes) throws IOException {
        List<byte[]> components = new ArrayList<>();
        for (String part : List.of("wast", "wit-components", "wit-interfaces", "wit-package-binary", "real")) {
            for (Path file : Workspace.files(Workspace.corpus(part), ".wasm")) {
                byte[] bytes = Files.readAllBytes(file);
                if (bytes.length > 8 && bytes[LAYER] == 1 && bytes.length <= mostBytes) {
                    components.add(bytes);
                }
            }
        }
        return components;
    }
}

package dev.lair.component.wit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.Workspace;
import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.CompatibilityCheck;
import dev.lair.component.compat.Party;
import dev.lair.component.compat.VersionStep;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.ValidatedComponent;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.resolve.Features;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Cases of wasm-tools: {@code semver-check}, {@code targets}; and real components against themselves. */
class CompatibilityCorpusTest {
    private static final Pattern COMMAND =
            Pattern.compile("// (RUN|FAIL): component semver-check % --prev (\\S+) --new (\\S+)");

    /**
     * wasm-tools asks whether components that are written for the old world run in the new one. That is our answer about
     * implementers of the world: they lose with an import that goes, not with one that comes. Where it differs from the
     * rule for releases, which looks at consumers too, the case is named.
     */
    @Test
    void semverCheckOfWasmToolsIsOurVerdictOnImplementers() throws Exception {
        Path part = Workspace.corpus("wit-misc/cli");
        Agreement agreement = new Agreement("wit-misc/semver-check");
        List<String> notPermitted = new ArrayList<>();
        for (Path file : Workspace.files(part, ".wit")) {
            String name = file.getFileName().toString();
            if (!name.startsWith("semver-check")) {
                continue;
            }
            Matcher command = COMMAND.matcher(WitFolder.read(file));
            assertThat(command.find()).as(name).isTrue();
            Resolved set = WitFolder.resolve(file, Features.ALL);
            Compatibility ours =
                    CompatibilityCheck.worlds(set, world(set, command.group(2)), set, world(set, command.group(3)));
            boolean fits = !ours.broken().contains(Party.IMPLEMENTERS);
            if (ours.broken().contains(Party.CONSUMERS)) {
                notPermitted.add(name);
            }
            if (fits == command.group(1).equals("RUN")) {
                agreement.agree();
            } else {
                agreement.differ(name, name + ": " + ours.report());
            }
        }
        agreement.check(Set.of());
        assertThat(notPermitted)
                .containsExactly(
                        "semver-check-add-imports.wit",
                        "semver-check-multiple-packages.wit",
                        "semver-check-remove-exports.wit");
    }

    private static WitWorld world(Resolved set, String path) {
        List<WitWorld> found = new ArrayList<>();
        for (WitPackage each : set.packages()) {
            for (WitWorld world : each.worlds()) {
                boolean qualified = path.contains("/");
                if (qualified
                        ? world.id().toString().equals(path)
                        : world.name().equals(path)
                                && each.name().equals(set.main().name())) {
                    found.add(world);
                }
            }
        }
        assertThat(found).as(path).hasSize(1);
        return found.get(0);
    }

    @Test
    void targetsOfWasmToolsAreOurs() throws Exception {
        Path part = Workspace.corpus("wit-misc/targets");
        Agreement agreement = new Agreement("wit-misc/targets");
        for (Path wit : Workspace.files(part, "test.wit")) {
            String name = part.relativize(wit).getName(0).toString();
            Resolved set = WitFolder.resolve(wit, Features.ALL);
            ValidatedComponent witPackage = valid(WitEncoder.encode(set, new EncodeOptions(true, "test", "1")));
            ValidatedComponent component = valid(Files.readAllBytes(wit.resolveSibling("test.wasm")));
            Compatibility ours = CompatibilityCheck.target(witPackage, "foobar", component);
            boolean expected = !Files.exists(wit.resolveSibling("error.txt"));
            if (ours.isPermitted() == expected) {
                agreement.agree();
            } else {
                agreement.differ(name, name + ": " + ours.report());
            }
        }
        agreement.check(Set.of());
    }

    @Test
    void realComponentsAreUnchangedAgainstThemselves() throws Exception {
        Path part = Workspace.corpus("real");
        int compared = 0;
        for (Path file : Workspace.files(part, ".wasm")) {
            if (Files.size(file) > 4 << 20) {
                continue; // the types are no larger than those of the others, and validating them takes long
            }
            byte[] bytes = Files.readAllBytes(file);
            Verdict first = ComponentValidator.validate(ByteBuffer.wrap(bytes), FeatureSet.all());
            Verdict second = ComponentValidator.validate(ByteBuffer.wrap(bytes), FeatureSet.all());
            if (first instanceof Verdict.Valid a && second instanceof Verdict.Valid b) {
                Compatibility verdict =
                        CompatibilityCheck.components(a.component(), b.component(), VersionStep.UNVERSIONED);
                assertThat(verdict.differences())
                        .as("%s: %s", file, verdict.report())
                        .isEmpty();
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(30);
    }

    private static ValidatedComponent valid(byte[] bytes) throws Exception {
        Verdict verdict = ComponentValidator.validate(ByteBuffer.wrap(bytes), FeatureSet.all());
        assertThat(verdict).isInstanceOf(Verdict.Valid.class);
        return ((Verdict.Valid) verdict).component();
    }
}

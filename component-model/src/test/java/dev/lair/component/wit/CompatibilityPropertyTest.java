package dev.lair.component.wit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.Compatibility.Level;
import dev.lair.component.compat.CompatibilityCheck;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for every package, on generated ones. */
class CompatibilityPropertyTest {
    private static final int SEEDS = 300;
    private static final Pattern INTERFACE = Pattern.compile("(?m)^interface \\S+ \\{\n");

    @Test
    void everyPackageIsCompatibleWithItselfAsTextAndAsBinary() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            Resolved text = resolve(WitGenerator.generate(seed));
            Resolved binary = Decoding.decode(WitEncoder.encode(text, new EncodeOptions(true, "test", "1")));

            assertUnchanged(seed, CompatibilityCheck.packages(text, text));
            assertUnchanged(seed, CompatibilityCheck.packages(text, binary));
            assertUnchanged(seed, CompatibilityCheck.packages(binary, text));
        }
    }

    @Test
    void aFunctionAddedUnderSinceBreaksNobodyAndWithoutItBreaksImplementers() throws Exception {
        int checked = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            String text = WitGenerator.generate(seed);
            List<MatchResult> interfaces = INTERFACE.matcher(text).results().toList();
            if (!text.contains("package gen:main@1.2.3;") || interfaces.isEmpty()) {
                continue;
            }
            int at = interfaces.get(interfaces.size() - 1).end();
            String next = text.substring(0, at) + "added-by-test: func();\n" + text.substring(at);
            String gated =
                    text.substring(0, at) + "@since(version = 1.3.0)\nadded-by-test: func();\n" + text.substring(at);
            Resolved old = resolve(text);
            Compatibility withGate = CompatibilityCheck.packages(old, resolve(gated.replace("@1.2.3;", "@1.3.0;")));
            Compatibility without = CompatibilityCheck.packages(old, resolve(next.replace("@1.2.3;", "@1.3.0;")));

            assertThat(withGate.level())
                    .as("seed %d: %s", seed, withGate.report())
                    .isNotEqualTo(Level.BREAKING);
            if (withGate.level() == Level.COMPATIBLE) {
                assertThat(without.level())
                        .as("seed %d: %s", seed, without.report())
                        .isEqualTo(Level.BREAKING);
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(40);
    }

    @Test
    void removingAnythingThatIsPromisedBreaks() throws Exception {
        int checked = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Resolved old = resolve(WitGenerator.generate(seed));
            for (WitPackage fewer : fewer(old.main())) {
                Compatibility verdict = CompatibilityCheck.packages(old, with(old, fewer));
                assertThat(verdict.level())
                        .as("seed %d: %s", seed, verdict.report())
                        .isEqualTo(Level.BREAKING);
                assertThat(verdict.isPermitted()).isFalse();
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(1_000);
    }

    /** The package without one interface, world, function, type, import or export each. */
    private static List<WitPackage> fewer(WitPackage each) {
        List<WitPackage> all = new ArrayList<>();
        for (WitInterface item : each.interfaces()) {
            if (unstable(item.annotations())) {
                continue;
            }
            all.add(new WitPackage(each.name(), null, without(each.interfaces(), item), each.worlds()));
            for (WitFunction function : item.functions()) {
                if (!unstable(function.annotations())) {
                    all.add(replaced(each, item, item.types(), without(item.functions(), function)));
                }
            }
            for (WitTypeDef type : item.types()) {
                if (!unstable(type.annotations())) {
                    all.add(replaced(each, item, without(item.types(), type), item.functions()));
                }
            }
        }
        for (WitWorld world : each.worlds()) {
            if (unstable(world.annotations())) {
                continue;
            }
            all.add(new WitPackage(each.name(), null, each.interfaces(), without(each.worlds(), world)));
            for (WitWorld.WorldItem item : world.imports()) {
                if (!unstable(item.annotations())
                        && !(item instanceof WitWorld.TypeItem type
                                && type.type().used() != null)) {
                    all.add(replaced(each, world, without(world.imports(), item), world.exports()));
                }
            }
            for (WitWorld.WorldItem item : world.exports()) {
                if (!unstable(item.annotations())) {
                    all.add(replaced(each, world, world.imports(), without(world.exports(), item)));
                }
            }
        }
        return all;
    }

    private static boolean unstable(Annotations annotations) {
        return annotations.stability() instanceof Stability.Unstable;
    }

    private static WitPackage replaced(
            WitPackage each, WitInterface item, List<WitTypeDef> types, List<WitFunction> functions) {
        WitInterface fewer = new WitInterface(item.id(), types, functions, item.annotations());
        return new WitPackage(
                each.name(),
                null,
                each.interfaces().stream().map(i -> i == item ? fewer : i).toList(),
                each.worlds());
    }

    private static WitPackage replaced(
            WitPackage each, WitWorld world, List<WitWorld.WorldItem> imports, List<WitWorld.WorldItem> exports) {
        WitWorld fewer = new WitWorld(world.id(), imports, exports, world.annotations());
        return new WitPackage(
                each.name(),
                null,
                each.interfaces(),
                each.worlds().stream().map(w -> w == world ? fewer : w).toList());
    }

    private static <T> List<T> without(List<T> items, T item) {
        return items.stream().filter(each -> each != item).toList();
    }

    private static Resolved with(Resolved set, WitPackage main) {
        return new Resolved(
                main.name(),
                set.packages().stream()
                        .map(each -> each.name().equals(main.name()) ? main : each)
                        .toList());
    }

    private static void assertUnchanged(long seed, Compatibility verdict) {
        assertThat(verdict.level()).as("seed %d: %s", seed, verdict.report()).isEqualTo(Level.UNCHANGED);
    }

    private static Resolved resolve(String text) throws WitException {
        return new WitResolver(Features.ALL).resolve(SourceGroup.of("generated", text));
    }
}

package dev.lair.component.wit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Resolving beyond the corpus: gates, dependencies, limits. */
class WitResolverTest {
    private static final String GATED = """
            package a:b@1.0.0;

            interface i {
              type t = u8;

              @unstable(feature = new)
              type u = t;

              @unstable(feature = new)
              f: func() -> u;

              @since(version = 1.0.0)
              g: func() -> t;
            }
            """;

    @Test
    void unstableItemsAreThereOnlyWithTheirFeature() throws WitException {
        assertThat(resolve(Features.NONE, GATED).main().interfaces().getFirst().types())
                .extracting(WitTypeDef::name)
                .containsExactly("t");
        assertThat(resolve(Features.of("old"), GATED)
                        .main()
                        .interfaces()
                        .getFirst()
                        .functions())
                .extracting(WitFunction::name)
                .containsExactly("g");
        assertThat(resolve(Features.of("new"), GATED)
                        .main()
                        .interfaces()
                        .getFirst()
                        .functions())
                .extracting(WitFunction::name)
                .containsExactly("f", "g");
        assertThat(resolve(Features.ALL, GATED)).isEqualTo(resolve(Features.of("new"), GATED));
    }

    @Test
    void anExcludedInterfaceTakesItsContentsWithIt() throws WitException {
        Resolved resolved = resolve(Features.NONE, """
                package a:b;

                @unstable(feature = x)
                interface base { type t = u8; }

                @unstable(feature = x)
                interface user { use base.{t}; f: func(a: t); }

                @unstable(feature = x)
                world w { import user; }
                """);
        assertThat(resolved.main().interfaces()).isEmpty();
        assertThat(resolved.main().worlds()).isEmpty();
    }

    @Test
    void aReferenceToAnExcludedInterfaceIsRefusedWhereItStands() {
        WitException refused =
                refused("package a:b;\n@unstable(feature = x)\ninterface i {}\nworld w {\n  import i;\n}\n");
        assertThat(refused.getMessage()).startsWith("found a reference to an interface which is excluded");
        assertThat(refused.place().line()).isEqualTo(5);
    }

    @Test
    void aPackageMayDependOnOneThatIsResolvedAlready() throws WitException {
        WitPackage dependency = resolve(Features.ALL, "package d:d@1.0.0;\ninterface i { resource r; }\n")
                .main();
        Resolved resolved = new WitResolver(Features.ALL)
                .with(dependency)
                .resolve(SourceGroup.of(
                        "a.wit", "package a:b;\ninterface j { use d:d/i@1.0.0.{r}; f: func(a: r, b: borrow<r>); }\n"));
        assertThat(resolved.packages())
                .extracting(each -> each.name().toString())
                .containsExactly("d:d@1.0.0", "a:b");
        assertThat(resolved.main()
                        .interfaces()
                        .getFirst()
                        .functions()
                        .getFirst()
                        .params())
                .extracting(param -> param.type().getClass().getSimpleName())
                .containsExactly("Own", "Borrow");
    }

    @Test
    void anExportUsesTheExportedInterfaceAndNotTheImportedOne() throws WitException {
        String text = """
                package a:b;

                interface base { resource r; }

                interface user { use base.{r}; f: func(a: r); }

                world w {
                  import user;
                  export base;
                  export user;
                }
                """;
        Resolved resolved = resolve(Features.NONE, text);
        assertThat(resolved.main().worlds().getFirst().imports())
                .extracting(WitWorld.WorldItem::key)
                .containsExactly("a:b/base", "a:b/user");
        byte[] binary = WitEncoder.encode(resolved, new EncodeOptions(false, "t", "1"));
        // Two aliases of the export "r": of instance 0, the import, and of instance 2, the export.
        String bytes = new String(binary, StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains("\u0002\u0003\u0000\u0000\u0001r").contains("\u0002\u0003\u0000\u0002\u0001r");
    }

    @Test
    void aRecordWithoutFieldsResolvesButHasNoBinary() throws WitException {
        Resolved resolved = resolve(Features.NONE, "package a:b;\ninterface i {\n  record r {}\n}\n");
        WitException refused = catchThrowableOfType(
                WitException.class, () -> WitEncoder.encode(resolved, new EncodeOptions(false, "t", "1")));
        assertThat(refused.getMessage()).contains("a record has at least one field");
        assertThat(refused.place().line()).isEqualTo(3);
    }

    @Test
    void theMarkerComesFirstWhenItIsAskedFor() throws WitException {
        byte[] binary = WitEncoder.encode(resolve(Features.NONE, "package a:b;\n"), new EncodeOptions(true, "t", "1"));
        assertThat(new String(binary, 8, 27, StandardCharsets.ISO_8859_1))
                .isEqualTo("\u0000\u0019\u0016wit-component-encoding\u0004\u0000");
    }

    @Test
    void longChainsOfInterfacesEndInAnErrorAndNotInTheStack() {
        String text = IntStream.range(1, 5_000)
                .mapToObj(i -> "interface i" + i + " { use i" + (i - 1) + ".{t}; }")
                .collect(Collectors.joining("\n", "package a:b;\ninterface i0 { type t = u8; }\n", "\n"));
        assertThat(refused(text).getMessage()).contains("a chain of more than 1000");
    }

    @Test
    void worldsThatAllNeedALongChainEndInAnError() {
        String text = chain(900)
                + IntStream.range(0, 2_000)
                        .mapToObj(i -> "world w" + i + " { import i899; }")
                        .collect(Collectors.joining("\n"));
        assertThat(refused(text).getMessage()).contains("include and need more than");
    }

    @Test
    void worldsThatAllIncludeALargeOneEndInAnError() {
        String large = IntStream.range(0, 2_000)
                .mapToObj(i -> "fn" + i + ": func(a: tuple<u8, u8, u8>);")
                .collect(Collectors.joining("\n", "package a:b;\nworld w { import i: interface {\n", "} }\n"));
        String text = large
                + IntStream.range(0, 2_000)
                        .mapToObj(i -> "world w" + i + " { include w; }")
                        .collect(Collectors.joining("\n"));
        assertThat(refused(text).getMessage()).contains("include and need more than");
    }

    @Test
    void aWorldThatRepeatsALargeInterfaceEndsInAnErrorWhenItIsEncoded() throws WitException {
        String large = IntStream.range(0, 3_000)
                .mapToObj(i -> "fn" + i + ": func(a: tuple<u8, u8, u8>) -> u" + (8 << i % 4) + ";")
                .collect(Collectors.joining("\n", "package a:b;\ninterface i {\n", "}\n"));
        String text = large
                + IntStream.range(0, 3_000)
                        .mapToObj(i -> "import x" + i + ": i;")
                        .collect(Collectors.joining("\n", "world w {\n", "}\n"));
        Resolved resolved = resolve(Features.NONE, text);
        WitException refused = catchThrowableOfType(
                WitException.class, () -> WitEncoder.encode(resolved, new EncodeOptions(false, "t", "1")));
        assertThat(refused.getMessage()).contains("bytes as a binary");
    }

    @Test
    void longChainsOfAliasesAreReadInLinearTime() throws WitException {
        String text = IntStream.range(1, 50_000)
                .mapToObj(i -> "type t" + i + " = t" + (i - 1) + ";")
                .collect(Collectors.joining(
                        "\n", "package a:b;\ninterface i {\nresource t0;\n", "f: func(a: t49999);\n}\n"));
        Resolved resolved = resolve(Features.NONE, text);
        assertThat(resolved.main()
                        .interfaces()
                        .getFirst()
                        .functions()
                        .getFirst()
                        .params()
                        .getFirst()
                        .type())
                .isInstanceOf(WitType.Own.class);
    }

    private static String chain(int length) {
        return IntStream.range(1, length)
                .mapToObj(i -> "interface i" + i + " { use i" + (i - 1) + ".{t}; }")
                .collect(Collectors.joining("\n", "package a:b;\ninterface i0 { type t = u8; }\n", "\n"));
    }

    @Test
    void longChainsOfPackagesEndInAnErrorAndNotInTheStack() {
        String text = IntStream.range(1, 3_000)
                .mapToObj(i -> "package a:p%d { interface i { use a:p%d/i.{t}; } }".formatted(i, i + 1))
                .collect(Collectors.joining(
                        "\n", "package a:b;\n", "\npackage a:p3000 { interface i { type t = u8; } }\n"));
        assertThat(refused(text).getMessage()).contains("depend on each other in a chain");
    }

    @Test
    void typesThatDoubleAtEachStepStaySmall() throws WitException {
        String text = IntStream.range(1, 2_000)
                .mapToObj(i -> "type t%d = tuple<t%d, t%d>;".formatted(i, i - 1, i - 1))
                .collect(Collectors.joining("\n", "package a:b;\ninterface i {\ntype t0 = u8;\n", "}\n"));
        Resolved resolved = resolve(Features.NONE, text);
        assertThat(resolved.main().interfaces().getFirst().types()).hasSize(2_000);
        assertThat(WitPrinter.print(resolved).length()).isLessThan(100_000);
    }

    private static Resolved resolve(Features features, String text) throws WitException {
        return new WitResolver(features).resolve(SourceGroup.of("a.wit", text));
    }

    private static WitException refused(String text) {
        WitException refused = catchThrowableOfType(WitException.class, () -> resolve(Features.NONE, text));
        assertThat(refused).isNotNull();
        return refused;
    }
}

package dev.lair.component.wit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import dev.lair.component.wit.syntax.WitSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the corpus has no case for: forms of text, their rejections, and how these show the place. */
class WitSyntaxTest {
    @Test
    void anErrorShowsFileLineColumnAndTheSourceLineWithACaret() {
        WitException refused = refused("package a:b;\n\ninterface é {\n");
        assertThat(refused).isInstanceOf(WitSyntaxException.class);
        assertThat(refused.rendered()).isEqualTo("""
                        invalid character in identifier U+00E9: `é`
                             --> a.wit:3:11
                              |
                            3 | interface é {
                              |           ^""");
    }

    @Test
    void theCaretUnderlinesTheWholeName() {
        WitException refused = refused("package a:b;\ninterface i {\n  f: func(a: missing);\n}\n");
        assertThat(refused.rendered()).endsWith("    3 |   f: func(a: missing);\n      |              ^------");
        assertThat(refused.place().column()).isEqualTo(14);
        assertThat(refused.place().offset()).isEqualTo(40);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type a = u8;",
                "type a = list<u8, 4>;",
                "type a = result<_, string>;",
                "type a = future<stream<u8>>;",
                "type a = map<char, error-context>;",
                "f: async func(a: u8,) -> tuple<u8>;",
                "resource r { constructor(a: u8) -> result<r>; m: static async func(); }",
                "enum e { a, b, }",
                "record %record { %type: u8 }",
                "@unstable(feature = x) @deprecated(version = 0.1.0) f: func();",
                "@external-id(\"a\\\"\\\\\\u{1f600}\") f: func();",
                "/* a /* b */ c */ f: func();"
            })
    void anInterfaceMayHold(String item) throws WitException {
        Resolved resolved = resolve("package a:b;\ninterface i {\n" + item + "\n}\n");
        assertThat(resolved.main().interfaces()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "type a = list<u8, 0>;|the length of a list is between",
                "type a = map<f32, u8>;|invalid map key type",
                "type a = map<list<u8>, u8>;|invalid map key type",
                "f: func() -> ();|expected a type, found '('",
                "f: func()|expected ';'",
                "fooBar: func();|each word is all lowercase or all uppercase",
                "foo--bar: func();|identifiers must have characters between",
                "foo_bar: func();|invalid character in identifier '_'",
                "foo-: func();|identifiers must have characters between",
                "%: func();|identifiers must have characters between",
                "@sincere(version = 1.0.0) f: func();|unknown attribute",
                "@since(version = 1.0) f: func();|expected '.'",
                "@since(version = 1.0.01) f: func();|no leading zero",
                "@deprecated(version = 1.0.0) f: func();|must pair @deprecated",
                "@unstable(feature = a) @unstable(feature = b) f: func();|unsupported combination",
                "@external-id(a) f: func();|expected a string",
                "@external-id(\"a\\q\") f: func();|invalid escape",
                "@external-id(\"a\\u{d800}\") f: func();|no Unicode scalar value",
                "@external-id(\"a|unterminated string",
                "/* a|unterminated block comment",
                "record r { a: u8, A: u8 }|defined more than once",
                "type a = u8; type A = u8;|kebab-case identifiers are case-insensitive",
                "f: func(); F: func();|kebab-case identifiers are case-insensitive",
                "resource r { m: func(); m: func(); }|defined more than once",
                "resource r { constructor() -> u8; }|must be a `result`",
                "a & b|unexpected character '&'",
                "type a = b; use c.{b};|interface or world `c` does not exist"
            })
    void anInterfaceMayNotHold(String item, String rule) {
        WitException refused = refused("package a:b@1.0.0;\ninterface i {\n" + item + "\n}\n");
        assertThat(refused.getMessage()).contains(rule);
        assertThat(refused.place().line()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u202e", "\u2066", "\u0007", "\u0149", "\ud800", "\0", "\ra"})
    void charactersThatHideWhatATextSaysAreRefused(String character) {
        assertThat(refused("package a:b; // " + character).getMessage()).contains("not allowed in WIT");
    }

    @Test
    void aLabelNeedsASpaceBeforeANameOfThePackage() throws WitException {
        String text = "package p:q;\ninterface b {}\nworld w {\n  import a:%s;\n}\n";
        assertThat(refused(text.formatted("b")).getMessage()).contains("a package cannot be imported");
        WitWorld world = resolve(text.formatted(" b")).main().worlds().getFirst();
        assertThat(world.imports()).singleElement().isInstanceOfSatisfying(WitWorld.InterfaceItem.class, item -> {
            assertThat(item.key()).isEqualTo("a");
            assertThat(item.id()).hasToString("p:q/b");
        });
    }

    @Test
    void windowsLineEndsAndAByteOrderMarkAreRead() throws WitException {
        Resolved resolved = resolve("\ufeff/// a\r\n/// b\r\npackage p:q;\r\ninterface i {\r\n}\r\n");
        assertThat(resolved.main().docs()).isEqualTo("a\nb");
    }

    @Test
    void commentsLoseTheSpacesThatAllOfThemHave() throws WitException {
        Resolved resolved = resolve("///   a\n///     b\n///\n///   c\npackage p:q;\n");
        assertThat(resolved.main().docs()).isEqualTo("a\n  b\n\nc");
        assertThat(WitPrinter.print(resolved)).startsWith("/// a\n///   b\n///\n/// c\npackage p:q;\n");
    }

    private static Resolved resolve(String text) throws WitException {
        return new WitResolver(Features.ALL).resolve(SourceGroup.of("a.wit", text));
    }

    private static WitException refused(String text) {
        WitException refused = catchThrowableOfType(WitException.class, () -> resolve(text));
        assertThat(refused).as(text).isNotNull();
        return refused;
    }
}

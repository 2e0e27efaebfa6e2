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
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Decoding beyond the corpus: what other encoders may write, and what is refused. */
class WitDecoderTest {
    /** The first package of WIT.md, "Package Format", without the type that its second interface uses. */
    private static final String WITHOUT_USE =
            "0061736d0d00010007c20102410201420504000466696c65030101707d0168000140030473656c6602036f666679016e"
                    + "7900010400115b6d6574686f645d66696c652e7265616401030400106c6f63616c3a64656d6f2f747970657305004105"
                    + "01420104000466696c6503010300106c6f63616c3a64656d6f2f74797065730500020300000466696c65014205020302"
                    + "0101016900014001046e616d657300010400046f70656e010204000672656f70656e01020400146c6f63616c3a64656d"
                    + "6f2f6e616d65737061636505020b19020005747970657303000000096e616d657370616365030100";

    @Test
    void aTypeThatIsUsedWithoutBeingExportedBecomesAUse() throws Exception {
        Resolved resolved = Decoding.decode(HexFormat.of().parseHex(WITHOUT_USE));
        assertThat(WitPrinter.print(resolved)).isEqualTo("""
                        package local:demo;

                        interface types {
                          resource file {
                            read: func(off: u32, n: u32) -> list<u8>;
                          }
                        }

                        interface namespace {
                          use types.{file};

                          open: func(name: string) -> file;

                          reopen: func(name: string) -> file;
                        }

                        """);
    }

    @Test
    void documentationAndGatesComeBack() throws Exception {
        String text = """
                /// of the package
                package a:b@1.1.0;

                /// of the interface
                @since(version = 1.0.0)
                interface i {
                  /// of the type
                  @since(version = 1.0.0)
                  record r {
                    /// of the field, "quoted" \\ and ü
                    f: u8,
                  }

                  /// of the function
                  @since(version = 1.0.0)
                  @deprecated(version = 1.1.0)
                  g: func(a: r);
                }

                /// of the world
                @unstable(feature = x)
                world w {
                  @since(version = 1.0.0)
                  import i;

                  /// of the inline interface
                  export j: interface {
                    /// inside
                    h: func();
                  }
                }
                """;
        byte[] binary = encode(text);
        Resolved decoded = Decoding.decode(binary);
        assertThat(WitPrinter.print(decoded)).isEqualTo(text);
    }

    @Test
    void anItemUnderAnotherNameThanItsExportIsRefused() throws Exception {
        byte[] binary = replaced(encode("package a:b;\ninterface abcd {}\n"), "a:b/abcd", "a:b/abce");
        assertThat(refused(binary).getMessage()).contains("which is not its name");
    }

    @Test
    void aFunctionUnderAnInterfaceNameHasNoText() throws Exception {
        byte[] binary = replaced(encode("package a:b;\nworld w { import abc-def: func(); }\n"), "abc-def", "a:b/def");
        assertThat(refused(binary).getMessage()).contains("no word for an item called `a:b/def`");
    }

    @Test
    void itemsOfTwoPackagesInOneAreRefused() throws Exception {
        byte[] binary = replaced(encode("package a:b;\ninterface abc {}\ninterface def {}\n"), "a:b/def", "a:c/def");
        assertThat(refused(binary).getMessage()).contains("of another package");
    }

    @Test
    void documentationThatIsNotWhatItsFormatSaysIsRefused() throws Exception {
        byte[] plain = encode("/// docs\npackage a:b;\ninterface i {}\n");
        assertThat(refused(replaced(plain, "{\"docs\"", "{\"docs'")).getMessage())
                .contains("package-docs");
        assertThat(refused(replaced(plain, "\u0001{\"docs", "\u0007{\"docs")).getMessage())
                .contains("version 7");
        assertThat(refused(replaced(plain, ":\"docs\"", ":\"do\\q\"")).getMessage())
                .contains("package-docs");
    }

    @Test
    void hiddenCharactersOfForeignDocumentationDoNotReachText() throws Exception {
        byte[] binary = replaced(encode("/// docs+++++\npackage a:b;\ninterface i {}\n"), "docs+++++", "a\\u202eb+");
        Resolved decoded = Decoding.decode(binary);
        assertThat(decoded.main().docs()).isEqualTo("a\u202eb+");
        assertThat(WitPrinter.print(decoded)).startsWith("/// a\ufffdb+\n");
    }

    private static byte[] encode(String text) throws WitException {
        Resolved resolved = new WitResolver(Features.ALL).resolve(SourceGroup.of("a.wit", text));
        return WitEncoder.encode(resolved, new EncodeOptions(true, "test", "1"));
    }

    /** The binary with one text in place of another of the same length. */
    private static byte[] replaced(byte[] binary, String from, String to) {
        String bytes = new String(binary, StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains(from);
        return bytes.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static WitException refused(byte[] binary) {
        WitException refused = catchThrowableOfType(WitException.class, () -> Decoding.decode(binary));
        assertThat(refused).isNotNull();
        return refused;
    }
}

package dev.lair.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.inspect.BinaryInspector;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.decode.WitDecoder;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.WitModel;
import dev.lair.registry.facts.FactsOf;
import dev.lair.server.Wits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** WIT as items, entries and pages. */
class WitDocsTest {

    private static final String CLOCKS = """
            package test:clocks@1.2.0;
            /// Instants.
            interface types { type instant = u64; resource pollable { block: func(); } }
            """;

    private static final String EVERY_FORM = """
            /// A package *of* forms.
            package test:forms@1.0.0;
            /// An interface.
            @since(version = 1.0.0)
            interface i {
              use test:clocks/types@1.2.0.{instant, pollable as waiting};
              type alias = u64;
              record point { x: s8, /// how high
                y: list<option<alias>> }
              variant shape { none, circle(point) }
              enum colour { red, green }
              flags rights { read, write }
              resource file {
                constructor(name: string);
                read: func(length: u32) -> result<list<u8>, string>;
                open: static func() -> own<file>;
              }
              @since(version = 1.0.0) @deprecated(version = 1.0.0)
              old: func(f: borrow<file>, t: tuple<bool, char>, o: option<string>);
              later: async func(a: future, b: stream<u8>);
              many: func(a-very-long-name: shape, another-very-long-name: rights, a-third-very-long-name: instant) -> result<_, point>;
            }
            interface j { use i.{point}; p: func() -> point; }
            world w {
              import i;
              import test:clocks/types@1.2.0;
              import log: func(text: string);
              import inner: interface { type t = u8; one: func(a: t); }
              export run: func() -> string;
            }
            """;

    static WitModel model(String text, String... dependencies) {
        ByteBuffer bytes = ByteBuffer.wrap(Wits.packageOf(text, dependencies));
        try {
            Verdict verdict = ComponentValidator.validate(bytes, FeatureSet.stable());
            ContentFacts facts = FactsOf.of(
                    BinaryInspector.describe(bytes, verdict),
                    FeatureSet.stable(),
                    WitDecoder.decode(((Verdict.Valid) verdict).component()));
            return Objects.requireNonNull(facts.wit()).model();
        } catch (InvalidComponentException | WitException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(DocEntry entry) {
        StringBuilder text = new StringBuilder();
        entry.signature().forEach(token -> text.append(token.text()));
        return text.toString();
    }

    private static List<String> texts(DocItem item) {
        return item.page(1).stream().map(WitDocsTest::text).toList();
    }

    private static DocItem item(WitDocs docs, String name) {
        return docs.item(name).orElseThrow();
    }

    /** As {@code item#anchor}. */
    private static List<String> anchors(WitDocs docs) {
        List<String> all = new ArrayList<>();
        for (DocItem item : docs.items()) {
            for (int page = 1; page <= item.pageCount(); page++) {
                item.page(page)
                        .forEach(entry ->
                                all.add(item.name() + "#" + entry.line().anchor()));
            }
        }
        return all;
    }

    @Test
    void everyFormHasASignature() {
        WitDocs docs = WitDocs.of(model(EVERY_FORM, CLOCKS));
        assertThat(docs.name()).isEqualTo("test:forms@1.0.0");
        assertThat(docs.docs()).isEqualTo("A package *of* forms.");
        assertThat(docs.items()).extracting(DocItem::name).containsExactly("w", "i", "j");
        DocItem i = item(docs, "i");
        assertThat(i.notes().docs()).isEqualTo("An interface.");
        assertThat(i.notes().since()).isEqualTo("1.0.0");
        assertThat(texts(i))
                .containsExactly(
                        "use test:clocks/types@1.2.0.{instant};",
                        "use test:clocks/types@1.2.0.{pollable as waiting};",
                        "type alias = u64;",
                        "record point",
                        "variant shape",
                        "enum colour",
                        "flags rights",
                        "resource file",
                        "constructor(name: string);",
                        "read: func(length: u32) -> result<list<u8>, string>;",
                        "open: static func() -> file;",
                        "old: func(f: borrow<file>, t: tuple<bool, char>, o: option<string>);",
                        "later: async func(a: future, b: stream<u8>);",
                        "many: func(\n  a-very-long-name: shape,\n  another-very-long-name: rights,\n"
                                + "  a-third-very-long-name: instant,\n) -> result<_, point>;");
    }

    @Test
    void anchorsFollowFromNamesAndAreEachOnce() {
        WitDocs docs = WitDocs.of(model(EVERY_FORM, CLOCKS));
        assertThat(anchors(docs)).doesNotHaveDuplicates();
        assertThat(anchors(docs))
                .contains(
                        "i#type-instant",
                        "i#type-point",
                        "i#constructor-file",
                        "i#method-file.read",
                        "i#static-file.open",
                        "i#func-old",
                        "w#import-test:forms/i@1.0.0",
                        "w#import-log",
                        "w#import-inner",
                        "w#import-inner.type-t",
                        "w#import-inner.func-one",
                        "w#export-run");
    }

    @Test
    void everyReferenceSaysWhereItIsDefined() {
        WitDocs docs = WitDocs.of(model(EVERY_FORM, CLOCKS));
        List<DocTarget> targets = new ArrayList<>();
        for (DocItem item : docs.items()) {
            for (DocEntry entry : item.page(1)) {
                List<DocToken> tokens = new ArrayList<>(entry.signature());
                entry.parts().forEach(part -> tokens.addAll(part.type()));
                for (DocToken token : tokens) {
                    assertThat(token.target() != null)
                            .as(text(entry) + ": " + token)
                            .isEqualTo(token.kind() == DocToken.Kind.REFERENCE);
                    if (token.target() != null) {
                        targets.add(token.target());
                    }
                }
            }
        }
        assertThat(targets)
                .contains(
                        new DocTarget("test:clocks", "1.2.0", "types", "type-instant"),
                        new DocTarget("test:clocks", "1.2.0", "types", ""),
                        new DocTarget("test:forms", "1.0.0", "i", "type-file"),
                        new DocTarget("test:forms", "1.0.0", "i", "type-alias"),
                        new DocTarget("test:forms", "1.0.0", "i", ""),
                        new DocTarget("test:forms", "1.0.0", "w", "import-inner.type-t"));
        for (DocTarget target : targets) {
            if (docs.owns(target)) {
                assertThat(target.anchor().isEmpty() || anchors(docs).contains(target.item() + "#" + target.anchor()))
                        .as(target.toString())
                        .isTrue();
            } else {
                assertThat(target.packageName()).isEqualTo("test:clocks");
            }
        }
    }

    @Test
    void notesAndPartsAreKept() {
        DocItem i = item(WitDocs.of(model(EVERY_FORM, CLOCKS)), "i");
        DocEntry old = i.page(1).stream()
                .filter(entry -> entry.line().anchor().equals("func-old"))
                .findFirst()
                .orElseThrow();
        assertThat(old.notes()).isEqualTo(new DocNotes(null, "1.0.0", null, "1.0.0"));
        DocEntry point = i.page(1).stream()
                .filter(entry -> entry.line().name().equals("point"))
                .findFirst()
                .orElseThrow();
        assertThat(point.parts()).extracting(DocEntry.DocPart::name).containsExactly("x", "y");
        assertThat(point.parts()).extracting(DocEntry.DocPart::docs).containsExactly(null, "how high");
        assertThat(point.parts().getFirst().type()).extracting(DocToken::text).containsExactly(": ", "s8");
        DocEntry shape = i.page(1).stream()
                .filter(entry -> entry.line().name().equals("shape"))
                .findFirst()
                .orElseThrow();
        assertThat(shape.parts().getFirst().type()).isEmpty();
        assertThat(shape.parts().getLast().type()).extracting(DocToken::text).containsExactly("(", "point", ")");
        assertThat(point.parts().getLast().anchor()).isEqualTo("type-point.y");
    }

    /** Named fixture: an interface of 5,000 functions. */
    static String fiveThousandFunctions(String name) {
        StringBuilder text =
                new StringBuilder("package " + name + "@1.0.0;\ninterface many {\n  record last { x: u8 }\n");
        for (int i = 0; i < 5_000; i++) {
            text.append("  /// Does thing number ").append(i).append(", and *says* so.\n");
            text.append("  thing-n").append(i).append(": func(a: u32, b: last) -> result<string, last>;\n");
        }
        return text.append("}\n").toString();
    }

    @Test
    void fiveThousandFunctionsComeInPages() {
        DocItem many = item(WitDocs.of(model(fiveThousandFunctions("test:many"))), "many");
        assertThat(many.entryCount()).isEqualTo(5_001);
        assertThat(many.pageCount()).isBetween(25, 80);
        int entries = 0;
        for (int page = 1; page <= many.pageCount(); page++) {
            List<DocEntry> shown = many.page(page);
            assertThat(shown).hasSizeBetween(1, DocsLimits.ENTRIES_A_PAGE);
            for (DocEntry entry : shown) {
                assertThat(many.pageOf(entry.line().anchor())).isEqualTo(page);
            }
            entries += shown.size();
        }
        assertThat(entries).isEqualTo(5_001);
        assertThat(many.ranges()).hasSize(many.pageCount());
        assertThat(many.pageOf("no-such-anchor")).isEqualTo(1);
    }

    @Test
    void typeOfThousandsOfCasesGoesOnInFurtherEntries() {
        StringBuilder text = new StringBuilder("package test:wide@1.0.0;\ninterface i {\n  enum wide {\n");
        for (int i = 0; i < 1_000; i++) {
            text.append("    c").append(i).append(",\n");
        }
        DocItem item = item(WitDocs.of(model(text + "  }\n}\n")), "i");
        List<DocEntry> entries = new ArrayList<>();
        for (int page = 1; page <= item.pageCount(); page++) {
            entries.addAll(item.page(page));
        }
        assertThat(entries).hasSize(5);
        assertThat(entries.stream().flatMap(entry -> entry.parts().stream()).map(DocEntry.DocPart::name))
                .hasSize(1_000)
                .doesNotHaveDuplicates();
        assertThat(entries.getFirst().line().anchor()).isEqualTo("type-wide");
        assertThat(entries.get(1).line().name()).isEqualTo("wide (from c200)");
    }

    @Test
    void rawWitIsToldApartAndComesInPages() {
        String text = "/// docs <script>\n@since(version = 1.0.0)\ninterface %use { f: func(a: u8); } // x\n\"open";
        RawWit.Page page = RawWit.page(text, 1);
        StringBuilder joined = new StringBuilder();
        page.tokens().forEach(token -> joined.append(token.text()));
        assertThat(joined.toString()).isEqualTo(text);
        assertThat(page.tokens())
                .contains(
                        DocToken.of(DocToken.Kind.COMMENT, "/// docs <script>"),
                        DocToken.of(DocToken.Kind.ATTRIBUTE, "@since"),
                        DocToken.of(DocToken.Kind.KEYWORD, "interface"),
                        DocToken.of(DocToken.Kind.BUILT_IN, "u8"));

        String lines = "x\n".repeat(DocsLimits.RAW_LINES_A_PAGE * 2 + 1);
        RawWit.Page last = RawWit.page(lines, 99);
        assertThat(last.number()).isEqualTo(3);
        assertThat(last.count()).isEqualTo(3);
        assertThat(last.firstLine()).isEqualTo(2 * DocsLimits.RAW_LINES_A_PAGE + 1);
        assertThat(last.lineCount()).isEqualTo(1);
    }
}

package dev.lair.component.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.Workspace;
import dev.lair.component.binary.ByteSink;
import dev.lair.component.metadata.BinaryMetadata.Layer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetadataTest {
    private static final byte[] MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final byte[] COMPONENT = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};

    private static final MetadataSection[] SECTIONS = {
        new MetadataSection.Name("greeter"),
        new MetadataSection.Producers(List.of(
                Producer.of(Producer.Role.LANGUAGE, "Rust", "2021"),
                Producer.of(Producer.Role.TOOL, "rustc", "1.90.0"),
                Producer.of(Producer.Role.TOOL, "wit-component", "0.240.0"),
                Producer.of(Producer.Role.SDK, "kit", ""))),
        new MetadataSection.Text(TextKind.AUTHORS, "Nobody <n@example.org>"),
        new MetadataSection.Text(TextKind.DESCRIPTION, "grüßt 👋"),
        new MetadataSection.Text(TextKind.LICENSES, "Apache-2.0 WITH LLVM-exception"),
        new MetadataSection.Text(TextKind.SOURCE, "https://example.org/source"),
        new MetadataSection.Text(TextKind.HOMEPAGE, "https://example.org"),
        new MetadataSection.Text(TextKind.REVISION, "abc123"),
        new MetadataSection.Text(TextKind.VERSION, "1.2.3"),
        new MetadataSection.PackageDocs(1, "{\"docs\":\"words\"}"),
    };

    @Test
    void whatIsWrittenIsRead() {
        for (Layer layer : List.of(Layer.CORE_MODULE, Layer.COMPONENT)) {
            byte[] binary = MetadataWriter.append(layer == Layer.COMPONENT ? COMPONENT : MODULE, layer, SECTIONS);
            BinaryMetadata read = MetadataReader.read(ByteBuffer.wrap(binary));

            assertThat(read.layer()).isEqualTo(layer);
            assertThat(read.problem()).isNull();
            assertThat(read.sizeBytes()).isEqualTo(binary.length);
            assertThat(read.sections()).extracting(CustomSection::content).containsExactly(SECTIONS);
            assertThat(read.name()).contains("greeter");
            assertThat(read.text(TextKind.DESCRIPTION)).contains("grüßt 👋");
            assertThat(read.producers()).extracting(Producer::text).contains("rustc 1.90.0", "kit");
            assertThat(read.packageDocs()).isPresent();
        }
    }

    @Test
    void nestedBinariesKeepTheirOwnAndTheirPlace() {
        byte[] inner = MetadataWriter.append(MODULE, Layer.CORE_MODULE, new MetadataSection.Name("inner"));
        byte[] middle =
                new ByteSink().bytes(COMPONENT).section(1, b -> b.bytes(inner)).toByteArray();
        byte[] outer = new ByteSink()
                .bytes(COMPONENT)
                .section(1, b -> b.bytes(MODULE))
                .section(4, b -> b.bytes(COMPONENT))
                .section(4, b -> b.bytes(middle))
                .toByteArray();
        BinaryMetadata read = MetadataReader.read(ByteBuffer.wrap(outer));

        assertThat(read.all())
                .extracting(BinaryMetadata::path)
                .containsExactly("", "core-module[0]", "component[0]", "component[1]", "component[1]/core-module[0]");
        BinaryMetadata last = read.nested().get(2).nested().get(0);
        assertThat(last.name()).contains("inner");
        assertThat(Arrays.copyOfRange(outer, (int) last.offset(), (int) (last.offset() + last.sizeBytes())))
                .isEqualTo(inner);
        assertThat(read.name()).isEmpty();
    }

    @Test
    void unknownSectionsAreListedWithTheirSize() {
        byte[] binary = new ByteSink()
                .bytes(COMPONENT)
                .section(0, b -> b.name("what").bytes(new byte[7]))
                .section(0, b -> b.name("name").bytes(new byte[3])) // means something in core modules only
                .toByteArray();
        List<CustomSection> sections =
                MetadataReader.read(ByteBuffer.wrap(binary)).sections();
        assertThat(sections).extracting(CustomSection::name).containsExactly("what", "name");
        assertThat(sections).extracting(CustomSection::sizeBytes).containsExactly(7L, 3L);
        assertThat(sections).allMatch(section -> section.content() instanceof MetadataSection.Unknown);
    }

    @Test
    void brokenSectionsAreReportedWithRuleAndPlaceAndTheOthersAreRead() {
        assertMalformed("producers", new byte[] {1, 3, 'a'}, "unexpected end-of-file");
        assertMalformed(
                "producers", new byte[] {0, 0}, "section size mismatch: unexpected data at the end of the section");
        assertMalformed(
                "producers", new byte[] {(byte) 0xe9, 0x07}, "producers field count of 1001 exceeds the limit of 1000");
        assertMalformed("description", new byte[] {(byte) 0xff}, "malformed UTF-8 encoding");
        assertMalformed("authors", new byte[100_001], "a text of 100001 bytes exceeds the limit of 100000");
        assertMalformed("package-docs", new byte[] {}, "unexpected end-of-file");
        assertMalformed("package-docs", new byte[] {2, '{', '}'}, "package-docs has version 2; known are 0 and 1");
        assertMalformed("package-docs", "\u0001[]".getBytes(StandardCharsets.UTF_8), "package-docs is no JSON object");
        assertMalformed("component-name", new byte[] {0, 9, 1, 'a'}, "unexpected end-of-file");
    }

    private static void assertMalformed(String name, byte[] content, String rule) {
        byte[] binary = new ByteSink()
                .bytes(COMPONENT)
                .section(0, b -> b.name(name).bytes(content))
                .section(0, b -> b.name("version").bytes(new byte[] {'1'}))
                .toByteArray();
        BinaryMetadata read = MetadataReader.read(ByteBuffer.wrap(binary));
        assertThat(read.problem()).isNull();
        assertThat(read.text(TextKind.VERSION)).contains("1");
        assertThat(read.malformed()).singleElement().satisfies(section -> {
            MetadataSection.Malformed malformed = (MetadataSection.Malformed) section.content();
            assertThat(malformed.rule()).isEqualTo(rule);
            assertThat(malformed.offset()).isBetween(section.offset(), section.offset() + section.sizeBytes());
        });
    }

    @Test
    void hugeTextsAreCutOffTogether() {
        ByteSink out = new ByteSink().bytes(COMPONENT);
        byte[] text = new byte[100_000];
        Arrays.fill(text, (byte) 'a');
        for (int i = 0; i < 200; i++) {
            out.section(0, b -> b.name("authors").bytes(text));
        }
        BinaryMetadata read = MetadataReader.read(ByteBuffer.wrap(out.toByteArray()));
        assertThat(read.sections()).hasSize(200);
        assertThat(read.malformed()).hasSize(200 - 167);
    }

    @Test
    void nestsBeyondTheLimitEndInAProblem() {
        byte[] nest = COMPONENT;
        for (int i = 0; i < 150; i++) {
            byte[] inner = nest;
            nest = new ByteSink()
                    .bytes(COMPONENT)
                    .section(4, b -> b.bytes(inner))
                    .toByteArray();
        }
        BinaryMetadata read = MetadataReader.read(ByteBuffer.wrap(nest));
        assertThat(read.all().filter(each -> each.problem() != null))
                .singleElement()
                .satisfies(each ->
                        assertThat(String.valueOf(each.problem())).contains("components are nested deeper than 100"));
    }

    @Test
    void noBytesMakeItThrow() {
        byte[] whole = MetadataWriter.append(COMPONENT, Layer.COMPONENT, SECTIONS);
        byte[] binary =
                new ByteSink().bytes(whole).section(4, b -> b.bytes(whole)).toByteArray();
        for (int end = 0; end < binary.length; end++) {
            assertThat(MetadataReader.read(ByteBuffer.wrap(binary, 0, end)).path())
                    .isEmpty();
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = binary.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            assertThat(MetadataReader.read(ByteBuffer.wrap(damaged)).path()).isEmpty();
        }
    }

    @Test
    void realComponentsHaveNoBrokenMetadata() throws Exception {
        Path part = Workspace.corpus("real");
        int producers = 0;
        int nested = 0;
        for (Path file : Workspace.files(part, ".wasm")) {
            BinaryMetadata read = MetadataReader.read(ByteBuffer.wrap(Files.readAllBytes(file)));
            assertThat(read.all())
                    .as("%s", file)
                    .allMatch(each -> each.problem() == null && each.malformed().isEmpty());
            producers +=
                    (int) read.all().filter(each -> !each.producers().isEmpty()).count();
            nested += (int) read.all().count() - 1;
        }
        System.out.println("{\"part\":\"real/metadata\",\"producers\":" + producers + ",\"nested\":" + nested + "}");
        assertThat(producers).isGreaterThan(40);
        assertThat(nested).isGreaterThan(100);
    }
}

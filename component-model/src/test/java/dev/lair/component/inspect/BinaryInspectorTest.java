package dev.lair.component.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.CoreCheck;
import dev.lair.component.WasmKind;
import dev.lair.component.Workspace;
import dev.lair.component.binary.ByteSink;
import dev.lair.component.metadata.BinaryMetadata.Layer;
import dev.lair.component.metadata.MetadataSection;
import dev.lair.component.metadata.MetadataWriter;
import dev.lair.component.metadata.Producer;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.wit.InterfaceUses;
import dev.lair.component.wit.WitSource;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BinaryInspectorTest {
    private static final byte[] MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final byte[] COMPONENT = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};

    private static BinaryFacts inspect(byte[] bytes) {
        return BinaryInspector.inspect(ByteBuffer.wrap(bytes), FeatureSet.stable());
    }

    @Test
    void aComponentIsDescribed() throws Exception {
        byte[] bytes = Files.readAllBytes(Workspace.repository().resolve("examples/greeter/greeter.wasm"));
        BinaryFacts facts = inspect(bytes);

        assertThat(facts.kind()).isEqualTo(WasmKind.COMPONENT);
        assertThat(facts.validity()).isEqualTo(new Validity.Valid(new CoreCheck.Valid()));
        assertThat(facts.sizeBytes()).isEqualTo(bytes.length);
        assertThat(facts.digest().hex()).hasSize(64);
        assertThat(facts.imports()).isEmpty();
        assertThat(facts.exports())
                .containsExactly(
                        new ExternFact("example:greeter/greet@0.1.0", "instance", "example:greeter/greet@0.1.0"));
        assertThat(facts.wit())
                .contains("export example:greeter/greet@0.1.0;")
                .contains("greet: func(name: string) -> string;");
        assertThat(facts.dependencies()).singleElement().satisfies(dependency -> {
            assertThat(dependency.packageName()).hasToString("example:greeter@0.1.0");
            assertThat(dependency.how()).containsExactly(InterfaceUses.How.EXPORTED);
            assertThat(dependency.interfaces()).containsExactly("greet");
        });
        assertThat(facts.capabilities()).isEmpty();
        assertThat(facts.coreModules()).isNotEmpty().allSatisfy(module -> {
            byte[] part = new byte[(int) module.sizeBytes()];
            ByteBuffer.wrap(bytes).get((int) module.offset(), part);
            assertThat(module.digest()).isEqualTo(Sha256.of(ByteBuffer.wrap(part)));
            assertThat(inspect(part).kind()).isEqualTo(WasmKind.CORE_MODULE);
        });
        assertThat(facts.gaps()).isEmpty();
    }

    @Test
    void aWitPackageIsDescribed() throws Exception {
        byte[] bytes = encoded("""
                /// About it.
                package a:b@1.0.0;

                /// Words.
                interface i {
                  use wasi:io/streams@0.2.3.{input-stream};
                  record point { x: u32, y: u32 }
                  read: func(of: borrow<input-stream>) -> point;
                }

                world w {
                  import i;
                  export run: func();
                }
                """, "package wasi:io@0.2.3; interface streams { resource input-stream; }");
        BinaryFacts facts = inspect(bytes);

        assertThat(facts.kind()).isEqualTo(WasmKind.WIT_PACKAGE);
        assertThat(facts.packageName()).hasToString("a:b@1.0.0");
        assertThat(facts.interfaces())
                .containsExactly(new InterfaceFact(
                        "a:b/i@1.0.0",
                        "Words.",
                        List.of("use wasi:io/streams@0.2.3.{input-stream}", "record point { x: u32, y: u32 }"),
                        List.of("read: func(of: borrow<input-stream>) -> point")));
        assertThat(facts.worlds())
                .containsExactly(new WorldFact(
                        "a:b/w@1.0.0", null, List.of("wasi:io/streams@0.2.3", "a:b/i@1.0.0"), List.of("run")));
        assertThat(facts.dependencies()).singleElement().satisfies(dependency -> {
            assertThat(dependency.packageName()).hasToString("wasi:io@0.2.3");
            assertThat(dependency.how()).isEqualTo(EnumSet.of(InterfaceUses.How.USED, InterfaceUses.How.IMPORTED));
            assertThat(dependency.interfaces()).containsExactly("streams");
        });
        assertThat(facts.wit()).startsWith("/// About it.\npackage a:b@1.0.0;\n");
        assertThat(facts.producers(Producer.Role.TOOL)).containsExactly(new Producer("processed-by", "test", "1"));
    }

    private static byte[] encoded(String text, String dependency) throws Exception {
        return WitEncoder.encode(
                new WitResolver(Features.NONE)
                        .with(SourceGroup.of("dependency", dependency))
                        .resolve(new SourceGroup("main", List.of(new WitSource("main", text)))),
                new EncodeOptions(true, "test", "1"));
    }

    @Test
    void importsAndExportsOfACoreModuleAreListedWithTheirCapabilities() {
        byte[] module = new ByteSink()
                .bytes(MODULE)
                .section(1, b -> b.unsigned(1).u8(0x60).u8(0).u8(0))
                .section(
                        2,
                        b -> b.unsigned(4)
                                .name("wasi_snapshot_preview1")
                                .name("path_open")
                                .u8(0)
                                .u8(0)
                                .name("wasi_snapshot_preview1")
                                .name("random_get")
                                .u8(0)
                                .u8(0)
                                .name("env")
                                .name("helper")
                                .u8(0)
                                .u8(0)
                                .name("env")
                                .name("memory")
                                .u8(2)
                                .u8(0)
                                .u8(1))
                .section(7, b -> b.unsigned(1).name("start").u8(0).u8(2))
                .toByteArray();
        BinaryFacts facts = inspect(module);

        assertThat(facts.validity().text()).isEqualTo("valid");
        assertThat(facts.imports())
                .extracting(ExternFact::name)
                .containsExactly(
                        "wasi_snapshot_preview1.path_open",
                        "wasi_snapshot_preview1.random_get",
                        "env.helper",
                        "env.memory");
        assertThat(facts.imports()).extracting(ExternFact::kind).containsExactly("func", "func", "func", "memory");
        assertThat(facts.exports()).containsExactly(new ExternFact("start", "func", null));
        assertThat(facts.capabilities().keySet()).containsExactly(Capability.FILESYSTEM, Capability.RANDOM);
        assertThat(facts.coreModules()).isEmpty();
    }

    @Test
    void eachWasiInterfaceHasItsCapability() {
        assertThat(CapabilityRules.of("wasi:filesystem/preopens@0.2.3")).contains(Capability.FILESYSTEM);
        assertThat(CapabilityRules.of("wasi:http/outgoing-handler@0.2.0")).contains(Capability.HTTP);
        assertThat(CapabilityRules.of("wasi:cli/stdout@0.2.0")).contains(Capability.STDIO);
        assertThat(CapabilityRules.of("wasi:cli/terminal-input@0.2.0")).contains(Capability.STDIO);
        assertThat(CapabilityRules.of("wasi:cli/environment@0.2.0")).contains(Capability.ENVIRONMENT);
        assertThat(CapabilityRules.of("wasi:new/thing")).contains(Capability.OTHER_WASI);
        assertThat(CapabilityRules.of("example:wasi/thing")).isEmpty();
        assertThat(CapabilityRules.of("env.fd_write")).isEmpty();
    }

    @Test
    void languagesAndToolsComeFromTheBinaryAndAllInsideIt() {
        byte[] inner = MetadataWriter.append(
                MODULE,
                Layer.CORE_MODULE,
                new MetadataSection.Name("inner"),
                new MetadataSection.Producers(List.of(
                        Producer.of(Producer.Role.LANGUAGE, "Rust", ""),
                        Producer.of(Producer.Role.TOOL, "rustc", "1"))));
        byte[] outer = MetadataWriter.append(
                new ByteSink().bytes(COMPONENT).section(1, b -> b.bytes(inner)).toByteArray(),
                Layer.COMPONENT,
                new MetadataSection.Producers(List.of(
                        Producer.of(Producer.Role.TOOL, "wit-component", "2"),
                        Producer.of(Producer.Role.TOOL, "rustc", "1"))));
        BinaryFacts facts = inspect(outer);

        assertThat(facts.producers(Producer.Role.LANGUAGE))
                .extracting(Producer::name)
                .containsExactly("Rust");
        assertThat(facts.producers(Producer.Role.TOOL))
                .extracting(Producer::text)
                .containsExactly("wit-component 2", "rustc 1");
        assertThat(facts.coreModules())
                .containsExactly(new EmbeddedFact(
                        "core-module[0]", "inner", 10, inner.length, Sha256.of(ByteBuffer.wrap(inner))));
    }

    @Test
    void invalidAndUnknownBytesAreDescribedAsFarAsTheyGo() {
        BinaryFacts none = inspect(new byte[] {1, 2, 3});
        assertThat(none.kind()).isNull();
        assertThat(none.validity().text()).startsWith("invalid: magic header not detected");

        byte[] broken = new ByteSink()
                .bytes(MetadataWriter.append(COMPONENT, Layer.COMPONENT, new MetadataSection.Name("named")))
                .section(3, b -> b.u8(9))
                .toByteArray();
        BinaryFacts facts = inspect(broken);
        assertThat(facts.kind()).isEqualTo(WasmKind.COMPONENT);
        assertThat(facts.validity()).isInstanceOf(Validity.Invalid.class);
        assertThat(facts.metadata().name()).contains("named");
    }

    @Test
    void realComponentsAreDescribedWithoutGaps() throws Exception {
        Path part = Workspace.corpus("real");
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        int modules = 0;
        int files = 0;
        for (Path file : Workspace.files(part, ".wasm")) {
            if (Files.size(file) > 4 << 20) {
                continue; // checking their core modules takes seconds, and says nothing more about facts
            }
            BinaryFacts facts = BinaryInspector.inspect(
                    ByteBuffer.wrap(Files.readAllBytes(file)).asReadOnlyBuffer(), FeatureSet.all());
            files++;
            assertThat(facts.validity()).as("%s", file).isInstanceOf(Validity.Valid.class);
            assertThat(facts.gaps()).as("%s", file).isEmpty();
            assertThat(facts.exports()).as("%s", file).allMatch(export -> export.wit() != null);
            capabilities.addAll(facts.capabilities().keySet());
            modules += facts.coreModules().size();
            assertThat(facts.dependencies())
                    .extracting(DependencyFact::packageName)
                    .doesNotHaveDuplicates();
        }
        System.out.println(
                "{\"part\":\"real/inspect\",\"cases\":" + files + ",\"coreModules\":" + modules + "} " + capabilities);
        assertThat(modules).isGreaterThan(100);
        assertThat(capabilities)
                .contains(Capability.STDIO, Capability.IO, Capability.ENVIRONMENT)
                .doesNotContain(Capability.OTHER_WASI);
    }

    @Test
    void noBytesMakeItThrow() throws Exception {
        byte[] greeter = Files.readAllBytes(Workspace.repository().resolve("examples/greeter/greeter.wasm"));
        byte[] wit = Files.readAllBytes(Workspace.repository().resolve("examples/greeter/greeter-wit.wasm"));
        Random random = new Random(2);
        for (int i = 0; i < 4_000; i++) {
            byte[] damaged = (i % 2 == 0 ? greeter : wit).clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            assertThat(inspect(damaged).sizeBytes()).isEqualTo(damaged.length);
        }
    }
}

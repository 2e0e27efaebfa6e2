package dev.lair.component.fuzz;

import dev.lair.component.Workspace;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitGenerator;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Inputs that a campaign starts from: our own fixtures, texts made from seeds, and the shared corpus where it is. */
final class Seeds {
    /** Of a seed. Larger ones make every execution slow and hold little that the small ones do not. */
    static final int MAX_BYTES = 4_096;

    private static final int GENERATED = 60;
    private static final Path RESOURCES = Workspace.repository().resolve("component-model/src/test/resources");

    private final List<byte[]> found = new ArrayList<>();

    private Seeds() {}

    /** The seeds of a target, committed finds included. */
    static List<byte[]> of(FuzzTarget target) {
        Seeds seeds = new Seeds();
        finds(target).forEach(file -> seeds.add(read(file)));
        switch (target) {
            case COMPONENT, INSPECT -> {
                seeds.hexFixtures();
                seeds.files(Workspace.repository().resolve("examples"), ".wasm");
                seeds.corpus("wast", ".wasm");
                seeds.corpus("wit-interfaces", ".wasm");
            }
            case CORE_MODULE -> {
                seeds.hexFixtures();
                seeds.embeddedModules();
            }
            case WIT_TEXT -> seeds.texts();
            case WIT_BINARY -> {
                seeds.packages();
                seeds.corpus("wit-interfaces", ".wasm");
                seeds.corpus("wit-components", ".wasm");
            }
            case COMPAT -> seeds.pairs();
            case NAMES -> seeds.names();
        }
        return seeds.found;
    }

    /** Inputs that were found to break a claim once. */
    static List<Path> finds(FuzzTarget target) {
        Path folder = RESOURCES.resolve("fuzz").resolve(target.label());
        return Files.isDirectory(folder)
                ? Workspace.files(folder, "").stream()
                        .filter(Files::isRegularFile)
                        .toList()
                : List.of();
    }

    private void add(byte[] seed) {
        if (seed.length <= MAX_BYTES) {
            found.add(seed);
        }
    }

    private void files(Path folder, String ending) {
        Workspace.files(folder, ending).forEach(file -> add(read(file)));
    }

    private void corpus(String part, String ending) {
        Path folder = Workspace.repository()
                .resolveSibling("shared")
                .resolve("corpus")
                .resolve(part);
        if (Files.isDirectory(folder)) {
            files(folder, ending);
        }
    }

    private void hexFixtures() {
        for (Path file : Workspace.files(RESOURCES, ".hex")) {
            String digits = new String(read(file), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("expect:"))
                    .map(line -> line.replaceAll(";.*", "").replaceAll("\\s", ""))
                    .reduce("", String::concat);
            add(HexFormat.of().parseHex(digits));
        }
    }

    /** Core modules inside the components of the corpus and the examples. */
    private void embeddedModules() {
        Seeds components = new Seeds();
        components.files(Workspace.repository().resolve("examples"), ".wasm");
        components.corpus("wast", ".wasm");
        byte[] preamble = {0, 'a', 's', 'm', 1, 0, 0, 0};
        for (byte[] component : components.found) {
            for (int at = 9; at + 8 < component.length; at++) {
                if (Arrays.equals(component, at, at + 8, preamble, 0, 8)) {
                    // One byte of size stands before the small ones; of others the tail is damage to start from.
                    int end = Math.min(component.length, at + (component[at - 1] & 0x7f));
                    add(Arrays.copyOfRange(component, at, Math.max(end, at + 8)));
                }
            }
        }
    }

    private void texts() {
        for (long seed = 0; seed < GENERATED; seed++) {
            add(WitGenerator.generate(seed).getBytes(StandardCharsets.UTF_8));
        }
        files(RESOURCES, ".wit");
        corpus("wit-parser-ui", ".wit");
        corpus("wit-interfaces", ".wit");
    }

    private void packages() {
        for (long seed = 0; seed < GENERATED; seed++) {
            try {
                add(WitEncoder.encode(
                        new WitResolver(Features.ALL).resolve(SourceGroup.of("seed", WitGenerator.generate(seed))),
                        new EncodeOptions(false, "test", "1")));
            } catch (WitException unresolvable) {
                continue; // a few of the generated texts do not resolve
            }
        }
    }

    private void pairs() {
        for (Path old : Workspace.files(RESOURCES.resolve("compat"), "old.wit")) {
            add(joined(
                    new byte[] {CompatClaims.TEXTS}, read(old), new byte[] {0}, read(old.resolveSibling("new.wit"))));
        }
        Seeds packages = new Seeds();
        packages.packages();
        packages.corpus("wit-components", ".wasm");
        for (int i = 0; i < packages.found.size(); i++) {
            byte[] old = packages.found.get(i);
            byte[] next = packages.found.get((i + i % 2) % packages.found.size());
            byte[] head = {CompatClaims.BINARIES, (byte) (old.length >> 8), (byte) old.length};
            add(joined(head, old, next));
        }
    }

    private void names() {
        for (String name : List.of(
                "a",
                "a-b1-C2",
                "[constructor]a",
                "[method]a.b",
                "[static]a.b-c",
                "a:b/c",
                "a:b/c@1.2.3-rc.1+b",
                "a:b:c/d/e@0.1.0",
                "unlocked-dep=<a:b@{>=1.0.0 <2.0.0}>",
                "locked-dep=<a:b@1.0.0>",
                "url=<https://example.invalid/a>",
                "integrity=<sha256-AAAA>",
                "1.2.3-alpha.1+build.5",
                "0.2.0-rc-2023-11-10")) {
            add(name.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] joined(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

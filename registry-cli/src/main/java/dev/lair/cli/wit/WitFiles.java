package dev.lair.cli.wit;

import dev.lair.cli.report.Excerpt;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitSource;
import dev.lair.component.wit.decode.WitDecoder;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads WIT as people keep it: a {@code .wit} file; a folder of them with dependencies in {@code deps/} (a file, a folder
 * or a WIT package binary each); or a binary. Texts keep the names that the person wrote, which errors print.
 */
public final class WitFiles {
    private static final String TEXT = ".wit";
    private static final String BINARY = ".wasm";

    /** Source lines that are longer are not printed with an error: a minified text would fill the screen. */
    private static final int SHOWN_LINE = 400;

    private final Path base;
    private final Features features;
    private long textBytes;

    /**
     * @param base what written paths are relative to
     * @param features which {@code @unstable} items are kept
     */
    public WitFiles(Path base, Features features) {
        this.base = base;
        this.features = features;
    }

    /** Text or binary, whatever is there, as a fault when it is refused. */
    public Resolved load(Path written) throws Fault {
        return BinaryFile.isBinary(base.resolve(written)) ? decode(written) : resolve(written);
    }

    /** Resolves a text or a folder of texts. */
    public Resolved resolve(Path written) throws Fault {
        return resolve(written, List.of());
    }

    /**
     * Resolves a text or a folder of texts among other packages.
     *
     * @param beside packages that are resolved, each after those that it refers to; those in {@code deps} come first
     */
    public Resolved resolve(Path written, List<WitPackage> beside) throws Fault {
        try {
            return resolveText(written, beside);
        } catch (WitException refused) {
            throw fault(refused);
        }
    }

    /**
     * Resolves a text or a folder of texts.
     *
     * @throws WitException when they are refused
     * @throws Fault when they cannot be read
     */
    public Resolved resolveText(Path written) throws Fault, WitException {
        return resolveText(written, List.of());
    }

    private Resolved resolveText(Path written, List<WitPackage> beside) throws Fault, WitException {
        SourceGroup main = texts(written);
        WitResolver resolver = new WitResolver(features);
        addDependencies(written, resolver, beside);
        return resolver.resolve(main);
    }

    /** The package's own texts, unresolved: a file whatever it is called, or the {@code .wit} files of a folder. */
    public SourceGroup texts(Path written) throws Fault {
        if (!Files.exists(base.resolve(written))) {
            throw ExitCode.LOCAL.fault("`" + written + "` does not exist; name a .wit file or a folder of them");
        }
        if (BinaryFile.isBinary(base.resolve(written))) {
            throw ExitCode.LOCAL.fault(
                    "`" + written + "` is a WebAssembly binary, and WIT text is asked for; `lair validate` checks"
                            + " binaries, `lair wit print` shows their WIT");
        }
        // A file that the person names is read whatever it is called; in folders only what is called so.
        SourceGroup main = Files.isRegularFile(base.resolve(written))
                ? new SourceGroup(written.toString(), List.of(source(written)))
                : group(written);
        if (main.sources().isEmpty()) {
            throw ExitCode.LOCAL.fault("`" + written + "` holds no .wit file; name a folder with WIT texts");
        }
        return main;
    }

    /** The texts in {@code deps} of a package, one group for each entry that has some. */
    public List<SourceGroup> dependencyTexts(Path written) throws Fault {
        List<SourceGroup> groups = new ArrayList<>();
        for (Path dependency : dependencies(written)) {
            if (!dependency.toString().endsWith(BINARY)) {
                SourceGroup group = group(dependency);
                if (!group.sources().isEmpty()) {
                    groups.add(group);
                }
            }
        }
        return groups;
    }

    /** The entries in {@code deps} of a package, as the person would write them. */
    public List<Path> dependencies(Path written) throws Fault {
        Path deps = written.resolve("deps");
        return Files.isDirectory(base.resolve(deps)) ? entries(deps) : List.of();
    }

    private void addDependencies(Path written, WitResolver resolver, List<WitPackage> beside) throws Fault {
        Map<PackageName, WitPackage> partial = new LinkedHashMap<>();
        Map<PackageName, WitPackage> whole = new LinkedHashMap<>();
        for (Path dependency : dependencies(written)) {
            if (dependency.toString().endsWith(BINARY)) {
                Resolved decoded = decode(dependency);
                decoded.packages().forEach(each -> partial.putIfAbsent(each.name(), each));
                whole.put(decoded.main().name(), decoded.main());
            } else {
                SourceGroup group = group(dependency);
                if (!group.sources().isEmpty()) {
                    resolver.with(group);
                }
            }
        }
        // A binary holds of other packages only what it refers to; the other package's own binary says all.
        for (WitPackage each : beside) {
            resolver.with(each);
            partial.remove(each.name());
        }
        partial.forEach((name, each) -> resolver.with(whole.getOrDefault(name, each)));
    }

    /** The {@code .wit} files of a folder, or one file. */
    public SourceGroup group(Path written) throws Fault {
        List<WitSource> sources = new ArrayList<>();
        boolean folder = Files.isDirectory(base.resolve(written));
        for (Path file : folder ? entries(written) : List.of(written)) {
            if (Files.isRegularFile(base.resolve(file)) && file.toString().endsWith(TEXT)) {
                sources.add(source(file));
            }
        }
        return new SourceGroup(written.toString(), sources);
    }

    private List<Path> entries(Path folder) throws Fault {
        try (Stream<Path> all = Files.list(base.resolve(folder))) {
            List<Path> entries = all.limit(FileLimits.FOLDER_ENTRIES + 1)
                    .map(entry -> folder.resolve(entry.getFileName()))
                    .sorted()
                    .toList();
            if (entries.size() > FileLimits.FOLDER_ENTRIES) {
                throw ExitCode.LOCAL.fault("`" + folder + "` has more than " + FileLimits.FOLDER_ENTRIES
                        + " entries; name the folder of one WIT package");
            }
            return entries;
        } catch (IOException e) {
            throw BinaryFile.unreadable(folder, e);
        }
    }

    private WitSource source(Path written) throws Fault {
        return new WitSource(written.toString(), text(written));
    }

    private String text(Path written) throws Fault {
        Path file = base.resolve(written);
        try {
            long size = Files.size(file);
            textBytes += size;
            if (size > FileLimits.TEXT_BYTES || textBytes > FileLimits.ALL_TEXT_BYTES) {
                throw ExitCode.LOCAL.fault("`" + written + "` has " + size + " bytes; at most "
                        + FileLimits.TEXT_BYTES + " in one WIT text and " + FileLimits.ALL_TEXT_BYTES
                        + " in all are read");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ExitCode.INVALID.fault("`" + written + "` is no UTF-8; WIT texts are", e);
        } catch (IOException e) {
            throw BinaryFile.unreadable(written, e);
        }
    }

    /** The WIT of a binary: a WIT package, or the world of a component. */
    public Resolved decode(Path written) throws Fault {
        try {
            ByteBuffer bytes = BinaryFile.map(base.resolve(written), written);
            if (BinaryFile.isCoreModule(bytes)) {
                throw ExitCode.INVALID.fault(
                        "`" + written + "` is a core module, which has no WIT; name a component" + " or a WIT package");
            }
            return switch (ComponentValidator.validate(bytes, FeatureSet.all())) {
                case Verdict.Valid valid -> WitDecoder.decode(valid.component());
                case Verdict.NotChecked unknown ->
                    throw ExitCode.INVALID.fault(
                            "`" + written + "` cannot be read as WIT: " + unknown.reason() + " is not understood here");
            };
        } catch (InvalidComponentException e) {
            throw ExitCode.INVALID.fault("`" + written + "` is no valid component: " + e.getMessage(), e);
        } catch (WitException e) {
            throw ExitCode.INVALID.fault("`" + written + "` cannot be said as WIT: " + e.getMessage(), e);
        }
    }

    /** A refused text as the end of a command, with the source line and a caret. */
    public static Fault fault(WitException refused) {
        List<String> message = String.valueOf(refused.getMessage()).lines().toList();
        List<String> below = new ArrayList<>(message.subList(Math.min(1, message.size()), message.size()));
        below.addAll(shown(refused.place()));
        Fault fault = ExitCode.INVALID.fault(message.isEmpty() ? "the WIT text is refused" : message.get(0), refused);
        return fault.withExcerpt(excerpt(refused.place(), below));
    }

    /** A fault that is about a place in a text. */
    public static Fault at(Place place, Fault fault) {
        return place.isKnown() ? fault.withExcerpt(excerpt(place, shown(place))) : fault;
    }

    private static Excerpt excerpt(Place place, List<String> lines) {
        return new Excerpt(place.file(), place.line(), place.column(), lines);
    }

    /** File, line and column of a place, then the source line and a caret; nothing without a text. */
    public static List<String> shown(Place place) {
        if (!place.isKnown()) {
            return List.of();
        }
        List<String> rendered = place.render("").lines().skip(1).toList();
        boolean fits = rendered.stream().allMatch(line -> line.length() <= SHOWN_LINE);
        return fits ? rendered : rendered.subList(0, 1);
    }
}

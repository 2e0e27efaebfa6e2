package dev.lair.cli.deps;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.VerifiedLog;
import dev.lair.cli.trust.VerifiedView;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.Verdict;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.decode.WitDecoder;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.Release;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which releases the packages are that WIT texts name, and those that these name, and so on. A version that a text names is
 * that release: names in WIT are exact, and a text of another version would be another package. Where a text names none, it
 * is the highest release that is neither a pre-release nor yanked. A lock decides before both.
 *
 * <p>A release carries what it uses of other packages. Where the registry does not have such a package, that part is taken:
 * it was published with the release, and the lock has that.
 *
 * <p>Level by level, so that the registry is asked once for all packages that stand equally deep.
 */
final class Resolution {
    /** Packages of one project: WASI has seven. A registry could make up names for ever. */
    private static final int PACKAGES = 1_000;

    /**
     * Who names a package: a place in the person's texts, or another release.
     *
     * @param carried what that release holds of the package; null when a text names it
     */
    record Need(
            PackageName name,
            Place place,
            String by,
            @Nullable Carried carried) {}

    /** A part of a package among the content of a release that uses it. */
    record Carried(Resolved content, WitPackage part) {}

    /**
     * A package and the release that it is.
     *
     * @param locked null when the registry does not have it, and the part is taken that another release carries
     * @param text of the package alone, under the name by which it was needed
     * @param newest the highest release of the same track when that is a later one, else null
     */
    record Chosen(
            Need need,
            Lockfile.@Nullable Entry locked,
            String text,
            @Nullable SemVer newest) {}

    private final ReleaseSource source;
    private final Optional<Lockfile> lock;
    private final boolean lockIsWhole;
    private final Map<PackageName, Chosen> chosen = new LinkedHashMap<>();
    private final Map<PackageName, List<Need>> carried = new LinkedHashMap<>();
    private @Nullable VerifiedView view;

    /**
     * @param lock what decides, if anything
     * @param lockIsWhole whether what it does not have is refused; else it is resolved as without a lock
     */
    Resolution(ReleaseSource source, Optional<Lockfile> lock, boolean lockIsWhole) {
        this.source = source;
        this.lock = lock;
        this.lockIsWhole = lockIsWhole;
    }

    /** All packages that are needed, those that texts name first. */
    List<Chosen> resolve(List<Need> named, Set<PackageName> present) throws Fault, IOException {
        Map<PackageName, Need> open = new LinkedHashMap<>();
        named.forEach(need -> open.putIfAbsent(need.name(), need));
        while (!open.isEmpty()) {
            List<Need> level = List.copyOf(open.values());
            open.clear();
            if (chosen.size() + level.size() > PACKAGES) {
                throw ExitCode.LOCAL.fault("more than " + PACKAGES + " packages are needed, the last by "
                        + level.getLast().by() + "; that many are not fetched");
            }
            Set<dev.lair.registry.PackageName> names = new LinkedHashSet<>();
            for (Need need : level) {
                names.add(registryName(need));
            }
            VerifiedView verified = source.logs(names);
            view = verified;
            for (Need need : level) {
                Optional<Resolved> content = choose(need, verified, registryName(need));
                if (content.isPresent()) {
                    needsOf(content.get(), present).stream()
                            .filter(other -> !chosen.containsKey(other.name()) && !contains(level, other.name()))
                            .forEach(other -> open.putIfAbsent(other.name(), other));
                }
            }
        }
        return List.copyOf(chosen.values());
    }

    private static boolean contains(List<Need> level, PackageName name) {
        return level.stream().anyMatch(need -> need.name().equals(name));
    }

    private List<Need> needsOf(Resolved content, Set<PackageName> present) throws Fault {
        List<Need> needs = new ArrayList<>();
        for (WitPackage other : content.packages()) {
            PackageName name = other.name();
            if (!name.equals(content.main().name()) && !present.contains(name)) {
                String by = "`" + content.main().name() + "`";
                Need need = new Need(name, Place.NONE, by, new Carried(content, other));
                needs.add(need);
                carried.computeIfAbsent(name, first -> new ArrayList<>()).add(need);
                requireAgreement(name);
            }
        }
        return needs;
    }

    /** Two releases may use different parts of a package, which matters when nobody has the whole of it. */
    private void requireAgreement(PackageName name) throws Fault {
        Chosen taken = chosen.get(name);
        if (taken == null || taken.locked() != null) {
            return;
        }
        Carried part = taken.need().carried();
        for (Need other : carried.getOrDefault(name, List.of())) {
            if (part != null
                    && other.carried() != null
                    && !other.carried().part().equals(part.part())) {
                throw ExitCode.NOT_FOUND.fault("package `" + name + "` is not in the registry, and "
                        + taken.need().by() + " and " + other.by()
                        + " carry different parts of it; put the whole package into `deps`");
            }
        }
    }

    /** The newest checkpoint of the registry that was asked; empty when nothing was needed. */
    Optional<VerifiedView> view() {
        return Optional.ofNullable(view);
    }

    private static dev.lair.registry.PackageName registryName(Need need) throws Fault {
        try {
            return dev.lair.registry.PackageName.parse(
                    need.name().namespace() + ":" + need.name().name());
        } catch (IllegalArgumentException e) {
            throw at(
                    need,
                    ExitCode.INVALID.fault("package `" + need.name() + "` is in no registry: " + e.getMessage(), e));
        }
    }

    /** The person's own line, or who else names it. */
    private static Fault at(Need need, Fault fault) {
        return need.place().isKnown()
                ? WitFiles.at(need.place(), fault)
                : fault.withHint(fault.hint().orElse("it is needed by " + need.by()));
    }

    /** Takes a release, and answers its content; empty when a part is taken that another release carries. */
    private Optional<Resolved> choose(Need need, VerifiedView verified, dev.lair.registry.PackageName name)
            throws Fault, IOException {
        SemanticVersion named = need.name().version();
        SemVer exact = named == null ? null : SemVer.parse(named.toString());
        Optional<Lockfile.Entry> locked = lock.flatMap(found -> found.find(name, exact));
        Optional<VerifiedLog> log = verified.find(name);
        boolean released = log.isPresent()
                && (exact == null || log.get().state().release(exact).isPresent());
        if (locked.isEmpty() && need.carried() != null && (lockIsWhole || !released)) {
            takePart(need, need.carried());
            return Optional.empty();
        }
        if (locked.isEmpty() && lockIsWhole) {
            throw at(
                    need,
                    ExitCode.LOCAL.fault("package `" + need.name() + "` is not in the lock; take it in with `lair wit"
                            + " update`"));
        }
        return Optional.of(take(need, require(need, verified, name), exact, locked));
    }

    private static VerifiedLog require(Need need, VerifiedView view, dev.lair.registry.PackageName name) throws Fault {
        try {
            return view.require(name);
        } catch (Fault missing) {
            throw at(need, missing);
        }
    }

    private void takePart(Need need, Carried part) throws Fault {
        chosen.put(need.name(), new Chosen(need, null, WitPrinter.print(part.content(), part.part()), null));
        requireAgreement(need.name());
    }

    private Resolved take(Need need, VerifiedLog log, @Nullable SemVer exact, Optional<Lockfile.Entry> locked)
            throws Fault, IOException {
        Release release = locked.isPresent()
                ? locked(need, log, locked.get())
                : exact == null ? highest(need, log) : exactly(need, log, exact);
        Resolved content = decode(need, log.name(), release);
        String requirement = exact == null ? "*" : "=" + exact;
        chosen.put(
                need.name(),
                new Chosen(
                        need,
                        new Lockfile.Entry(log.name(), requirement, release.version(), release.content()),
                        text(need, content),
                        newer(log, release.version())));
        return content;
    }

    private static Release locked(Need need, VerifiedLog log, Lockfile.Entry locked) throws Fault {
        Release release = log.state()
                .release(locked.version())
                .orElseThrow(() -> at(
                        need,
                        ExitCode.NOT_FOUND.fault("the lock has `" + locked.name() + "` " + locked.version()
                                + ", which the registry never released; is it the registry that the lock is from?")));
        if (!release.content().equals(locked.digest())) {
            throw at(
                    need,
                    ExitCode.UNVERIFIED.fault("the lock has `" + locked.name() + "` " + locked.version() + " as "
                            + locked.digest() + ", but in this registry it is " + release.content()
                            + "; nothing was written"));
        }
        return release;
    }

    private static Release exactly(Need need, VerifiedLog log, SemVer version) throws Fault {
        return log.state().release(version).orElseThrow(() -> {
            SemVer near = newest(log, version);
            return at(
                    need,
                    ExitCode.NOT_FOUND.fault("`" + log.name() + "` has no release " + version + "; "
                            + (near == null
                                    ? "it has none on that version track"
                                    : "the highest of that version track is " + near + ": name that")));
        });
    }

    private static Release highest(Need need, VerifiedLog log) throws Fault {
        return log.state().releases().stream()
                .filter(release -> !release.yanked() && !release.version().isPreRelease())
                .max(Comparator.comparing(Release::version))
                .orElseThrow(() -> at(
                        need,
                        ExitCode.NOT_FOUND.fault("`" + log.name() + "` has no release that is neither a pre-release nor"
                                + " yanked; name the version that you want")));
    }

    /** The highest release of a version's track that is not yanked; null when there is none. */
    private static @Nullable SemVer newest(VerifiedLog log, SemVer on) {
        Optional<String> track = track(on);
        return log.state().releases().stream()
                .filter(release -> !release.yanked())
                .map(Release::version)
                .filter(version -> track.isPresent() && track(version).equals(track))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Empty for versions that are too long for names in WIT. */
    private static Optional<String> track(SemVer version) {
        return SemanticVersion.tryParse(version.toString()).map(SemanticVersion::track);
    }

    private static @Nullable SemVer newer(VerifiedLog log, SemVer than) {
        SemVer newest = newest(log, than);
        return newest != null && newest.compareTo(than) > 0 ? newest : null;
    }

    private Resolved decode(Need need, dev.lair.registry.PackageName name, Release release) throws Fault, IOException {
        ByteBuffer bytes = source.content(name, release);
        String label = name + "@" + release.version();
        try {
            if (ComponentValidator.validate(bytes, FeatureSet.all()) instanceof Verdict.Valid valid
                    && WitDecoder.isPackage(valid.component())) {
                Resolved decoded = WitDecoder.decode(valid.component());
                if (!decoded.main().name().toString().equals(label)) {
                    throw at(
                            need,
                            ExitCode.INVALID.fault("release `" + label + "` holds the WIT package `"
                                    + decoded.main().name()
                                    + "`, which is another; its publisher has to release it under"
                                    + " its own name"));
                }
                return decoded;
            }
        } catch (InvalidComponentException | WitException e) {
            throw at(need, ExitCode.INVALID.fault("release `" + label + "` is no WIT package: " + e.getMessage(), e));
        }
        throw at(need, ExitCode.INVALID.fault("release `" + label + "` is no WIT package, so no text can use it"));
    }

    private static String text(Need need, Resolved content) throws Fault {
        String text = WitPrinter.print(content, content.main());
        if (need.name().version() != null) {
            return text;
        }
        // Texts that name no version mean a package without one.
        if (text.lines()
                .anyMatch(line ->
                        line.strip().startsWith("@since(") || line.strip().startsWith("@deprecated("))) {
            throw at(
                    need,
                    ExitCode.INVALID.fault(
                            "package `" + need.name() + "` is named without a version, and what it holds is"
                                    + " gated by versions: name one, as in `"
                                    + content.main().name().item("…") + "`"));
        }
        String header = "package " + content.main().name() + ";";
        return text.startsWith(header)
                ? "package " + need.name() + ";" + text.substring(header.length())
                : text.replace("\n" + header, "\npackage " + need.name() + ";");
    }
}

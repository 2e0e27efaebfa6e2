package dev.lair.cli.wit;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.component.wit.InterfaceUses;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * WIT packages in folders beside each other, which may depend on each other: WASI is kept like that. What a package has in
 * its own {@code deps} comes before the package of that name beside it.
 */
public final class Workspace {

    /**
     * A package of a workspace.
     *
     * @param written its folder or file, as the person named it
     */
    public record Member(Path written, Resolved resolved) {}

    /** A package before it is resolved. */
    private record Sources(Path written, PackageName name, PackageUses uses) {}

    private final Path base;
    private final Features features;
    private final Map<PackageName, WitPackage> done = new LinkedHashMap<>();

    private Workspace(Path base, Features features) {
        this.base = base;
        this.features = features;
    }

    /**
     * Resolves packages, each after those that it depends on.
     *
     * @param base what written paths are relative to
     * @param written folders or files of one package each
     */
    public static List<Member> resolve(Path base, Features features, List<Path> written) throws Fault {
        if (written.size() == 1) {
            return List.of(new Member(written.getFirst(), new WitFiles(base, features).resolve(written.getFirst())));
        }
        return new Workspace(base, features).resolve(written);
    }

    private List<Member> resolve(List<Path> written) throws Fault {
        Map<PackageName, Sources> sources = new LinkedHashMap<>();
        for (Path each : written) {
            Sources read = read(each);
            Sources other = sources.putIfAbsent(read.name(), read);
            if (other != null) {
                throw ExitCode.INVALID.fault("`" + other.written() + "` and `" + each + "` are both package `"
                        + read.name() + "`; name one of them");
            }
        }
        List<Member> members = new ArrayList<>();
        for (Sources each : ordered(sources)) {
            Resolved resolved = new WitFiles(base, features).resolve(each.written(), needed(each));
            resolved.packages().forEach(found -> done.putIfAbsent(found.name(), found));
            members.add(new Member(each.written(), resolved));
        }
        return members;
    }

    private Sources read(Path written) throws Fault {
        WitFiles files = new WitFiles(base, features);
        List<SourceGroup> groups = new ArrayList<>();
        groups.add(files.texts(written));
        groups.addAll(files.dependencyTexts(written));
        try {
            PackageUses uses = PackageUses.of(groups);
            PackageName name = uses.main()
                    .orElseThrow(
                            () -> ExitCode.INVALID.fault("`" + written + "` does not say which package it is; write"
                                    + " `package namespace:name@1.0.0;` into one of its texts"));
            return new Sources(written, name, uses);
        } catch (WitException refused) {
            throw WitFiles.fault(refused);
        }
    }

    /** Depth first; what closes a cycle is left to the resolver, which tells it with its place. */
    private static List<Sources> ordered(Map<PackageName, Sources> sources) {
        Set<Sources> order = new LinkedHashSet<>();
        Set<PackageName> begun = new HashSet<>();
        for (PackageName name : sources.keySet()) {
            visit(name, sources, begun, order);
        }
        return List.copyOf(order);
    }

    private static void visit(
            PackageName name, Map<PackageName, Sources> sources, Set<PackageName> begun, Set<Sources> order) {
        Sources each = sources.get(name);
        if (each != null && begun.add(name)) {
            each.uses().foreign().keySet().forEach(other -> visit(other, sources, begun, order));
            order.add(each);
        }
    }

    /** The packages beside this one that it needs, in the order in which they were resolved. */
    private List<WitPackage> needed(Sources each) {
        Set<PackageName> wanted = new HashSet<>();
        Deque<PackageName> open = new ArrayDeque<>(each.uses().foreign().keySet());
        while (!open.isEmpty()) {
            WitPackage found = done.get(open.pop());
            if (found != null && !each.uses().declared().contains(found.name()) && wanted.add(found.name())) {
                InterfaceUses.of(found).keySet().forEach(id -> open.push(id.packageName()));
            }
        }
        return done.values().stream()
                .filter(candidate -> wanted.contains(candidate.name()))
                .toList();
    }
}

package dev.lair.cli.wit;

import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitSource;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.syntax.WitParser;
import dev.lair.component.wit.syntax.WitTree;
import dev.lair.component.wit.syntax.WitTree.ExternKind;
import dev.lair.component.wit.syntax.WitTree.InterfaceItem;
import dev.lair.component.wit.syntax.WitTree.Item;
import dev.lair.component.wit.syntax.WitTree.PackageRef;
import dev.lair.component.wit.syntax.WitTree.UseDecl;
import dev.lair.component.wit.syntax.WitTree.UsePath;
import dev.lair.component.wit.syntax.WitTree.WorldItem;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which packages WIT texts declare, and which others they name. It takes syntax only: what is named need not be there yet,
 * and whether the texts make sense together is for the resolver to say.
 */
public final class PackageUses {
    private final Set<PackageName> declared = new LinkedHashSet<>();
    private final Map<PackageName, Place> named = new LinkedHashMap<>();
    private @Nullable PackageName main;

    private PackageUses() {}

    /**
     * Reads texts.
     *
     * @param groups the package's own texts first
     * @throws WitException when one is no WIT
     */
    public static PackageUses of(List<SourceGroup> groups) throws WitException {
        PackageUses uses = new PackageUses();
        for (SourceGroup group : groups) {
            for (WitSource source : group.sources()) {
                WitTree.File file = WitParser.parse(source);
                WitTree.PackageDecl decl = file.packageDecl();
                if (decl != null) {
                    uses.declared.add(decl.name());
                    uses.main = uses.main == null ? decl.name() : uses.main;
                }
                file.items().forEach(uses::item);
            }
        }
        return uses;
    }

    /** What the texts declare, nested packages too. */
    public Set<PackageName> declared() {
        return declared;
    }

    /** The package that the first texts are of, unless none of them says. */
    public Optional<PackageName> main() {
        return Optional.ofNullable(main);
    }

    /** Packages that are named and not declared, each with the first place that names it, in the order of the texts. */
    public Map<PackageName, Place> foreign() {
        Map<PackageName, Place> foreign = new LinkedHashMap<>(named);
        foreign.keySet().removeAll(declared);
        return foreign;
    }

    private void item(Item item) {
        switch (item) {
            case Item.Use use -> path(use.path());
            case Item.Interface body -> body.items().forEach(this::item);
            case Item.World world -> world.items().forEach(this::item);
            case Item.NestedPackage nested -> {
                declared.add(nested.decl().name());
                nested.items().forEach(this::item);
            }
        }
    }

    private void item(InterfaceItem item) {
        if (item instanceof UseDecl use) {
            path(use.from());
        }
    }

    private void item(WorldItem item) {
        switch (item) {
            case UseDecl use -> path(use.from());
            case WitTree.IncludeDecl include -> path(include.from());
            case WitTree.TypeDecl type -> {}
            case WitTree.ExternDecl extern -> {
                switch (extern.kind()) {
                    case ExternKind.Path path -> path(path.path());
                    case ExternKind.Labelled labelled -> path(labelled.path());
                    case ExternKind.Inline inline -> inline.items().forEach(this::item);
                    case ExternKind.Func func -> {}
                }
            }
        }
    }

    private void path(UsePath path) {
        PackageRef ref = path.inPackage();
        if (ref != null) {
            named.putIfAbsent(ref.name(), ref.place());
        }
    }
}

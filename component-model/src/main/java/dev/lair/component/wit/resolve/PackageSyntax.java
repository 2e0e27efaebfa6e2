package dev.lair.component.wit.resolve;

import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitSource;
import dev.lair.component.wit.syntax.WitParser;
import dev.lair.component.wit.syntax.WitTree;
import dev.lair.component.wit.syntax.WitTree.Item;
import dev.lair.component.wit.syntax.WitTree.PackageDecl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One package as its texts have it.
 *
 * @param place of its first declaration
 * @param files items by text, because each text has its own {@code use} names
 */
record PackageSyntax(PackageName name, @Nullable String docs, Place place, List<List<Item>> files) {
    /**
     * Reads a group and adds its packages, nested ones too.
     *
     * @return the package that the group itself declares
     */
    static PackageName read(SourceGroup group, Map<PackageName, PackageSyntax> into) throws WitException {
        PackageDecl main = null;
        PackageDecl documented = null;
        List<List<Item>> files = new ArrayList<>();
        List<Item.NestedPackage> nested = new ArrayList<>();
        for (WitSource source : group.sources()) {
            WitTree.File file = WitParser.parse(source);
            PackageDecl decl = file.packageDecl();
            if (decl != null) {
                if (main != null && !main.name().equals(decl.name())) {
                    throw new WitResolveException(
                            "package identifier `" + decl.name() + "` does not match previous package name of `"
                                    + main.name() + "`",
                            decl.place());
                }
                main = main == null ? decl : main;
                if (decl.docs().text() != null) {
                    if (documented != null) {
                        throw new WitResolveException(
                                "found doc comments on multiple 'package' items",
                                decl.docs().place());
                    }
                    documented = decl;
                }
            }
            files.add(own(file.items(), nested));
        }
        if (main == null) {
            throw new WitResolveException(
                    "no `package` header was found in any WIT file for this package",
                    group.sources().isEmpty()
                            ? Place.NONE
                            : Place.of(group.sources().getFirst(), 0, 0));
        }
        String docs = documented == null ? null : documented.docs().text();
        add(new PackageSyntax(main.name(), docs, main.place(), List.copyOf(files)), into);
        for (int i = 0; i < nested.size(); i++) {
            PackageDecl decl = nested.get(i).decl();
            List<Item> items = own(nested.get(i).items(), nested);
            add(new PackageSyntax(decl.name(), decl.docs().text(), decl.place(), List.of(items)), into);
        }
        return main.name();
    }

    /** The items that are no packages; packages go to the list behind those that are still to be read. */
    private static List<Item> own(List<Item> items, List<Item.NestedPackage> nested) {
        List<Item> own = new ArrayList<>();
        for (Item item : items) {
            if (item instanceof Item.NestedPackage inner) {
                nested.add(inner);
            } else {
                own.add(item);
            }
        }
        return List.copyOf(own);
    }

    private static void add(PackageSyntax syntax, Map<PackageName, PackageSyntax> into) throws WitResolveException {
        PackageSyntax other = into.putIfAbsent(syntax.name(), syntax);
        if (other != null) {
            throw new WitResolveException(
                    "package `" + syntax.name() + "` is defined in two different locations:\n  * " + other.place()
                            + "\n  * " + syntax.place(),
                    syntax.place());
        }
    }
}

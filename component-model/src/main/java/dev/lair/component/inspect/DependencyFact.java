package dev.lair.component.inspect;

import dev.lair.component.wit.InterfaceUses;
import dev.lair.component.wit.PackageName;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A package that the binary refers to.
 *
 * @param packageName with its version, when the binary says one
 * @param how whether it is used, imported or exported
 * @param interfaces its interfaces that are referred to, by their own names
 */
public record DependencyFact(PackageName packageName, Set<InterfaceUses.How> how, List<String> interfaces) {
    public DependencyFact {
        Set<InterfaceUses.How> copy = EnumSet.noneOf(InterfaceUses.How.class);
        copy.addAll(how);
        how = Collections.unmodifiableSet(copy);
        interfaces = List.copyOf(interfaces);
    }
}

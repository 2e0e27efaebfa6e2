package dev.lair.component.wit;

/** The qualified name of a type. */
public record TypeName(Owner owner, String name) {
    @Override
    public String toString() {
        return owner + "." + name;
    }
}

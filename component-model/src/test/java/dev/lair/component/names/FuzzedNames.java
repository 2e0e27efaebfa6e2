package dev.lair.component.names;

/** What holds for every name; here, because names are parsed inside of this package. */
public final class FuzzedNames {
    private FuzzedNames() {}

    /** Reads a text as each kind of name; what is accepted prints as it was read. */
    public static void check(String text) {
        extern(text, false);
        extern(text, true);
        SemanticVersion.tryParse(text).ifPresent(version -> {
            require(version.toString().equals(text), "a version that prints as it was read");
            SemanticVersion again = SemanticVersion.parse(text);
            require(version.compareTo(again) == 0 && version.equals(again), "a version that equals itself");
        });
        boolean kebab;
        try {
            kebab = KebabName.parse(text).toString().equals(text);
            require(kebab, "a label that prints as it was read");
        } catch (InvalidNameException refused) {
            kebab = false;
        }
        require(kebab == KebabName.isKebab(text), "one answer on labels");
    }

    private static void extern(String text, boolean nested) {
        try {
            ExternName name = ExternName.parse(text, nested, null);
            require(name.text().equals(text), "a name that prints as it was read");
            UniqueNames unique = new UniqueNames();
            require(unique.add(name) == null && unique.add(name) != null, "a name that stands once");
        } catch (InvalidNameException refused) {
            require(!String.valueOf(refused.getMessage()).isBlank(), "a reason");
        }
    }

    private static void require(boolean holds, String claim) {
        if (!holds) {
            throw new AssertionError("does not hold: " + claim);
        }
    }
}

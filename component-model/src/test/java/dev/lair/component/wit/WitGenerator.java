package dev.lair.component.wit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes valid WIT texts from a seed: one package with interfaces that use each other, nested packages, and worlds. */
public final class WitGenerator {
    private static final String[] PRIMITIVES = {
        "bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string", "error-context"
    };
    private static final String[] WORDS = {
        "a", "stream-of-things", "x1", "get", "HTTP-request", "list", "record", "map", "from", "world", "b2b", "id"
    };

    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private int names;

    /** An interface that exists, with types that others may use. */
    private record Known(String path, List<String> types, List<String> resources) {}

    private WitGenerator(long seed) {
        this.random = new Random(seed);
    }

    public static String generate(long seed) {
        return new WitGenerator(seed).text();
    }

    private String text() {
        docs();
        out.append("package gen:main").append(chance(2) ? "@1.2.3" : "").append(";\n");
        boolean versioned = out.indexOf("@1.2.3") >= 0;
        List<Known> all = new ArrayList<>();
        if (chance(2)) {
            out.append("package gen:dep@0.").append(random.nextInt(3)).append(".0-rc.1 {\n");
            String version = out.substring(out.lastIndexOf("@"), out.lastIndexOf(" {"));
            List<Known> inside = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                inside.add(interfaceItem(List.copyOf(inside), false));
            }
            inside.forEach(
                    known -> all.add(new Known("gen:dep/" + known.path() + version, known.types(), known.resources())));
            out.append("}\n");
        }
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            all.add(interfaceItem(List.copyOf(all), versioned));
        }
        List<String> worlds = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            worlds.add(world(all, worlds, versioned));
        }
        return out.toString();
    }

    private Known interfaceItem(List<Known> before, boolean versioned) {
        docs();
        unstable();
        String name = name();
        out.append("interface ").append(escaped(name)).append(" {\n");
        Known known = new Known(escaped(name), new ArrayList<>(), new ArrayList<>());
        body(before, known, versioned);
        out.append("}\n");
        return known;
    }

    private void body(List<Known> before, Known known, boolean versioned) {
        for (int i = random.nextInt(8); i >= 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> use(before, known);
                case 1, 2 -> typeDecl(known, versioned);
                default -> {
                    docs();
                    gate(versioned);
                    out.append(escaped(name())).append(": ");
                    signature(known);
                }
            }
        }
    }

    private void use(List<Known> before, Known into) {
        if (before.isEmpty()) {
            return;
        }
        Known from = before.get(random.nextInt(before.size()));
        if (!from.types().isEmpty()) {
            String type = from.types().get(random.nextInt(from.types().size()));
            String as = escaped(name());
            out.append("use ")
                    .append(from.path())
                    .append(".{")
                    .append(type)
                    .append(" as ")
                    .append(as)
                    .append("};\n");
            into.types().add(as);
            if (from.resources().contains(type)) {
                into.resources().add(as);
            }
        }
    }

    private void typeDecl(Known known, boolean versioned) {
        docs();
        gate(versioned);
        String name = escaped(name());
        boolean resource = false;
        switch (random.nextInt(6)) {
            case 0 ->
                out.append("type ")
                        .append(name)
                        .append(" = ")
                        .append(type(known, 0))
                        .append(";\n");
            case 1 -> members("record " + name, () -> escaped(name()) + ": " + type(known, 0));
            case 2 -> members("variant " + name, () -> escaped(name()) + (chance(2) ? "(" + type(known, 0) + ")" : ""));
            case 3 -> members("enum " + name, () -> escaped(name()));
            case 4 -> members("flags " + name, () -> escaped(name()));
            default -> {
                resource = true;
                resource(name, known);
            }
        }
        known.types().add(name);
        if (resource) {
            known.resources().add(name);
        }
    }

    private void members(String head, java.util.function.Supplier<String> member) {
        out.append(head).append(" {\n");
        for (int i = random.nextInt(4); i >= 0; i--) {
            docs();
            out.append(member.get()).append(i > 0 || chance(2) ? ",\n" : "\n");
        }
        out.append("}\n");
    }

    private void resource(String name, Known known) {
        out.append("resource ").append(name);
        if (chance(3)) {
            out.append(";\n");
            return;
        }
        out.append(" {\n");
        if (chance(2)) {
            out.append("constructor(").append(params(known)).append(')');
            out.append(chance(3) ? " -> result<" + name + ", string>" : "").append(";\n");
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            docs();
            out.append(escaped(name())).append(": ").append(chance(2) ? "static " : "");
            signature(known);
        }
        out.append("}\n");
    }

    private void signature(Known known) {
        out.append(chance(4) ? "async " : "")
                .append("func(")
                .append(params(known))
                .append(')');
        out.append(chance(2) ? " -> " + type(known, 0) : "").append(";\n");
    }

    private String params(Known known) {
        List<String> params = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            boolean borrow = chance(4) && !known.resources().isEmpty();
            String type = borrow
                    ? "borrow<"
                            + known.resources()
                                    .get(random.nextInt(known.resources().size())) + ">"
                    : type(known, 0);
            params.add(escaped(name()) + ": " + type);
        }
        return String.join(", ", params);
    }

    private String type(Known known, int depth) {
        int choice = random.nextInt(depth > 3 ? 4 : 14);
        return switch (choice) {
            case 0, 1 -> PRIMITIVES[random.nextInt(PRIMITIVES.length)];
            case 2 ->
                known.types().isEmpty()
                        ? "u8"
                        : known.types().get(random.nextInt(known.types().size()));
            case 3 ->
                known.resources().isEmpty()
                        ? "string"
                        : "own<"
                                + known.resources()
                                        .get(random.nextInt(known.resources().size())) + ">";
            case 4, 5 -> "list<" + type(known, depth + 1) + ">";
            case 6 -> "list<" + type(known, depth + 1) + ", " + (1 + random.nextInt(9)) + ">";
            case 7 -> "option<" + type(known, depth + 1) + ">";
            case 8 -> "tuple<" + type(known, depth + 1) + ", " + type(known, depth + 1) + ">";
            case 9 -> "map<string, " + type(known, depth + 1) + ">";
            case 10 -> "result<_, " + type(known, depth + 1) + ">";
            case 11 -> chance(3) ? "result" : "result<" + type(known, depth + 1) + ", " + type(known, depth + 1) + ">";
            case 12 -> chance(3) ? "stream" : "stream<option<" + type(known, depth + 1) + ">>";
            default -> chance(3) ? "future" : "future<" + type(known, depth + 1) + ">";
        };
    }

    private String world(List<Known> known, List<String> worlds, boolean versioned) {
        docs();
        unstable();
        String name = name();
        out.append("world ").append(escaped(name)).append(" {\n");
        Known own = new Known(name, new ArrayList<>(), new ArrayList<>());
        List<String> imported = new ArrayList<>();
        for (int i = random.nextInt(7); i > 0; i--) {
            Known target = known.get(random.nextInt(known.size()));
            switch (random.nextInt(7)) {
                case 0 -> {
                    if (!imported.contains(target.path())) {
                        imported.add(target.path());
                        gate(versioned);
                        out.append("import ").append(target.path()).append(";\n");
                    }
                }
                case 1 ->
                    out.append("import ")
                            .append(escaped(name()))
                            .append(": ")
                            .append(target.path())
                            .append(";\n");
                case 2 -> use(known, own);
                case 3 -> typeDecl(own, versioned);
                case 4 -> {
                    docs();
                    out.append(chance(2) ? "import " : "export ")
                            .append(escaped(name()))
                            .append(": ");
                    signature(own);
                }
                case 5 -> {
                    docs();
                    out.append(chance(2) ? "import " : "export ")
                            .append(escaped(name()))
                            .append(": interface {\n");
                    body(known, new Known("", new ArrayList<>(), new ArrayList<>()), false);
                    out.append("}\n");
                }
                default ->
                    out.append("export ")
                            .append(escaped(name()))
                            .append(": ")
                            .append(target.path())
                            .append(";\n");
            }
        }
        if (!worlds.isEmpty() && chance(2)) {
            out.append("include ").append(worlds.getFirst()).append(";\n");
        }
        out.append("}\n");
        return escaped(name);
    }

    private void docs() {
        if (chance(3)) {
            out.append(
                    switch (random.nextInt(4)) {
                        case 0 -> "/// One line.\n";
                        case 1 -> "///   - item\n///     more\n///\n/// end \"quoted\" \\ ü\n";
                        case 2 -> "/** block\n     of lines */\n";
                        default -> "// plain\n";
                    });
        }
    }

    private void unstable() {
        out.append(chance(8) ? "@unstable(feature = try-it)\n" : "");
    }

    private void gate(boolean versioned) {
        if (chance(6)) {
            out.append(
                    switch (random.nextInt(3)) {
                        case 0 -> "@unstable(feature = try-it)\n";
                        case 1 -> versioned ? "@since(version = 1.0.0)\n" : "@external-id(\"x\\t\\u{1f600}\")\n";
                        default -> versioned ? "@since(version = 1.2.3)\n@deprecated(version = 1.2.3)\n" : "";
                    });
        }
    }

    /** A name that no other item of the text has. */
    private String name() {
        return WORDS[random.nextInt(WORDS.length)] + (chance(5) ? "-n" : "-N") + names++;
    }

    /** Some names are keywords with a number; a few more get the mark that every name may have. */
    private String escaped(String name) {
        return chance(9) ? "%" + name : name;
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}

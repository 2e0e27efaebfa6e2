package dev.lair.component.wit.print;

import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Prints packages. Interfaces come before worlds, imports before exports, a resource with its functions. */
public final class WitPrinter {
    private final WitText text = new WitText();
    private final Resolved resolved;
    private final PackageName in;
    private boolean anyItems;

    private WitPrinter(Resolved resolved, PackageName in) {
        this.resolved = resolved;
        this.in = in;
    }

    /** One package of a set, as a text of its own. */
    public static String print(Resolved resolved, WitPackage each) {
        WitPrinter printer = new WitPrinter(resolved, each.name());
        printer.text.docs(each.docs());
        printer.text.line("package " + WitText.packageName(each.name()) + ";");
        printer.text.blank();
        printer.items(each, true);
        return printer.text.toString();
    }

    /** The main package, and behind it all others of the set as nested ones. */
    public static String print(Resolved resolved) {
        StringBuilder out = new StringBuilder(print(resolved, resolved.main()));
        List<String> nested = new ArrayList<>();
        for (WitPackage each : resolved.packages()) {
            if (!each.name().equals(resolved.main().name())) {
                WitPrinter printer = new WitPrinter(resolved, each.name());
                printer.text.docs(each.docs());
                printer.text.open("package " + WitText.packageName(each.name()));
                printer.items(each, false);
                printer.text.close();
                nested.add(printer.text.toString());
            }
        }
        return out.append(String.join("\n\n", nested)).toString();
    }

    private void items(WitPackage each, boolean main) {
        for (WitInterface item : each.interfaces()) {
            text.docsAndGates(item.annotations());
            text.open("interface " + WitText.name(((Owner.InterfaceId) item.id()).name()));
            body(item);
            text.close();
            if (main) {
                text.blank();
            }
        }
        for (WitWorld world : each.worlds()) {
            text.docsAndGates(world.annotations());
            text.open("world " + WitText.name(world.name()));
            body(world);
            text.close();
        }
    }

    private void body(WitInterface item) {
        boolean before = anyItems;
        anyItems = false;
        types(item.types(), item.functions());
        for (WitFunction function : item.functions()) {
            if (function.resource() == null) {
                separate();
                text.docsAndGates(function.annotations());
                text.line(WitText.name(function.item()) + ": " + signature(function) + ";");
            }
        }
        anyItems = before;
    }

    private void body(WitWorld world) {
        anyItems = false;
        List<WitTypeDef> types = new ArrayList<>();
        List<WitFunction> functions = new ArrayList<>();
        for (WorldItem item : world.imports()) {
            switch (item) {
                case WitWorld.TypeItem type -> types.add(type.type());
                case WitWorld.FunctionItem function -> functions.add(function.function());
                case WitWorld.InterfaceItem named -> external("import ", named);
                case WitWorld.InlineItem inline -> external("import ", inline);
            }
        }
        types(types, functions);
        for (WorldItem item : world.imports()) {
            if (item instanceof WitWorld.FunctionItem function
                    && function.function().resource() == null) {
                external("import ", item);
            }
        }
        if (!world.exports().isEmpty()) {
            separate();
        }
        world.exports().forEach(item -> external("export ", item));
    }

    /** Imports and exports stand without blank lines between them, but what follows them is set apart. */
    private void external(String direction, WorldItem item) {
        if (item instanceof WitWorld.InterfaceItem labelled && labelled.label() != null) {
            // As wasm-tools does: an interface under another name shows what its declaration says.
            text.docs(resolved.get(labelled.id()).annotations().docs());
        }
        text.docsAndGates(item.annotations());
        switch (item) {
            case WitWorld.InterfaceItem named -> {
                String label = named.label();
                text.line(direction + (label == null ? "" : WitText.name(label) + ": ") + WitText.path(named.id(), in)
                        + ";");
            }
            case WitWorld.InlineItem inline -> {
                text.open(direction + WitText.name(inline.label()) + ": interface");
                body(inline.body());
                text.close();
            }
            case WitWorld.FunctionItem function ->
                text.line(direction + WitText.name(function.key()) + ": " + signature(function.function()) + ";");
            case WitWorld.TypeItem type -> throw new IllegalStateException("types are declared, not imported");
        }
        anyItems = true;
    }

    private void separate() {
        if (anyItems) {
            text.blank();
        }
        anyItems = true;
    }

    private void types(List<WitTypeDef> types, List<WitFunction> functions) {
        Map<TypeName, List<WitFunction>> byResource = new HashMap<>();
        for (WitFunction function : functions) {
            TypeName resource = function.resource();
            if (resource != null) {
                byResource.computeIfAbsent(resource, name -> new ArrayList<>()).add(function);
            }
        }
        uses(types.stream().filter(type -> type.used() != null).toList());
        for (WitTypeDef type : types) {
            if (type.used() == null) {
                separate();
                text.docsAndGates(type.annotations());
                declare(type, byResource.getOrDefault(type.id(), List.of()));
            }
        }
    }

    /** Neighbours from one interface with the same attributes share a line. */
    private void uses(List<WitTypeDef> types) {
        int start = 0;
        while (start < types.size()) {
            WitTypeDef first = types.get(start);
            int end = start + 1;
            while (end < types.size() && together(first, types.get(end))) {
                end++;
            }
            text.gates(first.annotations());
            List<String> names =
                    types.subList(start, end).stream().map(WitPrinter::renamed).toList();
            Owner.InterfaceId from = (Owner.InterfaceId) used(first).owner();
            text.line("use " + WitText.path(from, in) + ".{" + String.join(", ", names) + "};");
            anyItems = true;
            start = end;
        }
    }

    private static boolean together(WitTypeDef first, WitTypeDef other) {
        Annotations a = first.annotations();
        Annotations b = other.annotations();
        return used(first).owner().equals(used(other).owner())
                && a.stability().equals(b.stability())
                && Objects.equals(a.externalId(), b.externalId());
    }

    private static TypeName used(WitTypeDef type) {
        return Objects.requireNonNull(type.used());
    }

    private static String renamed(WitTypeDef type) {
        String from = WitText.name(used(type).name());
        String to = WitText.name(type.name());
        return from.equals(to) ? from : from + " as " + to;
    }

    private void declare(WitTypeDef type, List<WitFunction> own) {
        String name = WitText.name(type.name());
        switch (type.kind()) {
            case WitTypeDef.Alias alias -> text.line("type " + name + " = " + aliased(alias.type()) + ";");
            case WitTypeDef.RecordOf body -> {
                text.open("record " + name);
                body.fields().forEach(field -> {
                    text.docs(field.docs());
                    text.line(WitText.name(field.name()) + ": " + WitText.type(field.type()) + ",");
                });
                text.close();
            }
            case WitTypeDef.Variant body -> {
                text.open("variant " + name);
                body.cases().forEach(each -> {
                    WitType payload = each.type();
                    text.docs(each.docs());
                    text.line(WitText.name(each.name()) + (payload == null ? "" : '(' + WitText.type(payload) + ')')
                            + ",");
                });
                text.close();
            }
            case WitTypeDef.EnumOf body -> labels("enum " + name, body.cases());
            case WitTypeDef.Flags body -> labels("flags " + name, body.flags());
            case WitTypeDef.Resource body -> resource(type, own);
        }
    }

    /** {@code type a = own<r>} is a handle, where {@code type a = r} would be another name of the resource. */
    private static String aliased(WitType type) {
        return type instanceof WitType.Own ? "own<" + WitText.type(type) + '>' : WitText.type(type);
    }

    private void labels(String head, List<WitTypeDef.Label> labels) {
        text.open(head);
        labels.forEach(label -> {
            text.docs(label.docs());
            text.line(WitText.name(label.name()) + ",");
        });
        text.close();
    }

    private void resource(WitTypeDef type, List<WitFunction> own) {
        String head = "resource " + WitText.name(type.name());
        if (own.isEmpty()) {
            text.line(head + ";");
            return;
        }
        text.open(head);
        for (WitFunction function : own) {
            text.docsAndGates(function.annotations());
            String name =
                    switch (function.kind()) {
                        case CONSTRUCTOR -> "";
                        case STATIC -> WitText.name(function.item()) + ": static ";
                        case METHOD, FREESTANDING -> WitText.name(function.item()) + ": ";
                    };
            text.line(name + signature(function) + ";");
        }
        text.close();
    }

    private static String signature(WitFunction function) {
        boolean constructor = function.kind() == WitFunction.Kind.CONSTRUCTOR;
        List<String> params = function.params().stream()
                .skip(function.kind() == WitFunction.Kind.METHOD ? 1 : 0)
                .map(param -> WitText.name(param.name()) + ": " + WitText.type(param.type()))
                .toList();
        WitType result = function.result();
        // A constructor's result goes without saying unless it may fail.
        boolean saysResult = result != null && !(constructor && result instanceof WitType.Own);
        return (function.async() ? "async " : "")
                + (constructor ? "constructor" : "func")
                + '('
                + String.join(", ", params)
                + ')'
                + (saysResult ? " -> " + WitText.type(Objects.requireNonNull(result)) : "");
    }
}

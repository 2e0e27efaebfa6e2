package dev.lair.server.search;

import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.WitModel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a content offers to others: the interfaces and worlds of a WIT package, the exports of a component. Names and docs of
 * what a component only imports are others', and are left out.
 */
record Offer(
        List<InterfaceName> interfaces,
        List<InterfaceName> worlds,
        List<InterfaceName> exports,
        List<InterfaceName> imports,
        Set<String> items,
        String docs) {

    static final Offer NOTHING = new Offer(List.of(), List.of(), List.of(), List.of(), Set.of(), "");

    static Offer of(ContentFacts facts) {
        return facts.kind().equals(ContentFacts.WIT_PACKAGE) ? ofPackage(facts) : ofBinary(facts);
    }

    private static Offer ofPackage(ContentFacts facts) {
        Reading reading = new Reading();
        List<InterfaceName> interfaces;
        List<InterfaceName> worlds;
        WitModel.Package main = main(facts);
        if (main != null) {
            reading.docs(main.docs());
            main.interfaces().forEach(reading::read);
            main.worlds().forEach(reading::read);
            interfaces = main.interfaces().stream()
                    .map(each -> InterfaceName.of(each.name()))
                    .toList();
            worlds = main.worlds().stream()
                    .map(each -> InterfaceName.of(each.name()))
                    .toList();
        } else {
            String name = facts.packageName();
            interfaces = facts.interfaces().stream()
                    .map(each -> qualified(name, each.name(), facts.packageVersion()))
                    .toList();
            worlds = facts.worlds().stream()
                    .map(each -> qualified(name, each.name(), facts.packageVersion()))
                    .toList();
            facts.interfaces().forEach(each -> reading.docs(each.docs()));
            facts.worlds().forEach(each -> reading.docs(each.docs()));
        }
        return new Offer(interfaces, worlds, List.of(), List.of(), reading.items, reading.docs.toString());
    }

    private static InterfaceName qualified(@Nullable String packageName, String item, @Nullable String version) {
        if (packageName == null || item.indexOf(':') >= 0) {
            return InterfaceName.of(item);
        }
        return InterfaceName.of(packageName + "/" + item + (version == null ? "" : "@" + version));
    }

    private static Offer ofBinary(ContentFacts facts) {
        List<InterfaceName> exports = externs(facts.exports());
        List<InterfaceName> imports = externs(facts.imports());
        Reading reading = new Reading();
        if (facts.kind().equals(ContentFacts.COMPONENT)) {
            readExports(facts, reading);
        }
        boolean isComponent = facts.kind().equals(ContentFacts.COMPONENT);
        // What a core module imports and exports are names of functions, which say little, and of memories.
        return new Offer(
                isComponent
                        ? exports.stream()
                                .filter(each -> !each.packageName().isEmpty())
                                .toList()
                        : List.of(),
                List.of(),
                exports,
                imports,
                reading.items,
                reading.docs.toString());
    }

    private static void readExports(ContentFacts facts, Reading reading) {
        Set<String> exported =
                facts.exports().stream().map(ContentFacts.Extern::name).collect(Collectors.toSet());
        facts.exports().stream()
                .filter(each -> each.name().indexOf(':') < 0)
                .forEach(each -> reading.item(each.name()));
        ContentFacts.Wit wit = facts.wit();
        if (wit == null) {
            return;
        }
        for (WitModel.Package each : wit.model().packages()) {
            each.interfaces().stream()
                    .filter(one -> exported.contains(one.name()))
                    .forEach(reading::read);
            if (each.name().equals(wit.model().main())) {
                each.worlds().forEach(world -> {
                    reading.docs(world.docs());
                    world.exports().forEach(reading::read);
                });
            }
        }
    }

    private static WitModel.@Nullable Package main(ContentFacts facts) {
        ContentFacts.Wit wit = facts.wit();
        return wit == null
                ? null
                : wit.model().packages().stream()
                        .filter(each -> each.name().equals(wit.model().main()))
                        .findFirst()
                        .orElse(null);
    }

    private static List<InterfaceName> externs(List<ContentFacts.Extern> externs) {
        return externs.stream()
                .limit(SearchLimits.NAMES_OF_PACKAGE)
                .map(each -> InterfaceName.of(each.name()))
                .toList();
    }

    /** Gathers names and docs, as much as is indexed of one package. */
    private static final class Reading {

        private final Set<String> items = new LinkedHashSet<>();
        private final StringBuilder docs = new StringBuilder();

        void item(String name) {
            if (items.size() < SearchLimits.NAMES_OF_PACKAGE) {
                items.add(name);
            }
        }

        void docs(@Nullable String text) {
            if (text != null && docs.length() < SearchLimits.TEXT_CHARACTERS) {
                docs.append(text).append("\n\n");
            }
        }

        void read(WitModel.Interface each) {
            docs(each.docs());
            each.types().forEach(this::read);
            each.functions().forEach(this::read);
        }

        void read(WitModel.World world) {
            docs(world.docs());
            List<WitModel.Item> all = new ArrayList<>(world.imports());
            all.addAll(world.exports());
            all.forEach(this::read);
        }

        void read(WitModel.Item item) {
            docs(item.docs());
            ifThere(item.body(), this::read);
            ifThere(item.function(), this::read);
            ifThere(item.type(), this::read);
        }

        private void read(WitModel.TypeDef type) {
            item(type.name());
            docs(type.docs());
            docs(type.fields());
            docs(type.cases());
            docs(type.flags());
        }

        private void docs(@Nullable List<WitModel.Member> members) {
            if (members != null) {
                members.forEach(member -> docs(member.docs()));
            }
        }

        private void read(WitModel.Function function) {
            item(function.name());
            docs(function.docs());
        }

        private static <T> void ifThere(@Nullable T value, Consumer<T> use) {
            if (value != null) {
                use.accept(value);
            }
        }
    }
}

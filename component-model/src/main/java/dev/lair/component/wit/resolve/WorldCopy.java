package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Primitive;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.WitWorld;
import dev.lair.component.wit.WitWorld.WorldItem;
import dev.lair.component.wit.syntax.WitTree.Ident;
import dev.lair.component.wit.syntax.WitTree.Renamed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Items of a world as a world that includes it has them: types and inline interfaces belong to the new world, labels
 * are renamed as {@code with} says. {@code @since} names versions of the included world's package, so it is dropped in
 * another package.
 */
final class WorldCopy {
    private final Owner.WorldId from;
    private final Owner.WorldId to;
    private final List<Renamed> renames;
    private final Map<String, String> newNames = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private final boolean otherPackage;

    WorldCopy(WitWorld world, Owner.WorldId to, List<Renamed> renames) {
        this.from = world.id();
        this.to = to;
        this.renames = renames;
        this.otherPackage = !from.packageName().equals(to.packageName());
        renames.forEach(rename ->
                newNames.putIfAbsent(rename.name().name(), rename.local().name()));
    }

    /** How many names and types a copy of a world holds. */
    static long parts(WitWorld world) {
        long parts = 0;
        for (List<WorldItem> items : List.of(world.imports(), world.exports())) {
            for (WorldItem item : items) {
                parts += switch (item) {
                    case WitWorld.InterfaceItem named -> 1;
                    case WitWorld.InlineItem inline ->
                        1
                                + inline.body().types().stream()
                                        .mapToLong(WorldCopy::parts)
                                        .sum()
                                + inline.body().functions().stream()
                                        .mapToLong(WorldCopy::parts)
                                        .sum();
                    case WitWorld.FunctionItem function -> parts(function.function());
                    case WitWorld.TypeItem type -> parts(type.type());
                };
            }
        }
        return parts;
    }

    private static long parts(WitFunction function) {
        long parts = 1 + parts(function.result());
        for (WitFunction.Param param : function.params()) {
            parts += 1 + parts(param.type());
        }
        return parts;
    }

    private static long parts(WitTypeDef def) {
        return 1
                + switch (def.kind()) {
                    case WitTypeDef.Alias alias -> parts(alias.type());
                    case WitTypeDef.RecordOf body ->
                        body.fields().stream()
                                .mapToLong(f -> 1 + parts(f.type()))
                                .sum();
                    case WitTypeDef.Variant body ->
                        body.cases().stream()
                                .mapToLong(c -> 1 + parts(c.type()))
                                .sum();
                    case WitTypeDef.EnumOf body -> body.cases().size();
                    case WitTypeDef.Flags body -> body.flags().size();
                    case WitTypeDef.Resource body -> 0;
                };
    }

    private static long parts(@Nullable WitType type) {
        return type == null
                ? 0
                : 1 + type.parts().stream().mapToLong(WorldCopy::parts).sum();
    }

    WorldItem copy(WorldItem item) {
        return switch (item) {
            case WitWorld.InterfaceItem named -> {
                String label = named.label();
                yield new WitWorld.InterfaceItem(
                        named.id(), label == null ? null : renamed(label), annotations(named.annotations()));
            }
            case WitWorld.InlineItem inline -> {
                Owner.InlineId owner = (Owner.InlineId) owner(inline.body().id());
                yield new WitWorld.InlineItem(
                        renamed(inline.label()),
                        new WitInterface(
                                owner,
                                inline.body().types().stream()
                                        .map(this::typeDef)
                                        .toList(),
                                inline.body().functions().stream()
                                        .map(f -> function(f, f.item()))
                                        .toList(),
                                annotations(inline.body().annotations())));
            }
            case WitWorld.FunctionItem function -> {
                WitFunction f = function.function();
                yield new WitWorld.FunctionItem(function(f, f.resource() == null ? renamed(f.item()) : f.item()));
            }
            case WitWorld.TypeItem type -> {
                renamed(type.type().name());
                yield new WitWorld.TypeItem(typeDef(type.type()));
            }
        };
    }

    /** The first rename that no item had. */
    @Nullable
    Ident unusedRename() {
        return renames.stream()
                .map(Renamed::name)
                .filter(name -> !used.contains(name.name()))
                .findFirst()
                .orElse(null);
    }

    private String renamed(String label) {
        String other = newNames.get(label);
        if (other == null) {
            return label;
        }
        used.add(label);
        return other;
    }

    private Owner owner(Owner owner) {
        if (owner.equals(from)) {
            return to;
        }
        if (owner instanceof Owner.InlineId inline && inline.world().equals(from)) {
            return new Owner.InlineId(to, inline.export(), newNames.getOrDefault(inline.label(), inline.label()));
        }
        return owner;
    }

    private TypeName name(TypeName name) {
        String own = name.owner().equals(from) ? newNames.getOrDefault(name.name(), name.name()) : name.name();
        return new TypeName(owner(name.owner()), own);
    }

    private Annotations annotations(Annotations annotations) {
        return otherPackage && annotations.stability() instanceof Stability.Stable
                ? annotations.withStability(Stability.unknown())
                : annotations;
    }

    private WitFunction function(WitFunction f, String item) {
        TypeName resource = f.resource();
        WitType result = f.result();
        return new WitFunction(
                item,
                f.kind(),
                resource == null ? null : name(resource),
                f.async(),
                f.params().stream()
                        .map(p -> new WitFunction.Param(p.name(), type(p.type()), p.place()))
                        .toList(),
                result == null ? null : type(result),
                annotations(f.annotations()));
    }

    private WitTypeDef typeDef(WitTypeDef def) {
        WitTypeDef.Kind kind =
                switch (def.kind()) {
                    case WitTypeDef.Alias alias -> new WitTypeDef.Alias(type(alias.type()));
                    case WitTypeDef.RecordOf body ->
                        new WitTypeDef.RecordOf(body.fields().stream()
                                .map(f -> new WitTypeDef.Field(f.name(), type(f.type()), f.docs(), f.place()))
                                .toList());
                    case WitTypeDef.Variant body ->
                        new WitTypeDef.Variant(body.cases().stream()
                                .map(c -> new WitTypeDef.Case(c.name(), optional(c.type()), c.docs(), c.place()))
                                .toList());
                    case WitTypeDef.EnumOf plain -> plain;
                    case WitTypeDef.Flags plain -> plain;
                    case WitTypeDef.Resource plain -> plain;
                };
        return new WitTypeDef(name(def.id()), kind, annotations(def.annotations()));
    }

    private @Nullable WitType optional(@Nullable WitType type) {
        return type == null ? null : type(type);
    }

    private WitType type(WitType type) {
        return switch (type) {
            case Primitive primitive -> primitive;
            case WitType.Named named -> new WitType.Named(name(named.name()));
            case WitType.Own own -> new WitType.Own(name(own.resource()));
            case WitType.Borrow borrow -> new WitType.Borrow(name(borrow.resource()));
            case WitType.ListOf list -> new WitType.ListOf(type(list.element()));
            case WitType.FixedList list -> new WitType.FixedList(type(list.element()), list.length());
            case WitType.MapOf map -> new WitType.MapOf(type(map.key()), type(map.value()));
            case WitType.Tuple tuple ->
                new WitType.Tuple(tuple.types().stream().map(this::type).toList());
            case WitType.Option option -> new WitType.Option(type(option.some()));
            case WitType.Result result -> new WitType.Result(optional(result.ok()), optional(result.err()));
            case WitType.Future future -> new WitType.Future(optional(future.payload()));
            case WitType.Stream stream -> new WitType.Stream(optional(stream.payload()));
        };
    }
}

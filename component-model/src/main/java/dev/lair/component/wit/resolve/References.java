package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.syntax.WitTree.Case;
import dev.lair.component.wit.syntax.WitTree.Field;
import dev.lair.component.wit.syntax.WitTree.Ident;
import dev.lair.component.wit.syntax.WitTree.TypeBody;
import dev.lair.component.wit.syntax.WitTree.TypeExpr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What syntax refers to, and the errors about references. */
final class References {
    private References() {}

    /** The names that must be defined before a type; functions of a resource may come later. */
    static void collect(TypeBody body, List<Ident> into) {
        switch (body) {
            case TypeBody.Alias alias -> collect(alias.type(), into);
            case TypeBody.RecordOf fields -> {
                for (Field field : fields.fields()) {
                    collect(field.type(), into);
                }
            }
            case TypeBody.Variant variant -> {
                for (Case each : variant.cases()) {
                    collect(each.type(), into);
                }
            }
            case TypeBody.EnumOf plain -> {}
            case TypeBody.Flags plain -> {}
            case TypeBody.Resource plain -> {}
        }
    }

    private static void collect(@Nullable TypeExpr type, List<Ident> into) {
        switch (type) {
            case null -> {}
            case TypeExpr.Plain plain -> {}
            case TypeExpr.Named named -> into.add(named.id());
            case TypeExpr.ListOf list -> collect(list.element(), into);
            case TypeExpr.FixedList list -> collect(list.element(), into);
            case TypeExpr.MapOf map -> {
                collect(map.key(), into);
                collect(map.value(), into);
            }
            case TypeExpr.Tuple tuple -> tuple.types().forEach(each -> collect(each, into));
            case TypeExpr.Option option -> collect(option.some(), into);
            case TypeExpr.Result result -> {
                collect(result.ok(), into);
                collect(result.err(), into);
            }
            case TypeExpr.Future future -> collect(future.payload(), into);
            case TypeExpr.Stream stream -> collect(stream.payload(), into);
            case TypeExpr.Own own -> into.add(own.resource());
            case TypeExpr.Borrow borrow -> into.add(borrow.resource());
        }
    }

    static WitResolveException missingInterface(Owner.InterfaceId id, Place place) {
        return new WitResolveException(
                "interface '" + id.name() + "' not found in package '" + id.packageName() + "'", place);
    }

    static WitResolveException missingWorld(Owner.WorldId id, Place place) {
        return new WitResolveException(
                "world '" + id.name() + "' not found in package '" + id.packageName() + "'", place);
    }

    static WitResolveException excluded(String what, Place place) {
        return new WitResolveException(
                "found a reference to " + what + " which is excluded due to its feature not being activated", place);
    }
}

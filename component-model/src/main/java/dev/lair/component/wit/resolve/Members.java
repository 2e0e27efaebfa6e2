package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Place;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.syntax.WitTree.Case;
import dev.lair.component.wit.syntax.WitTree.Field;
import dev.lair.component.wit.syntax.WitTree.Ident;
import dev.lair.component.wit.syntax.WitTree.Label;
import dev.lair.component.wit.syntax.WitTree.TypeBody;
import dev.lair.component.wit.syntax.WitTree.TypeExpr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Fields, cases and flags: names are unique without regard to case, as the component model compares them. */
final class Members {
    private final TypeScope scope;
    private final boolean included;
    private final Set<String> seen = new HashSet<>();

    Members(TypeScope scope, boolean included) {
        this.scope = scope;
        this.included = included;
    }

    WitTypeDef.RecordOf record(TypeBody.RecordOf body) throws WitResolveException {
        List<WitTypeDef.Field> fields = new ArrayList<>();
        for (Field field : body.fields()) {
            Place place = enter("field", field.id());
            fields.add(new WitTypeDef.Field(
                    field.id().name(),
                    scope.type(field.type(), included ? place : null),
                    field.docs().text(),
                    place));
        }
        return new WitTypeDef.RecordOf(fields);
    }

    WitTypeDef.Variant variant(TypeBody.Variant body, Ident id) throws WitResolveException {
        if (body.cases().isEmpty()) {
            throw new WitResolveException("empty variant", id.place());
        }
        List<WitTypeDef.Case> cases = new ArrayList<>();
        for (Case each : body.cases()) {
            Place place = enter("case", each.id());
            TypeExpr payload = each.type();
            cases.add(new WitTypeDef.Case(
                    each.id().name(),
                    payload == null ? null : scope.type(payload, included ? place : null),
                    each.docs().text(),
                    place));
        }
        return new WitTypeDef.Variant(cases);
    }

    WitTypeDef.EnumOf enumeration(TypeBody.EnumOf body, Ident id) throws WitResolveException {
        if (body.cases().isEmpty()) {
            throw new WitResolveException("empty enum", id.place());
        }
        return new WitTypeDef.EnumOf(labels("case", body.cases()));
    }

    WitTypeDef.Flags flags(TypeBody.Flags body) throws WitResolveException {
        return new WitTypeDef.Flags(labels("flag", body.flags()));
    }

    private List<WitTypeDef.Label> labels(String what, List<Label> labels) throws WitResolveException {
        List<WitTypeDef.Label> resolved = new ArrayList<>();
        for (Label label : labels) {
            Place place = enter(what, label.id());
            resolved.add(new WitTypeDef.Label(label.id().name(), label.docs().text(), place));
        }
        return resolved;
    }

    private Place enter(String what, Ident id) throws WitResolveException {
        if (!seen.add(id.name().toLowerCase(Locale.ROOT))) {
            throw new WitResolveException(what + " `" + id.name() + "` is defined more than once", id.place());
        }
        return id.place();
    }
}

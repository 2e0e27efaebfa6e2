package dev.lair.component.wit.resolve;

import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.syntax.WitTree.FunctionDecl;
import dev.lair.component.wit.syntax.WitTree.Param;
import dev.lair.component.wit.syntax.WitTree.TypeExpr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A function with its types: {@code self} for methods, the resource as the result of its constructor. */
final class FunctionBuilder {
    private final ResolveState state;
    private final TypeScope scope;
    private final PackageName in;

    FunctionBuilder(ResolveState state, TypeScope scope, PackageName in) {
        this.state = state;
        this.scope = scope;
        this.in = in;
    }

    /** The function; null when a gate leaves it out. */
    @Nullable
    WitFunction build(FunctionDecl decl, WitFunction.Kind kind, @Nullable TypeName resource)
            throws WitResolveException {
        Gates gates = Gates.of(decl.gates());
        Place place = decl.id().place();
        boolean included = gates.include(state.features, in, place) && scope.isActive();
        Place user = included ? place : null;
        if (included && resource != null && scope.isExcluded(resource)) {
            throw References.excluded("a type", place);
        }
        List<WitFunction.Param> params = new ArrayList<>();
        Set<String> names = new HashSet<>();
        if (kind == WitFunction.Kind.METHOD && resource != null) {
            names.add("self");
            params.add(new WitFunction.Param("self", new WitType.Borrow(resource), place));
        }
        for (Param param : decl.function().params()) {
            if (!names.add(param.id().name().toLowerCase(Locale.ROOT))) {
                throw new WitResolveException(
                        "param `" + param.id().name() + "` is defined more than once",
                        param.id().place());
            }
            params.add(new WitFunction.Param(
                    param.id().name(),
                    scope.type(param.type(), user),
                    param.id().place()));
        }
        WitType result = result(decl, kind, resource, user);
        WitFunction function = new WitFunction(
                decl.id().name(),
                kind,
                resource,
                decl.function().async(),
                params,
                result,
                gates.annotations(decl.docs(), place));
        if (result != null && state.holdsBorrow(result)) {
            throw new WitResolveException(
                    "function `" + function.name()
                            + "` returns a type which contains a `borrow<T>` which is not supported",
                    place);
        }
        return included ? function : null;
    }

    private @Nullable WitType result(
            FunctionDecl decl, WitFunction.Kind kind, @Nullable TypeName resource, @Nullable Place user)
            throws WitResolveException {
        TypeExpr written = decl.function().result();
        if (kind != WitFunction.Kind.CONSTRUCTOR || resource == null) {
            return written == null ? null : scope.type(written, user);
        }
        WitType own = new WitType.Own(resource);
        if (written == null) {
            return own;
        }
        if (!(written instanceof TypeExpr.Result result)) {
            throw new WitResolveException(
                    "if a constructor return type is declared it must be a `result`", written.place());
        }
        WitType resolved = scope.type(written, user);
        if (!(resolved instanceof WitType.Result(WitType ok, WitType err)) || !own.equals(ok)) {
            TypeExpr ok1 = result.ok();
            throw new WitResolveException(
                    "the `ok` type must be the resource being constructed",
                    ok1 == null ? written.place() : ok1.place());
        }
        return resolved;
    }
}

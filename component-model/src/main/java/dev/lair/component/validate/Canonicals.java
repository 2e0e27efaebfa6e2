package dev.lair.component.validate;

import dev.lair.component.binary.Canon;
import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.CoreTypeDef;
import dev.lair.component.binary.CoreValType;
import dev.lair.component.binary.CoreValType.Plain;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.UncheckedComponentException;
import dev.lair.component.types.FuncType;
import dev.lair.component.types.TypeException;
import dev.lair.component.types.ValType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lifting and lowering of functions (Explainer.md, "Canonical Definitions"; CanonicalABI.md, canon lift and
 * lower).
 */
final class Canonicals {
    private static final int PARAMS = 16;
    private static final int ASYNC_PARAMS = 4;
    private static final int RESULTS = 1;

    private final Pass pass;
    private final Builtins builtins;

    Canonicals(Pass pass, TypeBuilder types) {
        this.pass = pass;
        this.builtins = new Builtins(pass, types, this);
    }

    void canon(Scope scope, Canon canon) throws InvalidComponentException, UncheckedComponentException, TypeException {
        switch (canon) {
            case Canon.Lift lift -> lift(scope, lift);
            case Canon.Lower lower -> lower(scope, lower);
            case Canon.Builtin builtin -> builtins.builtin(scope, builtin);
        }
    }

    private void lift(Scope scope, Canon.Lift lift)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        FuncType type = scope.funcType(lift.type());
        CoreTypeDef.Func core = pass.coreTypes.funcAt(scope.coreFunc(lift.coreFunc()));
        CanonOptions options = CanonOptions.read(scope, pass, lift.options());
        if (options.isAsync() && options.callback() == null) {
            pass.require(Feature.ASYNC_STACKFUL, "lifting with `async` and without `callback`");
        }
        if (options.isAsync() && !type.isAsync()) {
            throw pass.invalid("the `async` canonical option requires an async function type");
        }
        if (options.coreType() != null) {
            throw pass.invalid("canonical option `core-type` is not allowed in `canon lift`");
        }
        if (options.gc()) {
            if (core == null) {
                throw pass.invalid("core function " + lift.coreFunc() + " has no function type");
            }
            new GcLowering(pass, options.encoding()).func(type, core);
            scope.push(scope.funcs, type, ComponentLimits.FUNCTIONS, "functions");
            return;
        }
        Flattening flattening = new Flattening(pass.work, options.pointer());
        List<ValType> paramTypes = types(type);
        List<Plain> params = flattening.flatten(paramTypes, PARAMS);
        options.requireRealloc(pass, params == null || pointers(paramTypes));
        ValType result = type.result();
        List<ValType> resultTypes = result == null ? List.of() : List.of(result);
        List<Plain> results = flattening.flatten(resultTypes, options.isAsync() ? PARAMS : RESULTS);
        options.requireMemory(pass, results == null || pointers(resultTypes));
        List<Plain> expectedParams = params == null ? List.of(options.pointer()) : params;
        List<Plain> expectedResults;
        if (options.isAsync()) {
            expectedResults = options.callback() == null ? List.of() : List.of(Plain.I32);
        } else {
            expectedResults = results == null ? List.of(options.pointer()) : results;
        }
        if (core == null || !core.params().equals(expectedParams)) {
            throw pass.invalid("lowered parameter types `" + expectedParams + "` do not match parameter types `"
                    + (core == null ? "none" : core.params()) + "` of core function " + lift.coreFunc());
        }
        if (!core.results().equals(expectedResults)) {
            throw pass.invalid("lowered result types `" + expectedResults + "` do not match result types `"
                    + core.results() + "` of core function " + lift.coreFunc());
        }
        postReturn(scope, options, core);
        scope.push(scope.funcs, type, ComponentLimits.FUNCTIONS, "functions");
    }

    private void postReturn(Scope scope, CanonOptions options, CoreTypeDef.Func lifted)
            throws InvalidComponentException {
        Integer index = options.postReturn();
        if (index == null) {
            return;
        }
        CoreTypeDef.Func type = pass.coreTypes.funcAt(scope.coreFunc(index));
        if (type == null
                || !type.params().equals(lifted.results())
                || !type.results().isEmpty()) {
            throw pass.invalid("canonical option `post-return` uses a core function with an incorrect signature");
        }
    }

    private void lower(Scope scope, Canon.Lower lower)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        FuncType type = scope.func(lower.func());
        CanonOptions options = CanonOptions.read(scope, pass, lower.options());
        options.checkLowering(pass);
        if (options.gc()) {
            lowerToObjects(scope, type, options);
            return;
        }
        Flattening flattening = new Flattening(pass.work, options.pointer());
        List<ValType> paramTypes = types(type);
        List<CoreValType> params =
                spilled(flattening.flatten(paramTypes, options.isAsync() ? ASYNC_PARAMS : PARAMS), options, paramTypes);
        ValType result = type.result();
        List<ValType> resultTypes = result == null ? List.of() : List.of(result);
        List<Plain> results = flattening.flatten(resultTypes, RESULTS);
        boolean indirect = options.isAsync() ? result != null : results == null;
        options.requireMemory(pass, indirect);
        options.requireRealloc(pass, pointers(resultTypes));
        if (indirect) {
            params.add(options.pointer());
        }
        List<CoreValType> coreResults;
        if (options.isAsync()) {
            coreResults = List.of(Plain.I32);
        } else {
            coreResults = indirect || results == null ? List.of() : List.copyOf(results);
        }
        scope.pushCoreFunc(declared(options, pass.coreTypes.func(List.copyOf(params), coreResults)));
    }

    private void lowerToObjects(Scope scope, FuncType type, CanonOptions options)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        Integer coreType = options.coreType();
        CoreTypeDef.Func core = coreType == null ? null : pass.coreTypes.funcAt(coreType);
        if (coreType == null || core == null) {
            throw pass.invalid("canonical option `core-type` is required");
        }
        new GcLowering(pass, options.encoding()).func(type, core);
        scope.pushCoreFunc(coreType);
    }

    /** The type that {@code core-type} declares, if it is the one that the function has. */
    private int declared(CanonOptions options, int actual) throws InvalidComponentException {
        Integer coreType = options.coreType();
        if (coreType == null || coreType == actual) {
            return actual;
        }
        CoreTypeDef.Func declared = pass.coreTypes.funcAt(coreType);
        CoreTypeDef.Func func = pass.coreTypes.funcAt(actual);
        if (declared == null || func == null || !declared.equals(func)) {
            throw pass.invalid("the declared core type is not that of the lowered function");
        }
        return coreType;
    }

    /** Core parameters for values that the core code gives: as they are, or one pointer. */
    List<CoreValType> spilled(@Nullable List<Plain> flat, CanonOptions options, List<ValType> types)
            throws InvalidComponentException {
        options.requireMemory(pass, flat == null || pointers(types));
        List<CoreValType> params = new ArrayList<>();
        if (flat == null) {
            params.add(options.pointer());
        } else {
            params.addAll(flat);
        }
        return params;
    }

    /** How the result of a task is returned: like parameters of a lowered function. */
    List<CoreValType> returned(@Nullable ValType result, CanonOptions options)
            throws InvalidComponentException, TypeException {
        List<ValType> types = result == null ? List.of() : List.of(result);
        return spilled(new Flattening(pass.work, options.pointer()).flatten(types, PARAMS), options, types);
    }

    private static List<ValType> types(FuncType type) {
        List<ValType> types = new ArrayList<>(type.params().size());
        type.params().forEach(param -> types.add(param.type()));
        return types;
    }

    private static boolean pointers(List<ValType> types) {
        return types.stream().anyMatch(type -> type.measure().pointers());
    }
}

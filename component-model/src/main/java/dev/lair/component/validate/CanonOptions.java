package dev.lair.component.validate;

import dev.lair.component.binary.CanonOption;
import dev.lair.component.binary.CoreExtern;
import dev.lair.component.binary.CoreTypeDef;
import dev.lair.component.binary.CoreValType.Plain;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.UncheckedComponentException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of one canonical definition (Explainer.md, canonopt; CanonicalABI.md, canonopt validation).
 *
 * @param pointer the type of addresses in the memory
 * @param postReturn index of a core function, or null; so are the others
 */
record CanonOptions(
        CanonOption.@Nullable Encoding encoding,
        boolean memory,
        Plain pointer,
        boolean realloc,
        @Nullable Integer postReturn,
        boolean isAsync,
        @Nullable Integer callback,
        boolean gc,
        @Nullable Integer coreType) {

    static CanonOptions read(Scope scope, Pass pass, List<CanonOption> options)
            throws InvalidComponentException, UncheckedComponentException {
        CanonOption.Encoding encoding = null;
        CoreExtern.Memory memory = null;
        Integer realloc = null;
        Integer postReturn = null;
        boolean isAsync = false;
        Integer callback = null;
        boolean gc = false;
        Integer coreType = null;
        for (CanonOption option : options) {
            switch (option) {
                case CanonOption.Encoding o -> {
                    if (encoding != null) {
                        throw pass.invalid("canonical encoding option `" + encoding.label()
                                + "` conflicts with option `" + o.label() + "`");
                    }
                    encoding = o;
                }
                case CanonOption.Memory o -> {
                    once(pass, memory != null, "memory");
                    memory = memory(scope, pass, o.index());
                }
                case CanonOption.Realloc o -> {
                    once(pass, realloc != null, "realloc");
                    realloc = o.func();
                    scope.coreFunc(realloc);
                }
                case CanonOption.PostReturn o -> {
                    once(pass, postReturn != null, "post-return");
                    postReturn = o.func();
                    scope.coreFunc(postReturn);
                }
                case CanonOption.Async o -> {
                    once(pass, isAsync, "async");
                    pass.require(Feature.ASYNC, "the option `async`");
                    isAsync = true;
                }
                case CanonOption.Callback o -> {
                    once(pass, callback != null, "callback");
                    pass.require(Feature.ASYNC, "the option `callback`");
                    callback = o.func();
                    scope.coreFunc(callback);
                }
                case CanonOption.CoreType o -> {
                    once(pass, coreType != null, "core-type");
                    pass.require(Feature.GC_OPTIONS, "the option `core-type`");
                    coreType = scope.coreSubType(o.type());
                    if (pass.coreTypes.funcAt(coreType) == null) {
                        throw pass.invalid("canonical option `core-type` must be a core function type");
                    }
                }
                case CanonOption.Gc o -> {
                    once(pass, gc, "gc");
                    pass.require(Feature.GC_OPTIONS, "the option `gc`");
                    gc = true;
                }
            }
        }
        Plain pointer = memory != null && memory.bounds().is64() ? Plain.I64 : Plain.I32;
        if (realloc != null) {
            realloc(scope, pass, realloc, memory != null, pointer);
        }
        if (callback != null && !isAsync) {
            throw pass.invalid("cannot specify callback without async");
        }
        if (callback != null) {
            callback(scope, pass, callback);
        }
        if (postReturn != null && isAsync) {
            throw pass.invalid("cannot specify post-return function in async");
        }
        if (gc && (memory != null || realloc != null || isAsync || postReturn != null)) {
            throw new UncheckedComponentException("canonical option `gc` with others", pass.offset());
        }
        return new CanonOptions(
                encoding, memory != null, pointer, realloc != null, postReturn, isAsync, callback, gc, coreType);
    }

    private static void once(Pass pass, boolean given, String what) throws InvalidComponentException {
        if (given) {
            throw pass.invalid("canonical option `" + what + "` is specified more than once");
        }
    }

    /** A memory that the canonical ABI can use. */
    static CoreExtern.Memory memory(Scope scope, Pass pass, int index) throws InvalidComponentException {
        CoreExtern.Memory memory = scope.coreMemory(index);
        if (memory.bounds().shared()) {
            throw pass.invalid("canonical option `memory`: mismatch in the shared flag for memories");
        }
        if (memory.bounds().is64()) {
            pass.require(Feature.MEMORY64, "a 64-bit memory");
        }
        return memory;
    }

    private static void realloc(Scope scope, Pass pass, int index, boolean memory, Plain pointer)
            throws InvalidComponentException {
        if (!memory) {
            throw pass.invalid("canonical option `realloc` requires `memory` to also be specified");
        }
        CoreTypeDef.Func type = pass.coreTypes.funcAt(scope.coreFunc(index));
        if (type == null
                || !type.params().equals(List.of(pointer, pointer, pointer, pointer))
                || !type.results().equals(List.of(pointer))) {
            throw pass.invalid("canonical option `realloc` uses a core function with an incorrect signature");
        }
    }

    private static void callback(Scope scope, Pass pass, int index) throws InvalidComponentException {
        CoreTypeDef.Func type = pass.coreTypes.funcAt(scope.coreFunc(index));
        if (type == null
                || !type.params().equals(List.of(Plain.I32, Plain.I32, Plain.I32))
                || !type.results().equals(List.of(Plain.I32))) {
            throw pass.invalid("canonical option `callback` uses a core function with an incorrect signature");
        }
    }

    void requireMemory(Pass pass, boolean when) throws InvalidComponentException {
        if (when && !memory) {
            throw pass.invalid("canonical option `memory` is required");
        }
    }

    void requireRealloc(Pass pass, boolean when) throws InvalidComponentException {
        requireMemory(pass, when);
        if (when && !realloc) {
            throw pass.invalid("canonical option `realloc` is required");
        }
    }

    /** Refuses what only makes sense for a function that is lifted. */
    void checkLowering(Pass pass) throws InvalidComponentException {
        if (postReturn != null) {
            throw pass.invalid("canonical option `post-return` cannot be specified for lowerings");
        }
        if (callback != null) {
            throw pass.invalid("canonical option `callback` cannot be specified for lowerings");
        }
        if (gc && coreType == null) {
            throw pass.invalid("cannot specify `gc` without also specifying a `core-type` for lowerings");
        }
    }
}

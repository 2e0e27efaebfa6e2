package dev.lair.component.validate;

import dev.lair.component.binary.BuiltinOp;
import dev.lair.component.binary.Canon;
import dev.lair.component.binary.CoreExtern;
import dev.lair.component.binary.CoreTypeDef;
import dev.lair.component.binary.CoreValType;
import dev.lair.component.binary.CoreValType.Plain;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.UncheckedComponentException;
import dev.lair.component.types.Shape;
import dev.lair.component.types.TypeException;
import dev.lair.component.types.ValType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Built-in functions: their conditions and core types (CanonicalABI.md, "Canonical Definitions"). */
final class Builtins {
    private static final List<CoreValType> NONE = List.of();
    private static final List<CoreValType> ONE = List.of(Plain.I32);

    private final Pass pass;
    private final TypeBuilder types;
    private final Canonicals canonicals;

    Builtins(Pass pass, TypeBuilder types, Canonicals canonicals) {
        this.pass = pass;
        this.types = types;
        this.canonicals = canonicals;
    }

    void builtin(Scope scope, Canon.Builtin builtin)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        gate(builtin);
        BuiltinOp op = builtin.op();
        int index = builtin.index();
        switch (op) {
            case RESOURCE_NEW -> push(scope, List.of(scope.localResource(index)), ONE);
            case RESOURCE_REP -> push(scope, ONE, List.of(scope.localResource(index)));
            case RESOURCE_DROP -> {
                scope.resource(index);
                push(scope, ONE, NONE);
            }
            case TASK_CANCEL, BACKPRESSURE_INC, BACKPRESSURE_DEC -> push(scope, NONE, NONE);
            case TASK_RETURN -> taskReturn(scope, builtin);
            case SUBTASK_CANCEL -> push(scope, ONE, ONE);
            case SUBTASK_DROP, WAITABLE_SET_DROP, ERROR_CONTEXT_DROP, THREAD_RESUME_LATER -> push(scope, ONE, NONE);
            case CONTEXT_GET -> push(scope, NONE, List.of(slot(builtin)));
            case CONTEXT_SET -> push(scope, List.of(slot(builtin)), NONE);
            case STREAM_NEW, FUTURE_NEW -> {
                payload(scope, builtin);
                push(scope, NONE, List.of(Plain.I64));
            }
            case STREAM_READ, STREAM_WRITE, FUTURE_READ, FUTURE_WRITE -> copy(scope, builtin);
            case STREAM_CANCEL_READ, STREAM_CANCEL_WRITE, FUTURE_CANCEL_READ, FUTURE_CANCEL_WRITE -> {
                payload(scope, builtin);
                push(scope, ONE, ONE);
            }
            case STREAM_DROP_READABLE, STREAM_DROP_WRITABLE, FUTURE_DROP_READABLE, FUTURE_DROP_WRITABLE -> {
                payload(scope, builtin);
                push(scope, ONE, NONE);
            }
            case ERROR_CONTEXT_NEW -> {
                CanonOptions options = options(scope, builtin);
                options.requireMemory(pass, true);
                push(scope, List.of(options.pointer(), options.pointer()), ONE);
            }
            case ERROR_CONTEXT_DEBUG_MESSAGE -> {
                CanonOptions options = options(scope, builtin);
                options.requireRealloc(pass, true);
                push(scope, List.of(Plain.I32, options.pointer()), NONE);
            }
            case WAITABLE_SET_NEW, THREAD_YIELD, THREAD_INDEX, THREAD_SUSPEND -> push(scope, NONE, ONE);
            case WAITABLE_SET_WAIT, WAITABLE_SET_POLL -> {
                CoreExtern.Memory memory = CanonOptions.memory(scope, pass, index);
                push(scope, List.of(Plain.I32, memory.bounds().is64() ? Plain.I64 : Plain.I32), ONE);
            }
            case WAITABLE_JOIN -> push(scope, List.of(Plain.I32, Plain.I32), NONE);
            case THREAD_NEW_INDIRECT -> newThread(scope, builtin);
            case THREAD_SUSPEND_THEN_RESUME,
                    THREAD_YIELD_THEN_RESUME,
                    THREAD_SUSPEND_THEN_PROMOTE,
                    THREAD_YIELD_THEN_PROMOTE -> push(scope, ONE, ONE);
            case THREAD_SPAWN_REF, THREAD_SPAWN_INDIRECT, THREAD_AVAILABLE_PARALLELISM ->
                throw new UncheckedComponentException("`" + op.label() + "`", pass.offset());
        }
    }

    private void push(Scope scope, List<CoreValType> params, List<CoreValType> results)
            throws InvalidComponentException {
        scope.pushCoreFunc(pass.coreTypes.func(params, results));
    }

    private void gate(Canon.Builtin builtin) throws InvalidComponentException {
        String what = "`" + builtin.op().label() + "`";
        switch (builtin.op()) {
            case RESOURCE_NEW, RESOURCE_DROP, RESOURCE_REP -> {}
            case ERROR_CONTEXT_NEW, ERROR_CONTEXT_DEBUG_MESSAGE, ERROR_CONTEXT_DROP ->
                pass.require(Feature.ERROR_CONTEXT, what);
            case THREAD_INDEX,
                    THREAD_NEW_INDIRECT,
                    THREAD_RESUME_LATER,
                    THREAD_SUSPEND,
                    THREAD_SUSPEND_THEN_RESUME,
                    THREAD_YIELD_THEN_RESUME,
                    THREAD_SUSPEND_THEN_PROMOTE,
                    THREAD_YIELD_THEN_PROMOTE -> pass.require(Feature.THREADING, what);
            case THREAD_SPAWN_REF, THREAD_SPAWN_INDIRECT, THREAD_AVAILABLE_PARALLELISM -> {}
            case SUBTASK_CANCEL, STREAM_CANCEL_READ, STREAM_CANCEL_WRITE, FUTURE_CANCEL_READ, FUTURE_CANCEL_WRITE -> {
                pass.require(Feature.ASYNC, what);
                if (builtin.flag()) {
                    pass.require(Feature.MORE_ASYNC_BUILTINS, "an async " + what);
                }
            }
            case TASK_CANCEL,
                    TASK_RETURN,
                    CONTEXT_GET,
                    CONTEXT_SET,
                    THREAD_YIELD,
                    SUBTASK_DROP,
                    STREAM_NEW,
                    STREAM_READ,
                    STREAM_WRITE,
                    STREAM_DROP_READABLE,
                    STREAM_DROP_WRITABLE,
                    FUTURE_NEW,
                    FUTURE_READ,
                    FUTURE_WRITE,
                    FUTURE_DROP_READABLE,
                    FUTURE_DROP_WRITABLE,
                    WAITABLE_SET_NEW,
                    WAITABLE_SET_WAIT,
                    WAITABLE_SET_POLL,
                    WAITABLE_SET_DROP,
                    WAITABLE_JOIN,
                    BACKPRESSURE_INC,
                    BACKPRESSURE_DEC -> pass.require(Feature.ASYNC, what);
        }
    }

    private CanonOptions options(Scope scope, Canon.Builtin builtin)
            throws InvalidComponentException, UncheckedComponentException {
        CanonOptions options = CanonOptions.read(scope, pass, builtin.options());
        options.checkLowering(pass);
        if (options.gc() || options.coreType() != null) {
            throw new UncheckedComponentException("canonical option `gc` of a built-in", pass.offset());
        }
        return options;
    }

    private void taskReturn(Scope scope, Canon.Builtin builtin)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        ValType result = types.optional(scope, builtin.result());
        CanonOptions options = CanonOptions.read(scope, pass, builtin.options());
        String refused = options.realloc()
                ? "realloc"
                : options.postReturn() != null ? "post-return" : options.isAsync() ? "async" : null;
        if (refused != null) {
            throw pass.invalid("cannot specify `" + refused + "` option on `task.return`");
        }
        if (options.gc() || options.coreType() != null) {
            throw new UncheckedComponentException("canonical option `gc` of a built-in", pass.offset());
        }
        if (result != null && result.measure().borrows()) {
            throw pass.invalid("function result cannot contain a `borrow` type");
        }
        push(scope, canonicals.returned(result, options), NONE);
    }

    private CoreValType slot(Canon.Builtin builtin) throws InvalidComponentException {
        CoreValType type = builtin.slotType();
        String what = "`" + builtin.op().label() + "`";
        if (type == Plain.I64) {
            pass.require(Feature.MEMORY64, "64-bit " + what);
        } else if (type != Plain.I32) {
            throw pass.invalid(what + " only supports `i32` or `i64`");
        }
        if (builtin.second() > 1) {
            throw pass.invalid(what + " immediate must be zero or one: " + builtin.second());
        }
        if (builtin.second() == 1) {
            pass.require(Feature.THREADING, what + " with an immediate other than zero");
        }
        return type;
    }

    /** What a stream or future carries; refuses any other type. */
    private @Nullable ValType payload(Scope scope, Canon.Builtin builtin) throws InvalidComponentException {
        Shape shape = scope.definedType(builtin.index()).shape();
        boolean stream = builtin.op().label().startsWith("stream");
        if (stream && shape instanceof Shape.Stream s) {
            return s.element();
        }
        if (!stream && shape instanceof Shape.Future f) {
            return f.element();
        }
        throw pass.invalid("`" + builtin.op().label() + "` requires a " + (stream ? "stream" : "future") + " type");
    }

    private void copy(Scope scope, Canon.Builtin builtin)
            throws InvalidComponentException, UncheckedComponentException {
        ValType element = payload(scope, builtin);
        CanonOptions options = options(scope, builtin);
        if (!options.isAsync()) {
            pass.require(
                    Feature.MORE_ASYNC_BUILTINS,
                    "a synchronous `" + builtin.op().label() + "`");
        }
        boolean read = builtin.op() == BuiltinOp.STREAM_READ || builtin.op() == BuiltinOp.FUTURE_READ;
        options.requireMemory(pass, element != null);
        options.requireRealloc(
                pass, read && element != null && element.measure().pointers());
        boolean stream = builtin.op() == BuiltinOp.STREAM_READ || builtin.op() == BuiltinOp.STREAM_WRITE;
        push(
                scope,
                stream
                        ? List.of(Plain.I32, options.pointer(), options.pointer())
                        : List.of(Plain.I32, options.pointer()),
                List.of(Plain.I32));
    }

    private void newThread(Scope scope, Canon.Builtin builtin) throws InvalidComponentException {
        CoreTypeDef.Func type = pass.coreTypes.funcAt(scope.coreSubType(builtin.index()));
        if (type == null || !type.params().equals(ONE) || !type.results().isEmpty()) {
            throw pass.invalid("start function must take a single `i32` argument and return nothing");
        }
        CoreExtern.Table table = scope.coreTable(builtin.second());
        CoreValType functions = new CoreValType.Ref(true, CoreValType.AbstractHeap.FUNC);
        if (!pass.coreTypes.matches(table.element(), functions)) {
            throw pass.invalid("the table of `thread.new-indirect` must hold functions");
        }
        push(scope, List.of(table.bounds().is64() ? Plain.I64 : Plain.I32, Plain.I32), ONE);
    }
}

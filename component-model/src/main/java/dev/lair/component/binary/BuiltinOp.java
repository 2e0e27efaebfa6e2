package dev.lair.component.binary;

import org.jspecify.annotations.Nullable;

/** The built-in functions of the Canonical ABI with their opcodes and immediates (Binary.md, canon). */
public enum BuiltinOp {
    RESOURCE_NEW(0x02, "resource.new", Immediates.INDEX),
    RESOURCE_DROP(0x03, "resource.drop", Immediates.INDEX),
    RESOURCE_REP(0x04, "resource.rep", Immediates.INDEX),
    TASK_CANCEL(0x05, "task.cancel", Immediates.NONE),
    SUBTASK_CANCEL(0x06, "subtask.cancel", Immediates.FLAG),
    TASK_RETURN(0x09, "task.return", Immediates.RESULT_OPTIONS),
    CONTEXT_GET(0x0a, "context.get", Immediates.SLOT),
    CONTEXT_SET(0x0b, "context.set", Immediates.SLOT),
    THREAD_YIELD(0x0c, "thread.yield", Immediates.FLAG),
    SUBTASK_DROP(0x0d, "subtask.drop", Immediates.NONE),
    STREAM_NEW(0x0e, "stream.new", Immediates.INDEX),
    STREAM_READ(0x0f, "stream.read", Immediates.INDEX_OPTIONS),
    STREAM_WRITE(0x10, "stream.write", Immediates.INDEX_OPTIONS),
    STREAM_CANCEL_READ(0x11, "stream.cancel-read", Immediates.INDEX_FLAG),
    STREAM_CANCEL_WRITE(0x12, "stream.cancel-write", Immediates.INDEX_FLAG),
    STREAM_DROP_READABLE(0x13, "stream.drop-readable", Immediates.INDEX),
    STREAM_DROP_WRITABLE(0x14, "stream.drop-writable", Immediates.INDEX),
    FUTURE_NEW(0x15, "future.new", Immediates.INDEX),
    FUTURE_READ(0x16, "future.read", Immediates.INDEX_OPTIONS),
    FUTURE_WRITE(0x17, "future.write", Immediates.INDEX_OPTIONS),
    FUTURE_CANCEL_READ(0x18, "future.cancel-read", Immediates.INDEX_FLAG),
    FUTURE_CANCEL_WRITE(0x19, "future.cancel-write", Immediates.INDEX_FLAG),
    FUTURE_DROP_READABLE(0x1a, "future.drop-readable", Immediates.INDEX),
    FUTURE_DROP_WRITABLE(0x1b, "future.drop-writable", Immediates.INDEX),
    ERROR_CONTEXT_NEW(0x1c, "error-context.new", Immediates.OPTIONS),
    ERROR_CONTEXT_DEBUG_MESSAGE(0x1d, "error-context.debug-message", Immediates.OPTIONS),
    ERROR_CONTEXT_DROP(0x1e, "error-context.drop", Immediates.NONE),
    WAITABLE_SET_NEW(0x1f, "waitable-set.new", Immediates.NONE),
    WAITABLE_SET_WAIT(0x20, "waitable-set.wait", Immediates.FLAG_INDEX),
    WAITABLE_SET_POLL(0x21, "waitable-set.poll", Immediates.FLAG_INDEX),
    WAITABLE_SET_DROP(0x22, "waitable-set.drop", Immediates.NONE),
    WAITABLE_JOIN(0x23, "waitable.join", Immediates.NONE),
    BACKPRESSURE_INC(0x24, "backpressure.inc", Immediates.NONE),
    BACKPRESSURE_DEC(0x25, "backpressure.dec", Immediates.NONE),
    THREAD_INDEX(0x26, "thread.index", Immediates.NONE),
    THREAD_NEW_INDIRECT(0x27, "thread.new-indirect", Immediates.TWO_INDEXES),
    THREAD_RESUME_LATER(0x28, "thread.resume-later", Immediates.NONE),
    THREAD_SUSPEND(0x29, "thread.suspend", Immediates.FLAG),
    THREAD_SUSPEND_THEN_RESUME(0x2a, "thread.suspend-then-resume", Immediates.FLAG),
    THREAD_YIELD_THEN_RESUME(0x2b, "thread.yield-then-resume", Immediates.FLAG),
    THREAD_SUSPEND_THEN_PROMOTE(0x2c, "thread.suspend-then-promote", Immediates.FLAG),
    THREAD_YIELD_THEN_PROMOTE(0x2d, "thread.yield-then-promote", Immediates.FLAG),
    THREAD_SPAWN_REF(0x40, "thread.spawn-ref", Immediates.INDEX),
    THREAD_SPAWN_INDIRECT(0x41, "thread.spawn-indirect", Immediates.TWO_INDEXES),
    THREAD_AVAILABLE_PARALLELISM(0x42, "thread.available-parallelism", Immediates.NONE);

    /** What follows the opcode. */
    enum Immediates {
        NONE,
        FLAG,
        INDEX,
        TWO_INDEXES,
        INDEX_FLAG,
        FLAG_INDEX,
        OPTIONS,
        INDEX_OPTIONS,
        RESULT_OPTIONS,
        SLOT
    }

    private final int code;
    private final String label;
    private final Immediates immediates;

    BuiltinOp(int code, String label, Immediates immediates) {
        this.code = code;
        this.label = label;
        this.immediates = immediates;
    }

    int code() {
        return code;
    }

    Immediates immediates() {
        return immediates;
    }

    /** The name in the specification. */
    public String label() {
        return label;
    }

    static @Nullable BuiltinOp of(int code) {
        for (BuiltinOp op : values()) {
            if (op.code == code) {
                return op;
            }
        }
        return null;
    }
}

package dev.lair.server.settings;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Things that are opened one after the other: all are closed again, last first, unless the last step was reached. */
final class Opening implements AutoCloseable {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private boolean done;

    <T extends AutoCloseable> T add(T thing) {
        opened.push(thing);
        return thing;
    }

    /** From here on {@link #closeAll} is the caller's. */
    <T> T done(T result) {
        done = true;
        return result;
    }

    /** Closes all; one that fails does not keep the others open. */
    void closeAll() {
        RuntimeException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (RuntimeException e) {
                first = join(first, e);
            } catch (Exception e) {
                first = join(first, new IllegalStateException("closing failed", e));
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static RuntimeException join(@Nullable RuntimeException first, RuntimeException e) {
        if (first == null) {
            return e;
        }
        first.addSuppressed(e);
        return first;
    }

    @Override
    public void close() {
        if (!done) {
            closeAll();
        }
    }
}

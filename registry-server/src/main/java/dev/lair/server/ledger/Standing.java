package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.server.ledger.LedgerException.Unreachable;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Whether the ledger takes records: what its two threads tell each other and everybody else. */
final class Standing {

    private final AtomicReference<@Nullable Stopped> stopped = new AtomicReference<>();
    private final AtomicReference<@Nullable Stopped> closed = new AtomicReference<>();
    private volatile @Nullable Unreachable unreachable;

    /** Nothing is written or signed any more; the first reason stays. Answers it. */
    Stopped stop(Stopped why) {
        stopped.compareAndSet(null, why);
        Stopped first = stopped.get();
        return first == null ? why : first;
    }

    /** The server shuts down: nothing new is taken, what was committed may still be signed. */
    Stopped close() {
        Stopped why = new Stopped("the server is shutting down");
        closed.compareAndSet(null, why);
        return why;
    }

    /** The storage does not answer; {@link #reachable} ends that. */
    void unreachable(Unreachable why) {
        unreachable = why;
    }

    void reachable() {
        unreachable = null;
    }

    /** Why nothing is appended any more; empty while records are taken or will be again. */
    Optional<Stopped> ended() {
        Stopped fatal = stopped.get();
        return Optional.ofNullable(fatal == null ? closed.get() : fatal);
    }

    boolean hasStopped() {
        return stopped.get() != null;
    }

    /** Why nothing can be appended now, for good or for the moment. */
    Optional<LedgerException> failure() {
        Optional<Stopped> forGood = ended();
        return forGood.isPresent() ? Optional.of(forGood.get()) : Optional.ofNullable(unreachable);
    }
}

package dev.lair.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each write of each operation goes wrong in each way there is; then others act, and what was delayed arrives. Nobody
 * loses what they were told is there, and nothing stays for ever.
 */
class ContentMishapTest {

    private enum Mishap {
        /** The server never sees it, the client gives up. */
        LOST,
        /** The server carries it out, the client never learns. */
        UNANSWERED,
        /** The client gives up, the server carries it out when all others are done. */
        LATE,
        /** It is carried out and answered, and once more when all others are done. */
        TWICE,
        /** The process dies before it. */
        CRASH_BEFORE,
        /** The process dies behind it. */
        CRASH_BEHIND
    }

    /** A process that is no more. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Lets one write go wrong. */
    private static final class Misfortune implements HookedBucket.Hook {

        private final Mishap mishap;
        private final int at;
        private final List<HookedBucket.Sending<?>> late = new ArrayList<>();
        private int writes;
        private boolean crashed;

        Misfortune(Mishap mishap, int at) {
            this.mishap = mishap;
            this.at = at;
        }

        boolean happened() {
            return writes > at;
        }

        void arrive() {
            late.forEach(HookedBucket.Sending::send);
        }

        @Override
        public <T> T read(HookedBucket.Sending<T> request) {
            if (crashed) {
                throw new Crash();
            }
            return request.send();
        }

        @Override
        public <T> T write(HookedBucket.Sending<T> request) {
            if (crashed) {
                throw new Crash();
            }
            if (writes++ != at) {
                return request.send();
            }
            switch (mishap) {
                case LOST -> throw new StorageException("no answer");
                case UNANSWERED -> {
                    request.send();
                    throw new StorageException("no answer");
                }
                case LATE -> {
                    late.add(request);
                    throw new StorageException("no answer");
                }
                case TWICE -> {
                    late.add(request);
                    return request.send();
                }
                case CRASH_BEFORE -> crashed = true;
                case CRASH_BEHIND -> {
                    request.send();
                    crashed = true;
                }
            }
            throw new Crash();
        }
    }

    @FunctionalInterface
    private interface Setup {
        /** A race whose first party meets the mishap. */
        ContentRace make(ContentRace race) throws Exception;
    }

    private static final List<Setup> FIRST = List.of(
            ContentRace::putting,
            race -> race.withOldContent().putting(),
            race -> race.withDeletedContent().putting(),
            race -> race.withOldContent().touching(),
            race -> race.withDoubt().touching(),
            race -> race.withOldContent().deleting(),
            race -> race.withDoubt().deleting(),
            race -> race.withOldContent().sweeping());

    private static final List<Setup> THEN = List.of(
            race -> race,
            ContentRace::putting,
            ContentRace::touching,
            ContentRace::deleting,
            race -> race.deleting().putting(),
            race -> race.puttingAndDeletingOld(),
            race -> race.puttingAndDeletingOld().putting(),
            race -> race.puttingAndDeletingOld().puttingAndDeletingOld().touching(),
            race -> race.sweeping().putting());

    private Scratch scratch;

    @BeforeEach
    void openScratch(@TempDir Path folder) {
        scratch = Scratch.open(folder);
    }

    @Test
    void nothingIsLostWhateverRequestGoesWrongHow() throws Exception {
        Map<Mishap, Integer> tried = new EnumMap<>(Mishap.class);
        for (Mishap mishap : Mishap.values()) {
            for (int first = 0; first < FIRST.size(); first++) {
                for (int then = 0; then < THEN.size(); then++) {
                    int at = 0;
                    while (goesWrong(mishap, at, first, then)) {
                        tried.merge(mishap, 1, Integer::sum);
                        at++;
                    }
                }
            }
        }
        assertThat(tried).containsOnlyKeys(Mishap.values());
        assertThat(tried.values()).allMatch(count -> count >= 100);
    }

    /** False when the operation has no such write. */
    private boolean goesWrong(Mishap mishap, int at, int first, int then) throws Exception {
        String name = mishap + " at write " + at + " of operation " + first + ", then " + then;
        ContentRace race = FIRST.get(first).make(new ContentRace(scratch));
        THEN.get(then).make(race);
        Misfortune misfortune = new Misfortune(mishap, at);
        try {
            race.parties().getFirst().run(new HookedBucket(race.bucket(), misfortune));
        } catch (StorageException | Crash e) {
            // Its outcome is unknown to whoever asked.
        }
        if (!misfortune.happened()) {
            return false;
        }
        try {
            for (Orders.Party party : race.parties().subList(1, race.parties().size())) {
                party.run(race.bucket());
            }
            race.requireKept(race.node(race.bucket(), ContentRace.NOW));
            misfortune.arrive();
            race.requireKept(race.node(race.bucket(), ContentRace.NOW));
            race.requireStable(race.node(race.bucket(), ContentRace.NOW));
            race.requireKept(race.node(race.bucket(), ContentRace.NOW));
            race.requireCollectable();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(name, e);
        }
        return true;
    }
}

package dev.lair.storage.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs several parties against one bucket in a chosen order of their requests, one request at a time, and goes through
 * all orders that there are, or through many by chance. A party is ordinary code; it is stopped before each request.
 */
final class Orders {

    /** Something that happens in a world. */
    interface Party {
        void run(Bucket bucket) throws Exception;
    }

    /** A fresh start: a bucket, those who use it, and what has to be true when all have ended. */
    interface World {
        Bucket bucket();

        List<Party> parties();

        void check() throws Exception;
    }

    /** Picks who goes next, as an index into the numbers of those who still run. */
    private interface Choice {
        int among(List<Integer> running);
    }

    private Orders() {}

    /** Goes through all orders; answers how many there are. */
    static int all(Supplier<World> worlds) throws Exception {
        List<int[]> taken = new ArrayList<>();
        int orders = 0;
        do {
            int[] depth = {0};
            run(worlds.get(), running -> {
                if (depth[0] == taken.size()) {
                    taken.add(new int[] {0, running.size()});
                }
                return taken.get(depth[0]++)[0];
            });
            orders++;
        } while (advance(taken));
        return orders;
    }

    /** Turns to the next order: the last choice that has another alternative takes it. */
    private static boolean advance(List<int[]> taken) {
        while (!taken.isEmpty()) {
            int[] last = taken.getLast();
            if (++last[0] < last[1]) {
                return true;
            }
            taken.removeLast();
        }
        return false;
    }

    /** Goes through {@code count} orders by chance; a failure names the seed of its order. */
    static void some(int count, long seed, Supplier<World> worlds) throws Exception {
        for (int i = 0; i < count; i++) {
            Random random = new Random(seed + i);
            try {
                run(worlds.get(), running -> random.nextInt(running.size()));
            } catch (AssertionError e) {
                throw new AssertionError("in the order of seed " + (seed + i), e);
            }
        }
    }

    /**
     * Goes through one order.
     *
     * @param order the number of the party that makes the next request, one digit each; digits of parties that have ended
     *     are passed over, and behind the last the others run one by one
     */
    static void exactly(String order, World world) throws Exception {
        int[] at = {0};
        run(world, running -> {
            while (at[0] < order.length()) {
                int chosen = running.indexOf(order.charAt(at[0]++) - '0');
                if (chosen >= 0) {
                    return chosen;
                }
            }
            return 0;
        });
    }

    private static void run(World world, Choice choice) throws Exception {
        List<Runner> runners = new ArrayList<>();
        StringBuilder order = new StringBuilder();
        for (Party party : world.parties()) {
            runners.add(new Runner(world.bucket(), party));
        }
        try {
            List<Integer> running = new ArrayList<>();
            for (int i = 0; i < runners.size(); i++) {
                if (!runners.get(i).ended) {
                    running.add(i);
                }
            }
            while (!running.isEmpty()) {
                int chosen = choice.among(running);
                int next = running.get(chosen);
                order.append(next);
                if (!runners.get(next).step()) {
                    running.remove(chosen);
                }
            }
            for (Runner runner : runners) {
                runner.rethrow();
            }
            world.check();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("in the order " + order, e);
        }
    }

    /** One party's thread. It moves only inside {@link #step}. */
    private static final class Runner implements HookedBucket.Hook {

        private final Semaphore go = new Semaphore(0);
        private final Semaphore stopped = new Semaphore(0);
        private volatile boolean ended;
        private volatile @Nullable Throwable failure;

        Runner(Bucket bucket, Party party) {
            Thread.ofVirtual().start(() -> {
                go.acquireUninterruptibly();
                try {
                    party.run(new HookedBucket(bucket, this));
                } catch (Throwable e) {
                    failure = e;
                }
                ended = true;
                stopped.release();
            });
            // Up to its first request nobody can see what it does.
            step();
        }

        /** Lets the next request happen and all until the one after; false when the party has ended. */
        boolean step() {
            go.release();
            stopped.acquireUninterruptibly();
            return !ended;
        }

        void rethrow() {
            if (failure != null) {
                throw new AssertionError("a party failed", failure);
            }
        }

        @Override
        public <T> T read(HookedBucket.Sending<T> request) {
            return write(request);
        }

        @Override
        public <T> T write(HookedBucket.Sending<T> request) {
            stopped.release();
            go.acquireUninterruptibly();
            return request.send();
        }
    }
}

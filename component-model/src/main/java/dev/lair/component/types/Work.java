package dev.lair.component.types;

/** Counts the steps of work for one binary and ends it at a limit: a step visits one node of a type. */
public final class Work {
    private final long limit;
    private long steps;

    public Work(long limit) {
        this.limit = limit;
    }

    /** Steps taken so far. */
    public long steps() {
        return steps;
    }

    /** Takes one step. */
    public void step() throws TypeException {
        steps(1);
    }

    /** Takes as many steps. */
    public void steps(int count) throws TypeException {
        steps += count;
        if (steps > limit) {
            throw new TypeException("the types take more than " + limit + " steps to check");
        }
    }
}

package dev.lair.cli.report;

/** Told what happens while a command works. Implementations print, collect or ignore; they never fail. */
public interface Reporter {

    /** Something was established. */
    void found(Finding finding);

    /** Something the person should know although the command goes on. */
    void warn(String message);

    /**
     * Long work begins.
     *
     * @param total units of the whole, bytes or records; -1 when unknown
     */
    Progress start(String task, long total, Unit unit);

    /** This reporter without {@link #found}: for what is established again and again. */
    default Reporter withoutFindings() {
        Reporter all = this;
        return new Reporter() {
            @Override
            public void found(Finding finding) {
                // Said before.
            }

            @Override
            public void warn(String message) {
                all.warn(message);
            }

            @Override
            public Progress start(String task, long total, Unit unit) {
                return all.start(task, total, unit);
            }
        };
    }

    /** What progress counts. */
    enum Unit {
        BYTES,
        RECORDS
    }

    /** Long work; closing it removes it from view. */
    interface Progress extends AutoCloseable {

        /** So many units more are done. */
        void advance(long units);

        @Override
        void close();
    }
}

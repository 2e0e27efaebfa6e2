package dev.lair.cli.report;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar on one line of a terminal, wiped when the work is done. The width is told from outside: the library's
 * own way to ask the terminal loads native code.
 */
final class ProgressLine implements Reporter.Progress {

    private static final int UPDATE_MILLIS = 200;
    private static final long MIB = 1 << 20;

    private final ProgressBar bar;

    ProgressLine(PrintStream err, int columns, String task, long total, Reporter.Unit unit) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setStyle(ProgressBarStyle.ASCII)
                .clearDisplayOnFinish()
                .setConsumer(new Line(err, columns));
        this.bar = (unit == Reporter.Unit.BYTES ? builder.setUnit(" MiB", MIB).showSpeed() : builder).build();
    }

    @Override
    public void advance(long units) {
        bar.stepBy(units);
    }

    @Override
    public void close() {
        bar.close();
    }

    private record Line(PrintStream err, int columns) implements ProgressBarConsumer {

        @Override
        public int getMaxRenderedLength() {
            return columns - 1;
        }

        @Override
        public void accept(String rendered) {
            err.print('\r' + rendered);
            err.flush();
        }

        @Override
        public void clear() {
            err.print('\r' + " ".repeat(columns - 1) + '\r');
            err.flush();
        }

        @Override
        public void close() {
            err.flush();
        }
    }
}

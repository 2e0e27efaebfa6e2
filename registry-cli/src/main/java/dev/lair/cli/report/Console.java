package dev.lair.cli.report;

import dev.lair.registry.warg.WargJson;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The one place that prints. Results go to standard output, everything else to standard error; with {@code --json}
 * standard output carries exactly one JSON object. Registries and files get no say over the terminal: control characters
 * in any line are shown as {@code �}. Secrets of registries are masked in all that is printed.
 */
public final class Console implements Reporter {

    /** How much to say and to whom. */
    public record Mode(boolean json, boolean quiet, boolean debug, boolean terminal, int columns) {}

    /** Tokens of registries, and what has the form of identity tokens; the first part says what it was. */
    private static final Pattern SECRET = Pattern.compile(
            "(lair_[a-z]+_)[0-9A-Za-z]{36}|(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private final PrintStream out;
    private final PrintStream err;
    private final Mode mode;
    private final List<Finding> findings = new ArrayList<>();
    private boolean stepsAreResults;

    public Console(PrintStream out, PrintStream err, Mode mode) {
        this.out = out;
        this.err = err;
        this.mode = mode;
    }

    /** From now on each finding is a line of the result, not just first use. */
    public void showSteps() {
        stepsAreResults = true;
    }

    /** A line of the result for people; JSON output leaves it out. */
    public void result(String line) {
        if (!mode.json()) {
            out.println(printable(line));
        }
    }

    /** The result for programs: an object whose members are {@code members}; printed with {@code --json} only. */
    public void json(Map<String, ?> members) {
        if (mode.json()) {
            out.println(masked(new String(WargJson.write(members), StandardCharsets.UTF_8)));
        }
    }

    /** Text of several lines as the result; tabs and the joiners of scripts stay, so that it reads back as it was. */
    public void text(String text) {
        if (!mode.json()) {
            out.print(harmless(text));
            out.flush();
        }
    }

    /** Whether {@link #json} prints. */
    public boolean isJson() {
        return mode.json();
    }

    /** Standard output itself, for content. */
    public OutputStream content() {
        return out;
    }

    /** What was found so far, for JSON results. */
    public List<Map<String, String>> findings() {
        return findings.stream()
                .map(finding -> (Map<String, String>)
                        new TreeMap<>(Map.of("strength", finding.strength().label(), "text", finding.text())))
                .toList();
    }

    @Override
    public void found(Finding finding) {
        findings.add(finding);
        boolean firstUse = finding.strength() == Finding.Strength.TRUSTED;
        if (mode.quiet() || !(stepsAreResults || firstUse)) {
            return;
        }
        String line = printable(String.format("%-8s %s", finding.strength().label(), finding.text()));
        (stepsAreResults && !mode.json() ? out : err).println(line);
    }

    @Override
    public void warn(String message) {
        err.println(printable("warning: " + message));
    }

    /** What a person has to know to go on, whatever the mode. */
    public void tell(String message) {
        err.println(printable(message));
    }

    /** What a command decided by itself; quiet leaves it out. */
    public void note(String message) {
        if (!mode.quiet()) {
            tell(message);
        }
    }

    /** The end of a command that failed. */
    public void fault(Fault fault) {
        err.println(printable("error: " + fault.text()));
        fault.excerpt().ifPresent(excerpt -> excerpt.lines().forEach(line -> err.println(sourceLine(line))));
        fault.hint().ifPresent(hint -> err.println(printable("hint: " + hint)));
        Map<String, Object> members = new TreeMap<>();
        members.put("error", fault.text());
        members.put("exitCode", fault.code().number());
        members.put("kind", fault.code().label());
        fault.hint().ifPresent(hint -> members.put("hint", hint));
        fault.excerpt().ifPresent(excerpt -> {
            members.put("excerpt", excerpt.lines());
            if (excerpt.line() > 0) {
                members.put("file", excerpt.file());
                members.put("line", excerpt.line());
                members.put("column", excerpt.column());
            }
        });
        json(members);
        debug(fault);
    }

    /** Where a fault comes from; printed with {@code --debug} only. */
    private void debug(Throwable fault) {
        if (mode.debug()) {
            StringWriter trace = new StringWriter();
            fault.printStackTrace(new PrintWriter(trace, true));
            err.print(masked(trace.toString()));
            err.flush();
        }
    }

    /** A question on the terminal, without line end. */
    public void ask(String question) {
        err.print(printable(question) + " ");
        err.flush();
    }

    @Override
    public Progress start(String task, long total, Unit unit) {
        if (mode.quiet() || !mode.terminal()) {
            return NO_PROGRESS;
        }
        return new ProgressLine(err, mode.columns(), printable(task), total, unit);
    }

    private static final Progress NO_PROGRESS = new Progress() {
        @Override
        public void advance(long units) {
            // Nobody watches.
        }

        @Override
        public void close() {
            // Nothing is shown.
        }
    };

    /** A line of a source text with its tabs as single spaces, so that a caret below stands where it should. */
    private static String sourceLine(String line) {
        return printable(line.replace('\t', ' '));
    }

    /** A text in which a terminal obeys line ends and tabs only, and reads in the order in which it is written. */
    static String harmless(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c != '\n' && c != '\t' && obeyed(c) && !isJoiner(c) ? '\uFFFD' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    /** Zero-width joiner and non-joiner, by which scripts and emoji are written. */
    private static boolean isJoiner(int codePoint) {
        return codePoint == 0x200C || codePoint == 0x200D;
    }

    /** One line without anything that a terminal would obey: control characters and direction marks. */
    static String printable(String line) {
        StringBuilder shown = new StringBuilder(line.length());
        masked(line).codePoints().map(c -> obeyed(c) ? '\uFFFD' : c).forEach(shown::appendCodePoint);
        return shown.toString();
    }

    /** A text without secrets: a registry may repeat what it was sent, and output ends in logs. */
    private static String masked(String text) {
        return SECRET.matcher(text).replaceAll("$1***");
    }

    private static boolean obeyed(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}

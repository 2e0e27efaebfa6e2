package dev.lair.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code fsck} of the server jar, which derives everything again from what is stored. */
final class Fsck {

    /** The exit code when something is not as it should be. */
    static final int DIFFERENCE = 4;

    private static final Duration ENDS_WITHIN = Duration.ofSeconds(120);
    private static final Pattern CHECKED = Pattern.compile(
            "checked (\\d+) leaves of (\\d+) packages, (\\d+) checkpoints,"
                    + " (\\d+) bytes of contents, (\\d+) evidence entries, \\d+ archived tiles and bundles: no difference");

    private Fsck() {}

    /** What it went through. */
    record Counts(long leaves, long packages, long checkpoints, long contentBytes, long evidenceEntries) {}

    /** Runs it over what these settings and this data folder name. */
    static Command.Result run(Path work, Path data, Map<String, String> settings) throws Exception {
        return command("fsck", work, data, settings, List.of());
    }

    /** Runs a command of the server jar over a storage that no server needs to have open. */
    static Command.Result command(String name, Path work, Path data, Map<String, String> settings, List<String> more)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of(name, "--data", data.toString()));
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        arguments.addAll(more);
        return Command.server(work, arguments).within(ENDS_WITHIN).run();
    }

    /** Nothing is wrong; answers what was checked. */
    static Counts requireClean(Path work, Path data, Map<String, String> settings) throws Exception {
        Command.Result result = run(work, data, settings).succeeded();
        Matcher checked = CHECKED.matcher(result.out());
        if (!checked.find()) {
            throw new AssertionError("no counts: " + result);
        }
        return new Counts(
                Long.parseLong(checked.group(1)),
                Long.parseLong(checked.group(2)),
                Long.parseLong(checked.group(3)),
                Long.parseLong(checked.group(4)),
                Long.parseLong(checked.group(5)));
    }
}

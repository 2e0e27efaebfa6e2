package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./lair quickstart}, as README tells people to start. {@code LAIR_E2E_QUICKSTART=0} leaves it out. */
class QuickstartIT {

    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final Pattern FOLDER = Pattern.compile("Everything is in (\\S+)");

    @TempDir
    Path work;

    @Test
    void quickstartEndsWellNamesItsFolderAndPrintsCurlLinesToTry() throws Exception {
        assumeFalse("0".equals(System.getenv("LAIR_E2E_QUICKSTART")), "SKIPPED: LAIR_E2E_QUICKSTART is 0");
        Path lair = Checkout.root().resolve("lair");
        assumeTrue(Files.isExecutable(lair), "SKIPPED: there is no ./lair in " + Checkout.root());

        Command.Result result = Command.of(Checkout.root(), List.of(lair.toString(), "quickstart"))
                .with("TMPDIR", work.toString())
                // The build that runs this test has just made the jars.
                .with("LAIR_BUILT", "1")
                .within(WITHIN)
                .run()
                .succeeded();

        Matcher folder = FOLDER.matcher(result.out());
        assertThat(folder.find()).as(result.toString()).isTrue();
        assertThat(Path.of(folder.group(1))).isDirectory().startsWith(work);
        assertThat(Path.of(folder.group(1)).resolve("registry/ledger.db")).exists();
        assertThat(result.out().substring(folder.end()))
                .containsPattern("curl \\S* ?http://127\\.0\\.0\\.1:\\d+/v1/fetch/checkpoint")
                .contains("/content/sha256-");
        assertThat(result.out())
                .contains("published  example:greeter")
                .contains("pulled     example:greeter")
                .contains("proven")
                .contains("consistency");
    }
}

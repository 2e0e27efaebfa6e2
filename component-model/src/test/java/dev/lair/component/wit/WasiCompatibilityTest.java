package dev.lair.component.wit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.Blessed;
import dev.lair.component.Workspace;
import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.CompatibilityCheck;
import dev.lair.component.compat.Difference;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.WitResolver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Each WASI 0.2 package against the next release of it. The table of all pairs, with every breaking difference, is a file
 * of the tests. Paths of source files are left out of it, as they depend on where the corpus lies.
 */
class WasiCompatibilityTest {
    @Test
    void consecutiveReleasesHaveTheVerdictsOfTheTable() throws Exception {
        Path wit = Workspace.corpus("").resolveSibling("wit");
        List<Path> releases = WitFolder.entries(wit).stream()
                .filter(Files::isDirectory)
                .filter(folder -> SemanticVersion.tryParse(folder.getFileName().toString())
                        .filter(version -> version.track().equals("0.2"))
                        .isPresent())
                .sorted(Comparator.comparing(
                        folder -> SemanticVersion.parse(folder.getFileName().toString())))
                .toList();
        StringBuilder table = new StringBuilder();
        int pairs = 0;
        for (int i = 1; i < releases.size(); i++) {
            for (Path main : WitFolder.entries(releases.get(i))) {
                Path before = releases.get(i - 1).resolve(main.getFileName().toString());
                if (Files.isDirectory(before)) {
                    Compatibility verdict = CompatibilityCheck.packages(
                            resolve(releases.get(i - 1), before), resolve(releases.get(i), main));
                    line(table, verdict);
                    pairs++;
                }
            }
        }
        assertThat(pairs).isGreaterThan(70);
        Blessed.check(Blessed.resources("compat").resolve("wasi-0.2.txt"), table.toString());
    }

    private static void line(StringBuilder table, Compatibility verdict) {
        table.append(verdict.summary()).append('\n');
        for (Difference difference : verdict.differences()) {
            if (!(difference instanceof Difference.Moved)) {
                String owner =
                        difference.spot().owner() + " " + difference.spot().item();
                table.append("    ")
                        .append(difference.breaks().isEmpty() ? "" : "BREAKS " + difference.breaks() + " ")
                        .append(owner.strip())
                        .append(": ")
                        .append(difference.message())
                        .append('\n');
            }
        }
    }

    /** A package among the others of its release. http 0.2.3 stands in the release 0.2.4 and names 0.2.3 packages. */
    private static Resolved resolve(Path release, Path main) throws WitException {
        WitResolver resolver = new WitResolver(Features.ALL);
        boolean exception = release.endsWith("0.2.4") && main.endsWith("http");
        Path others = exception ? release.resolveSibling("0.2.3") : release;
        for (Path other : WitFolder.entries(others)) {
            boolean named = other.getFileName().equals(main.getFileName());
            if (!named && !other.endsWith("0.2.4/http")) {
                resolver.with(WitFolder.group(other));
            }
        }
        return resolver.resolve(WitFolder.group(main));
    }
}

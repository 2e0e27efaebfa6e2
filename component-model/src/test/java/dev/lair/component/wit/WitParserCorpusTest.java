package dev.lair.component.wit;

import dev.lair.component.Workspace;
import dev.lair.component.wit.resolve.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The cases of wit-parser's own suite: what it rejects we reject for the same reason. That what it accepts resolves to the
 * same packages is judged by `lair conformance`, whose test has the exceptions.
 */
class WitParserCorpusTest {
    /** The one feature that the peer's test run activates. */
    private static final Features FEATURES = Features.of("active");

    private static final Pattern PLACE = Pattern.compile("--> [^\n]*?:(\\d+):\\d+\n");

    @Test
    void invalidTextsAreRejectedAtTheSameLineWithTheSameMessage() throws IOException {
        Path invalid = Workspace.corpus("wit-parser-ui").resolve("invalid");
        Agreement agreement = new Agreement("wit-parser-ui/invalid");
        for (Path result : WitFolder.entries(invalid)) {
            String file = result.getFileName().toString();
            if (!file.endsWith(".result")) {
                continue;
            }
            String name = file.replace(".wit.result", "");
            Path text =
                    Files.isDirectory(invalid.resolve(name)) ? invalid.resolve(name) : invalid.resolve(name + ".wit");
            try {
                Resolved resolved = WitFolder.resolve(text, FEATURES);
                agreement.differ(name, name + " is accepted: " + resolved);
            } catch (WitException rejected) {
                String expected = Files.readString(result);
                String how = difference(expected, rejected);
                if (how.isEmpty()) {
                    agreement.agree();
                } else {
                    agreement.differ(name, name + how + "\nwant " + expected + "\ngot  " + rejected.rendered());
                }
            }
        }
        agreement.check(Set.of());
    }

    private static String difference(String expected, WitException rejected) {
        Matcher place = PLACE.matcher(expected);
        if (place.find()) {
            if (rejected.place().line() != Integer.parseInt(place.group(1))) {
                return " is rejected elsewhere";
            }
        }
        String message =
                String.valueOf(rejected.getMessage()).lines().findFirst().orElse("");
        return expected.contains(message) ? "" : " has another message";
    }
}

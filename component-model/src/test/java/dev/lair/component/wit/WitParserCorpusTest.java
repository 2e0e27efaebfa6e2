package dev.lair.component.wit;

import dev.lair.component.Workspace;
import dev.lair.component.wit.resolve.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

/** The cases of wit-parser's own suite: what it accepts we resolve to the same model, what it rejects we do too. */
class WitParserCorpusTest {
    /** The one feature that the peer's test run activates. */
    private static final Features FEATURES = Features.of("active");

    private static final Pattern PLACE = Pattern.compile("--> [^\n]*?:(\\d+):\\d+\n");

    @Test
    void validTextsResolveToTheSamePackages() throws IOException {
        Path valid = Workspace.corpus("wit-parser-ui").resolve("valid");
        Agreement agreement = new Agreement("wit-parser-ui/valid");
        for (Path json : WitFolder.entries(valid)) {
            if (!json.toString().endsWith(".json")) {
                continue;
            }
            String name = json.getFileName().toString().replace(".wit.json", "");
            Path text = Files.isDirectory(valid.resolve(name)) ? valid.resolve(name) : valid.resolve(name + ".wit");
            try {
                Resolved resolved = WitFolder.resolve(text, FEATURES);
                List<WitPackage> expected = WitParserJson.read(new ObjectMapper().readTree(Files.readString(json)));
                if (resolved.packages().equals(expected)) {
                    agreement.agree();
                } else {
                    agreement.differ(name, name + "\nwant " + expected + "\ngot  " + resolved.packages());
                }
            } catch (WitException rejected) {
                agreement.differ(name, name + ": " + rejected.rendered());
            }
        }
        agreement.check(Set.of("kinds-of-deps"));
    }

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

package dev.lair.cli.conformance;

import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitPackage;
import dev.lair.component.wit.resolve.Features;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts of {@code wit-parser-ui}: those in {@code valid} resolve to the packages of their JSON, those in {@code invalid}
 * are refused at the line of their {@code .result}, where it tells one.
 */
final class Texts {
    /** The one feature that is on where the expectations were made. */
    private static final Features FEATURES = Features.of("active");

    private static final Pattern PLACE = Pattern.compile("--> [^\n]*?:(\\d+):\\d+\n");

    private Texts() {}

    static List<Part> judge(Path folder) throws Fault {
        List<Part> parts = new ArrayList<>();
        if (Files.isDirectory(folder.resolve("valid"))) {
            parts.add(valid(folder.resolve("valid")));
        }
        if (Files.isDirectory(folder.resolve("invalid"))) {
            parts.add(invalid(folder.resolve("invalid")));
        }
        return parts;
    }

    private static Part valid(Path folder) throws Fault {
        Tally tally = new Tally("wit-parser-ui/valid");
        for (Path expected : ending(folder, ".wit.json")) {
            String name = name(expected, ".wit.json");
            try {
                Resolved ours = new WitFiles(folder, FEATURES).resolveText(relative(folder, name));
                List<WitPackage> theirs = ResolvedJson.read(CorpusFiles.json(expected));
                if (ours.packages().equals(theirs)) {
                    tally.agree();
                } else {
                    tally.differ(name, "resolves to another package: " + ours);
                }
            } catch (WitException refused) {
                tally.differ(name, "is refused: " + firstLine(refused));
            } catch (Fault unreadable) {
                tally.differ(name, "cannot be read: " + unreadable.text());
            }
        }
        return tally.part();
    }

    private static Part invalid(Path folder) throws Fault {
        Tally tally = new Tally("wit-parser-ui/invalid");
        for (Path expected : ending(folder, ".wit.result")) {
            String name = name(expected, ".wit.result");
            try {
                Resolved ours = new WitFiles(folder, FEATURES).resolveText(relative(folder, name));
                tally.differ(name, "is accepted: " + ours);
            } catch (WitException refused) {
                Matcher place = PLACE.matcher(CorpusFiles.text(expected));
                if (place.find() && refused.place().line() != Integer.parseInt(place.group(1))) {
                    tally.differ(
                            name,
                            "is refused at line " + refused.place().line() + " instead of " + place.group(1) + ": "
                                    + firstLine(refused));
                } else {
                    tally.agree();
                }
            }
        }
        return tally.part();
    }

    private static List<Path> ending(Path folder, String ending) throws Fault {
        return CorpusFiles.in(folder).stream()
                .filter(file -> file.toString().endsWith(ending))
                .toList();
    }

    private static String name(Path expected, String ending) {
        String file = String.valueOf(expected.getFileName());
        return file.substring(0, file.length() - ending.length());
    }

    private static Path relative(Path folder, String name) {
        return folder.relativize(CorpusFiles.texts(folder, name));
    }

    static String firstLine(WitException refused) {
        return String.valueOf(refused.getMessage()).lines().findFirst().orElse("no reason given");
    }
}

package dev.lair.cli.conformance;

import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Texts of {@code wit-misc/cli} whose first line says that all which is asked for is to print them. */
final class Printing {
    private static final String PRINT = "// RUN: component wit %";
    private static final String PRINT_ALL = "// RUN: component wit --all-features %";

    private Printing() {}

    static List<Part> judge(Path folder) throws Fault {
        Path texts = folder.resolve("cli");
        Tally tally = new Tally("wit-misc/cli/print");
        if (!Files.isDirectory(texts)) {
            return List.of();
        }
        for (Path text : CorpusFiles.below(texts, ".wit")) {
            String name = String.valueOf(text.getFileName());
            Path expected = texts.resolve(name + ".stdout");
            String first = CorpusFiles.text(text).lines().findFirst().orElse("");
            if (Files.exists(expected) && (first.equals(PRINT) || first.equals(PRINT_ALL))) {
                try {
                    Features features = first.equals(PRINT_ALL) ? Features.ALL : Features.NONE;
                    String printed =
                            WitPrinter.print(new WitFiles(texts, features).resolveText(texts.relativize(text)));
                    // The expectations were written with slashes for backslashes.
                    tally.compare(name, printed.replace('\\', '/'), CorpusFiles.text(expected));
                } catch (WitException refused) {
                    tally.differ(name, "is refused: " + Texts.firstLine(refused));
                }
            }
        }
        return List.of(tally.part());
    }
}
